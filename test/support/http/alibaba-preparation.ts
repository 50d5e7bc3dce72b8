/**
 * Requests that are acted upon: about an instance of their own, which is brought into the state that the action needs, with the ids of
 * what belongs to it.
 */
import type { Store } from '../../../src/store/port.ts'
import { beginBackup, type BackupPolicy } from '../../../src/domain/backup.ts'
import { advance, recordIncident, type Cluster } from '../../../src/domain/cluster/cluster.ts'
import { instanceExtension } from '../../../src/dialect/alibaba/starrocks/instance/extension.ts'
import { accessOf } from '../../../src/dialect/alibaba/starrocks/instance/access.ts'
import { newestMinorOf } from '../../../src/dialect/alibaba/catalogue/version.ts'
import { billingInstances } from '../../../src/dialect/alibaba/starrocks/order/billing-instance.ts'
import { alibabaClient } from './alibaba-client.ts'
import { completeRequests, type Parameters } from './alibaba-request.ts'

/** A server in this process. */
export interface Preparing {
  readonly port: number
  readonly store: Store
  settle(): Promise<void>
}

/** What is wrong with `id` for the action is corrected first; the instance runs. */
export async function preparedRequest(
  cloud: Preparing,
  action: string,
  id: string,
): Promise<Parameters> {
  await preparations[action]?.(cloud, id)
  const instance = await documentOf(cloud, id)
  const [compute, further] = instance.spec.groups.filter(({ role }) => role === 'cn')
  const found = { NodeGroupId: compute?.id, node: compute?.nodes[0]?.id, further: further?.id }
  const rule = await ruleOf(cloud, compute?.id ?? '')
  const complete = completeRequests(id, { ...found, rule })[action] ?? {}
  const flow = await configurationOf(cloud, id)
  const ids = billingInstances(instance).map((each) => each.id)
  return Object.fromEntries(
    Object.entries(complete).map(([name, value]) => [
      name,
      /^billingInstanceIds$/i.test(name)
        ? ids.join(',')
        : name === 'GatewayId'
          ? accessOf(instance).gateways.at(-1)?.id
          : name === 'ConfigHistoryId'
            ? (flow ?? value)
            : name === 'EventId'
              ? (instance.status.incidents?.at(-1)?.id ?? value)
              : value,
    ]),
  )
}

type Prepare = (cloud: Preparing, id: string) => Promise<void>

async function addGroup(cloud: Preparing, id: string): Promise<void> {
  await alibabaClient(cloud.port)('CreateNodeGroup', { body: { instanceId: id } })
  await cloud.settle()
}

async function addRule(cloud: Preparing, id: string): Promise<void> {
  const instance = await documentOf(cloud, id)
  const NodeGroupId = instance.spec.groups.find(({ role }) => role === 'cn')?.id
  const body = completeRequests(id, { NodeGroupId })['CreateScalingRule'] ?? {}
  await alibabaClient(cloud.port)('CreateScalingRule', { body })
}

/** Items that requests delete have values of their own. */
async function configure(cloud: Preparing, InstanceId: string): Promise<void> {
  const configType = 'FE'
  const configsToUpdate = [
    { configType, configKey: 'enable_materialized_view', configValue: 'false' },
    { configType, configKey: 'max_running_txn_num_per_db', configValue: '10' },
  ]
  const query = { InstanceId, Reason: 'prepared' }
  await alibabaClient(cloud.port)('ModifyInstanceConfig', { query, body: { configsToUpdate } })
  await cloud.settle()
}

/** The number by which the latest change of its configuration is known. */
async function configurationOf({ store }: Preparing, parent: string): Promise<number | undefined> {
  const listing = { account: undefined, parent, order: 'newest', limit: 1, offset: 0 } as const
  const { rows } = await store.read((tx) =>
    tx.list('operation', { ...listing, verbs: ['configure'] }),
  )
  return rows[0]?.document.flow
}

/** What a request of another action brings about. */
const after =
  (action: string): Prepare =>
  async (cloud, id) => {
    await alibabaClient(cloud.port)(action, { body: completeRequests(id)[action] ?? {} })
    await cloud.settle()
  }

const preparations: Readonly<Record<string, Prepare>> = {
  DeleteGateway: after('AddGateway'),
  DeleteInnerIpWhitelistGroup: after('UpdateInnerIpWhitelistGroup'),
  DeleteScalingRule: addRule,
  DisableSSLConnection: after('EnableSSLConnection'),
  ModifyInstanceConfig: configure,
  ModifyInstanceConfigPreCheck: configure,
  ModifyScalingRule: addRule,
  AddBackupPolicy: keepOwnData,
  UpdateBackupPolicy: backUp,
  DeleteBackupPolicy: backUp,
  UpdateBackup: backUp,
  DeleteBackup: backUp,
  RestoreInstance: backUp,
  RollbackConfigModification: configure,
  QueryRefundPrice: subscribe,
  QueryRenewPrice: subscribe,
  RebootECS: failNode,
  ReleaseNodeGroup: addGroup,
  RenewInstance: subscribe,
  ResumeInstance: suspend,
  TogglePublicSlb: after('AddGateway'),
  UpdateGateway: after('AddGateway'),
  UpgradeVersion: runOlder,
}

