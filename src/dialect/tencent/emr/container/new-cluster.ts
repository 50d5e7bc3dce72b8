/** From a judged request to the cluster of containers that the core is asked to make: pods by service and role. */
import type { NewCluster } from '../../../../app/cluster/create.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import type { Resource } from '../../../../domain/environment.ts'
import type { Random } from '../../../../kernel/random.ts'
import { freezeOf } from '../../catalogue/price.ts'
import { newClusterExtension, newGroupExtension } from '../cluster/extension.ts'
import { newSecurityGroup } from '../cluster/security-group.ts'
import { rayDaemons, rayGroups } from '../dynamic-instance/ray.ts'
import { resourceIdLength } from '../identifier.ts'
import { orderStamp } from '../time-text.ts'
import type { CloudPlan } from './plan.ts'
import { newPod, type PodPlan } from './pod.ts'
import { podHoldings, podItems, priceOfPods } from './terms.ts'

const HOUR = { payMode: 'postpaid', hours: 1 } as const

export interface NewCloudParts {
  readonly plan: CloudPlan
  readonly tenant: string
  readonly uses: readonly Resource[]
  readonly random: Random
  readonly nowMs: number
}

/** It is paid for as it is used: its request has no other way. */
export function newCloudCluster(it: NewCloudParts): NewCluster {
  const { plan, random, nowMs, uses } = it
  const id = `emr-${random.serial.base36(resourceIdLength)}`
  const zone = plan.zone.name
  const groups = groupsOf(id, it)
  const made =
    plan.securityGroup === undefined
      ? [
          newSecurityGroup({
            cluster: id,
            region: plan.region,
            vpc: plan.network.vpc,
            random,
            nowMs,
          }),
        ]
      : []
  const price = priceOfPods(groups, HOUR, plan.metadata.bought)
  const at = { cluster: plan.container, zone, charge: HOUR.payMode }
  const { custom } = plan.metadata
  return {
    cluster: {
      id,
      region: plan.region,
      name: plan.name,
      spec: {
        software: {
          family: 'tke',
          version: plan.product.version,
          components: plan.chosen.map(({ label }) => label),
        },
        network: {
          vpc: plan.network.vpc,
          zone,
          subnets: [{ id: plan.network.subnet, zone }],
          securityGroups: [plan.securityGroup ?? made[0]?.id ?? ''],
        },
        groups,
        configuration: [],
        daemons: [
          ...plan.chosen.map(({ role }) => {
            return { service: role.service, name: role.name, roles: [role.name] }
          }),
          ...(plan.chosen.some(({ role }) => role.component === 'tcray') ? rayDaemons : []),
        ],
      },
      charge: { mode: HOUR.payMode, autoRenew: false },
      resourceGroup: '0',
      tags: plan.tags,
      extension: extensionOf(it),
    },
    secrets: {
      ...(plan.password === undefined ? {} : { password: plan.password }),
      ...(custom ? { 'metadata.password': custom.password } : {}),
    },
    allocation: { uses, makes: made, reservations: podHoldings(groups, at) },
    order: {
      id: `${orderStamp(nowMs)}${random.serial.decimal(15)}`,
      kind: 'buy',
      state: 'paid',
      currency: price.currency,
      items: podItems(price),
      discount: price.original - price.discounted,
      paidMs: nowMs,
    },
    reserve: freezeOf(price),
  }
}

function extensionOf({ plan, random }: NewCloudParts) {
  const { metadata } = plan
  const bought = metadata.bought ? `cdb-${random.serial.base36(resourceIdLength)}` : ''
  return newClusterExtension({
    productId: plan.product.id,
    class: 'tke',
    scene: '',
    highAvailability: false,
    security: false,
    components: plan.chosen.map(({ role }) => role.component),
    publicMaster: false,
    remoteLogin: false,
    encrypted: false,
    storage: null,
    publicKeyId: '',
    applicationRole: '',
    placementGroups: [],
    metadata: {
      type: metadata.type,
      database: metadata.instance ?? bought,
      bought: metadata.bought,
      version: metadata.version,
      url: metadata.custom?.url ?? '',
      user: metadata.custom?.user ?? '',
      probe: plan.metadataProbe,
    },
    container: { cluster: plan.container, bucket: plan.bucket, proxy: plan.proxy, foreign: [] },
  })
}

function groupsOf(id: string, it: NewCloudParts): readonly NodeGroup[] {
  const { plan, random, nowMs, tenant } = it
  const place = { zone: plan.zone.name, subnet: plan.network.subnet }
  const rays = plan.pods.flatMap(({ ray }) => ray ?? [])
  return [
    ...plan.pods.map((pod) => podGroup(id, pod, { ...place, random })),
    ...rays.flatMap((form) => {
      const namespace = `${tenant}-${id}`
      const site = { cluster: id, namespace, ...place, exposed: plan.proxy === 'Public' }
      return rayGroups({ form }, { ...site, random, nowMs })
    }),
  ]
}

function podGroup(
  cluster: string,
  { role, count, cpu, memoryGib, disks, exposed }: PodPlan,
  it: { readonly zone: string; readonly subnet: string; readonly random: Random },
): NodeGroup {
  return {
    id: `${cluster}.${role.name}`,
    role: role.name,
    name: role.name,
    description: '',
    cpu,
    memoryMib: memoryGib * 1024,
    machine: '',
    disks,
    zone: it.zone,
    subnet: it.subnet,
    exposed,
    nodes: Array.from({ length: count }, (_, at) => newPod(role.name, at, it.random)),
    extension: newGroupExtension({ diskType: disks[0]?.type ?? '', tags: [] }),
  }
}
