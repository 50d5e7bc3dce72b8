/** From a judged request to the cluster that the core is asked to make: ids, nodes, disks, order, secrets. */
import type { NewCluster } from '../../../../app/cluster/create.ts'
import { administratorSecrets } from '../../../../domain/cluster/administrator.ts'
import { DATA_KEY } from '../../../../domain/encryption-key.ts'
import type { Software } from '../../../../domain/cluster/spec.ts'
import type { Disk, NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { clientKey, type ObjectVolume } from '../../../../domain/object-storage.ts'
import type { Resource } from '../../../../domain/environment.ts'
import { random as randomOf, type Random } from '../../../../kernel/random.ts'
import { freezeOf } from '../../catalogue/price.ts'
import { resourceIdLength } from '../identifier.ts'
import type { Blueprint } from './blueprint.ts'
import { bootstrapSecrets } from './bootstrap.ts'
import type { CreationInput } from './create-shape.ts'
import { clientStorageOf } from './option.ts'
import { newSecurityGroup } from './security-group.ts'
import type { RolePlan } from '../node/plan.ts'
import { newClusterExtension, newGroupExtension, type ClusterExtension } from './extension.ts'
import { markOf } from '../node/new-node.ts'
import { orderItems } from '../price/order-item.ts'
import { placed } from '../service/placement.ts'
import { addMonths, orderStamp } from '../time-text.ts'

const SSH_PORT = 22
const WEB_PORT = 30001
const MADE_PASSWORD_LENGTH = 24

export interface NewClusterParts {
  readonly blueprint: Blueprint
  readonly input: CreationInput
  readonly logs?: ObjectVolume | undefined
  readonly random: Random
  readonly nowMs: number
}

export function newClusterOf(it: NewClusterParts): NewCluster {
  const { blueprint, input, random, nowMs } = it
  const { place, network, product, term } = blueprint
  const id = `emr-${random.serial.base36(resourceIdLength)}`
  const zone = place.zone.name
  const made = blueprint.securityGroup === undefined ? [securityGroupOf(id, it)] : []
  const group = blueprint.securityGroup ?? made[0]?.id ?? ''
  const prepaid = term.payMode === 'prepaid'
  return {
    cluster: {
      id,
      region: place.region.name,
      name: blueprint.name,
      spec: {
        software: {
          family: product.class,
          version: product.version,
          components: blueprint.components.map((one) => one.label),
          ...metadataOf(blueprint),
        },
        network: {
          vpc: network.vpc,
          zone,
          subnets: [blueprint, ...blueprint.further].map((each) => {
            return { id: each.network.subnet, zone: each.place.zone.name }
          }),
          securityGroups: [group],
        },
        groups: groupsOf(id, it),
        configuration: blueprint.configuration,
        daemons: placed({
          components: blueprint.components.map((one) => one.component),
          class: product.class,
          ha: blueprint.highAvailability,
        }),
        scripts: blueprint.bootstrap,
        ...(input.COSSettings ? { storage: clientStorageOf(input.COSSettings) } : {}),
        ...(it.logs ? { logs: it.logs } : {}),
        ...(blueprint.encryption ? { encryption: { key: blueprint.encryption.key } } : {}),
      },
      charge: {
        mode: term.payMode,
        autoRenew: blueprint.autoRenew,
        ...(prepaid ? { months: term.months, expiresMs: addMonths(nowMs, term.months) } : {}),
      },
      resourceGroup: String(place.project),
      tags: blueprint.tags,
      extension: extensionOf(blueprint, it),
    },
    secrets: secretsOf(it),
    allocation: { uses: blueprint.uses, makes: made, reservations: blueprint.reservations },
    order: orderOf(it),
    // Two hours of pay as you go must be there, as the cloud freezes them (8).
    reserve: prepaid ? 0 : freezeOf(blueprint.price),
  }
}

/** Nothing for the database that comes with the cluster. */
function metadataOf({ metadata, metadataProbe }: Blueprint): Pick<Software, 'metadata'> {
  const { custom, instance } = metadata
  if (instance !== undefined) return { metadata: { existing: instance } }
  if (!custom) return {}
  const { host, port, database, user } = custom
  const answered = metadataProbe === 'answered'
  return { metadata: { host, port, database, user, answered } }
}

/** It opens the web interface, and SSH on demand (2.1 SgId). */
function securityGroupOf(cluster: string, it: NewClusterParts): Resource {
  const { blueprint, random, nowMs } = it
  const { place, network, options } = blueprint
  const ports = options.remoteLogin ? [SSH_PORT, WEB_PORT] : [WEB_PORT]
  const { vpc } = network
  return newSecurityGroup({ cluster, region: place.region.name, vpc, ports, random, nowMs })
}

/** Of each zone a group for each role; the nodes of a role are numbered through all zones. */
function groupsOf(cluster: string, { blueprint, random }: NewClusterParts): readonly NodeGroup[] {
  const counts = new Map<string, number>()
  return [blueprint, ...blueprint.further].flatMap((zone, at) =>
    zone.roles.map((plan) => {
      const from = counts.get(plan.role) ?? 0
      counts.set(plan.role, from + plan.count)
      const suffix = at === 0 ? '' : `.${at + 1}`
      return groupOf(plan, {
        id: `${cluster}.${plan.role}${suffix}`,
        from,
        random,
        marks: zone.marks.get(plan.role),
        zone: zone.place.zone.name,
        subnet: zone.network.subnet,
        exposed: plan.role === 'master' && blueprint.options.publicMaster,
      })
    }),
  )
}

function groupOf(
  plan: RolePlan,
  it: Pick<NodeGroup, 'id' | 'zone' | 'subnet'> & {
    readonly exposed: boolean
    readonly from: number
    readonly random: Random
    readonly marks: readonly string[] | undefined
  },
): NodeGroup {
  const { role, instanceType } = plan
  const { from, random, marks, ...place } = it
  return {
    ...place,
    role,
    name: role,
    description: '',
    cpu: instanceType.cpu,
    memoryMib: instanceType.memoryMb,
    disks: disksOf(plan),
    machine: instanceType.name,
    nodes: Array.from({ length: plan.count }, (_, at) => ({
      id: `emr-vm-${random.serial.base36(resourceIdLength)}`,
      index: from + at,
      name: `${role}.${from + at}`,
      restarts: 0,
      ...markOf(marks?.[at]),
    })),
    extension: newGroupExtension({
      diskType: plan.diskType,
      tags: plan.tags.map(({ TagKey: key, TagValue: value }) => ({ key, value })),
    }),
  }
}

export function disksOf({ dataDisks, instanceType, systemDisk }: RolePlan): readonly Disk[] {
  const local = instanceType.localDisk
  const data = local ? [local] : dataDisks
  return [
    { use: 'system', type: systemDisk.diskType, sizeGib: systemDisk.sizeGb, count: 1 },
    ...data.map(({ diskType: type, sizeGb: sizeGib, count }) => {
      return { use: 'data', type, sizeGib, count } as const
    }),
  ]
}

function extensionOf(blueprint: Blueprint, { input, random }: NewClusterParts): ClusterExtension {
  const { metadata, options, product } = blueprint
  const bought = metadata.bought ? `cdb-${random.serial.base36(resourceIdLength)}` : ''
  return newClusterExtension({
    productId: product.id,
    class: product.class,
    scene: blueprint.scene?.name ?? '',
    highAvailability: blueprint.highAvailability,
    security: blueprint.security,
    components: blueprint.components.map((one) => one.component),
    publicMaster: options.publicMaster,
    remoteLogin: options.remoteLogin && blueprint.securityGroup === undefined,
    encrypted: options.encrypted,
    storage: input.COSSettings ? { logPath: input.COSSettings.LogOnCosPath ?? '' } : null,
    publicKeyId: blueprint.login.publicKeyId ?? '',
    applicationRole: blueprint.applicationRole,
    placementGroups: [...blueprint.placementGroups],
    metadata: {
      type: metadata.type,
      database: metadata.instance ?? bought,
      bought: metadata.bought,
      version: metadata.version,
      url: metadata.custom?.url ?? '',
      user: metadata.custom?.user ?? '',
      probe: blueprint.metadataProbe,
    },
  })
}

function secretsOf({ input, blueprint }: NewClusterParts): Record<string, string> {
  const secrets: Record<string, string | undefined> = {
    password: input.LoginSettings.Password,
    [clientKey.keyId]: input.COSSettings?.CosSecretId,
    [clientKey.secret]: input.COSSettings?.CosSecretKey,
    'metadata.password': input.MetaDBInfo?.MetaDataPass,
    [DATA_KEY]: blueprint.encryption?.wrapped,
    ...bootstrapSecrets(input.PreExecutedFileSettings),
    ...((input.LoginSettings.Password ?? '') === '' && {
      [administratorSecrets.made]: randomOf().base62(MADE_PASSWORD_LENGTH),
    }),
  }
  const known = Object.entries(secrets).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  )
  return Object.fromEntries(known)
}

function orderOf({ blueprint, random, nowMs }: NewClusterParts): NewCluster['order'] {
  const { price, term } = blueprint
  const prepaid = term.payMode === 'prepaid'
  const untilMs = prepaid ? addMonths(nowMs, term.months) : nowMs
  return {
    id: `${orderStamp(nowMs)}${random.serial.decimal(15)}`,
    kind: 'buy',
    state: 'paid',
    currency: price.currency,
    items: orderItems(price),
    discount: price.original - price.discounted,
    ...(prepaid ? { months: term.months, period: { fromMs: nowMs, untilMs } } : {}),
    paidMs: nowMs,
  }
}