/** As if the process of a node had ended by itself. */
async function failNode({ store }: Preparing, id: string): Promise<void> {
  await store.write(async (tx) => {
    const found = await tx.findById('cluster', id)
    if (!found) throw new Error(`${id} is not in the store`)
    const node = found.document.spec.groups[0]?.nodes[0]?.id ?? ''
    const atMs = found.document.createdMs
    const incident = { kind: 'node-ended', node, reason: 'it ended', atMs } as const
    await tx.save('cluster', found, recordIncident(found.document, incident))
  })
}

/** As in arrears that were paid a moment ago: no other instance of the account is concerned. */
async function suspend({ store }: Preparing, id: string): Promise<void> {
  await store.write(async (tx) => {
    const found = await tx.findById('cluster', id)
    if (!found) throw new Error(`${id} is not in the store`)
    const stopped = advance(found.document, 'suspend', { nowMs: 0, reason: 'in arrears' })
    const stop = { why: 'overdue', releaseMs: Number.MAX_SAFE_INTEGER } as const
    await tx.save('cluster', found, { ...stopped, charge: { ...stopped.charge, stop } })
  })
}

/** As one whose data are not in object storage. */
async function keepOwnData({ store }: Preparing, id: string): Promise<void> {
  await store.write(async (tx) => {
    const found = await tx.findById('cluster', id)
    if (!found) throw new Error(`${id} is not in the store`)
    const was = instanceExtension(found.document)
    const extension = { ...was, runMode: 'shared_nothing', multiZone: false }
    await tx.save('cluster', found, { ...found.document, extension })
  })
}

/** With a policy and a backup that is complete once all is settled, under the ids that the requests name. */
async function backUp(cloud: Preparing, id: string): Promise<void> {
  await keepOwnData(cloud, id)
  const cluster = await documentOf(cloud, id)
  const { account, region, product, createdMs: nowMs } = cluster
  const policy: BackupPolicy = {
    id: `bk-policy-${id}`,
    account,
    region,
    product,
    cluster: id,
    createdMs: nowMs,
    recurrence: {
      every: 'week',
      interval: 1,
      days: [1],
      from: { year: 2026, month: 1, day: 1 },
      time: { hour: 2, minute: 30, second: 0 },
      offsetMs: 8 * 3_600_000,
    },
    expireDays: 365,
    timeoutSeconds: 3600,
    nextMs: Number.MAX_SAFE_INTEGER,
  }
  const begun = beginBackup(policy, cluster, { id: `bt-${id}`, operation: '', nowMs })
  await cloud.store.write(async (tx) => {
    await tx.insert('backupPolicy', policy, nowMs)
    await tx.insert('backup', begun, nowMs)
    await tx.enqueue('backup', begun.id, nowMs)
  })
  await cloud.settle()
}

async function subscribe(cloud: Preparing, id: string): Promise<void> {
  const query = { InstanceId: id, PricingCycle: 'Month', Duration: '1' }
  await alibabaClient(cloud.port)('ModifyChargeType', { query })
}

async function ruleOf({ store }: Preparing, parent: string): Promise<string | undefined> {
  const listing = { account: undefined, parent, order: 'newest', limit: 1, offset: 0 } as const
  const { rows } = await store.read((tx) => tx.list('scalingRule', listing))
  return rows[0]?.document.id
}

async function documentOf({ store }: Preparing, id: string): Promise<Cluster> {
  const found = await store.read((tx) => tx.findById('cluster', id))
  if (!found) throw new Error(`${id} is not in the store`)
  return found.document
}

/** As one that was created when its version was the newest. */
async function runOlder({ store }: Preparing, id: string): Promise<void> {
  await store.write(async (tx) => {
    const found = await tx.findById('cluster', id)
    if (!found) throw new Error(`${id} is not in the store`)
    const { extension, spec } = found.document
    const software = { ...spec.software, version: newestMinorOf('3.2')?.text ?? '' }
    const older = { ...instanceExtension(found.document), requestedVersion: '3.2' }
    await tx.save('cluster', found, {
      ...found.document,
      extension: { ...extension, ...older },
      spec: { ...spec, software },
    })
  })
}
