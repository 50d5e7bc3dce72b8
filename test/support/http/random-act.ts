/** Requests that change an instance, drawn at random from all that the declarations have, as far as it has what they are about. */
import type { Action } from '../../../src/gateway/action.ts'
import { actions } from '../../../src/dialect/alibaba/actions.ts'
import { accessOf } from '../../../src/dialect/alibaba/starrocks/instance/access.ts'
import { billingInstances } from '../../../src/dialect/alibaba/starrocks/order/billing-instance.ts'
import { instanceExtension } from '../../../src/dialect/alibaba/starrocks/instance/extension.ts'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import { sizeOf } from '../../../src/domain/cluster/node-group.ts'
import type { KeptInstance } from '../fixture/instance-shape.ts'
import { completeRequests, type Parameters } from './alibaba-request.ts'
import type { Client } from './client.ts'

/** By their names, as the vendor's own policies tell them apart: what neither asks nor checks changes something. */
export const changing: readonly Action[] = actions.filter(
  ({ name }) => !/^(Check|Describe|Get|List|Query)|PreCheck$/.test(name),
)

/** Of an instance that is there; what makes others, or ends it, is left out. */
export const changingInstance = changing.filter(
  ({ name }) => !/^(CreateInstanceV1|CreateServiceLinkedRole|ReleaseInstance)$/.test(name),
)

/** What is drawn for two instances is the same where they are alike. */
export interface Draw {
  readonly action: Action
  /** From 0 up to 1. */
  readonly fraction: number
}

export function requestOf({ action, fraction }: Draw, kept: KeptInstance): Parameters {
  const { id, cluster, rules, policies, backups, operations } = kept
  if (!cluster) throw new Error(`${id} is gone`)
  const oneOf = <T>(values: readonly T[]): T | undefined =>
    values[Math.floor(fraction * values.length)]
  const [compute, ...further] = cluster.spec.groups.filter(({ role }) => /^(be|cn)$/.test(role))
  const rule = oneOf(rules)?.id
  const configured = operations.findLast(({ verb }) => verb === 'configure')?.flow
  const complete = completeRequests(id, {
    NodeGroupId: compute?.id,
    node: oneOf(compute?.nodes ?? [])?.id,
    further: further.at(-1)?.id,
    rule,
  })[action.name]
  const of: Parameters = {
    BackupTaskId: oneOf(backups)?.id,
    backupTaskId: oneOf(backups)?.id,
    BillingInstanceIds: billingInstances(cluster)
      .map((each) => each.id)
      .join(','),
    ConfigHistoryId: configured,
    GatewayId: accessOf(cluster).gateways.at(-1)?.id,
    PolicyId: policies[0]?.id,
    ...variation(action.name, cluster, { fraction, oneOf }),
  }
  const found = Object.entries(complete ?? {}).map(([name, value]) => [
    name,
    name in of ? of[name] : value,
  ])
  return Object.fromEntries(found) as Parameters
}

interface Dice {
  readonly fraction: number
  oneOf<T>(values: readonly T[]): T | undefined
}

/** Members that would bring nothing new if they were always the same. */
function variation(action: string, cluster: Cluster, { fraction, oneOf }: Dice): Parameters {
  const group = cluster.spec.groups.find(({ role }) => /^(be|cn)$/.test(role))
  const node = group?.nodes[0]
  const disk =
    group && node ? sizeOf(group, node).disks.find(({ use }) => use === 'data') : undefined
  const name = `n${Math.floor(fraction * 1e6)}`
  const daily = (hour: number) => ({
    year: 2026,
    month: 3,
    day: 2,
    hour,
    minute: 50,
    second: 0,
    recurrenceInterval: 1,
    recurrenceType: 'DAILY',
    recurrenceValues: [],
  })
  const Rule = {
    nodeNumber: oneOf([1, 2]),
    scalingRuleName: name,
    scalingOutRule: daily(oneOf([3, 5, 8]) ?? 3),
    scalingInRule: daily(oneOf([12, 17, 20]) ?? 12),
  }
  const here = cluster.spec.network.zone === 'cn-hangzhou-i'
  const variations: Readonly<Record<string, Parameters>> = {
    AddBackupPolicy: { RecurrenceType: 'DAILY', RecurrenceValues: undefined },
    CreateScalingRule: { Rule },
    IsolateLeader: { IsolateLeader: oneOf([true, false]) },
    ModifyCu: { Target: oneOf([8, 16, 32]) },
    ModifyDiskNumber: { Target: oneOf([1, 2, 3]) },
    ModifyDiskPerformanceLevel: { Target: oneOf(['pl0', 'pl1', 'pl2']) },
    ModifyDiskSize: { FastMode: true, Target: (disk?.sizeGib ?? 0) + 100 },
    ModifyInstanceConfig: {
      AddConfigList: undefined,
      ConfigList: undefined,
      DeleteConfigList: undefined,
      configsToAdd: undefined,
      configsToDelete: undefined,
      configsToUpdate: [
        {
          configKey: 'label_keep_max_second',
          configType: 'FE',
          configValue: String(100 + Math.floor(fraction * 1000)),
        },
      ],
    },
    ModifyMaintainableTime: { MaintainableTimePeriod: oneOf(['06:00-07:00', '01:00-02:00']) },
    ModifyNodeNumber: {
      Target: oneOf([1, 2, 3, 4, 5]),
      Parallelism: undefined,
      TerminationGracePeriodSeconds: undefined,
    },
    ModifyScalingRule: { Rule },
    ModifySpecType: { TargetSpecType: oneOf(['standard', 'ramEnhanced']) },
    SwitchActiveStandbyZones: { TargetZoneId: here ? 'cn-hangzhou-h' : 'cn-hangzhou-i' },
    EnableSSLConnection: {
      EnableCustom: false,
      Renewal: typeof accessOf(cluster).encryption === 'object',
    },
    ToggleAutoMinorVersionUpgrade: { AutoUpgrade: oneOf([true, false]) },
    TogglePublicSlb: { EnablePublicSlb: oneOf([true, false]) },
    UpdateInstanceName: { ClusterName: name },
    UpdateInnerIpWhitelistGroup: { InnerIpWhitelistGroupId: oneOf(['office', 'home']) },
    UpdatePublicNetworkStatus: { PublicNetworkEnabled: oneOf([true, false]) },
    UpdateNodeGroupDescription: { Description: name },
    UpgradeVersion: { TargetVersion: oneOf(['3.3', instanceExtension(cluster).requestedVersion]) },
  }
  return variations[action] ?? {}
}

/** The code of the refusal, or 200. Rejects when the connection broke. */
export async function perform(
  connection: Client,
  { route }: Action,
  parameters: Parameters,
): Promise<string> {
  const { path = '', method = '' } = route ?? {}
  const { status, body } = await connection.alibaba(path, { method, body: parameters })
  if (status >= 500) throw new Error(JSON.stringify(body))
  const { Code: code = String(status) } = body as { readonly Code?: string }
  return code
}
