/**
 * Kafka by Strimzi's operator (kafka.strimzi.io/v1, Strimzi 1.x): a Kafka with a pool of nodes for each group. Kafka keeps its own metadata (KRaft):
 * nodes of the role `common`, which are ZooKeeper's elsewhere, are its controllers; without them the first core node is, in a pool of its own, as
 * Strimzi does not change how many there are.
 */
import type { UnmetRequirement } from '../../../domain/cluster/capability.ts'
import type { NodeGroup } from '../../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import { listOf, recordOf } from '../../../kernel/json.ts'
import { ownLabels } from '../ownership.ts'
import type { PublicWay } from '../public-service.ts'
import { resources, textOf, type KubernetesObject } from '../resource.ts'
import {
  amountOf,
  groupName,
  nodesInRole,
  podMetadata,
  RESOURCE,
  settingsOf,
  type PlacedGroup,
  type Product,
  type ProductCluster,
  type Progress,
} from './product.ts'

const PORT = 9092
const OUTSIDE_PORT = 9094
const OUTSIDE = 'external'
/** Strimzi numbers the nodes of a whole Kafka: each pool has a range of its own, so that a pool that grows changes no other. */
const RANGE = 1_000
/** Cruise Control moves the data of brokers that go to as many as a topic has replicas. */
const REPLICAS = 3
const SETTINGS = 'KAFKA/server.properties'
/** What Strimzi sets itself, and skips with a warning. */
const OWN =
  /^(listeners|advertised\.|broker\.(?!session\.timeout\.ms|heartbeat\.interval\.ms)|node\.id|listener\.|host\.name|port$|inter\.broker\.|sasl\.|ssl\.|security\.|log\.dir|zookeeper\.|authorizer\.|super\.user|cruise\.control\.|process\.roles|controller\.|metadata\.log\.dir|principal\.builder\.)/

export const kafka: Product = {
  family: 'kafka',
  name: 'kafka',
  title: 'Kafka',
  operator: 'Strimzi',
  release: '1.2',
  within: { zookeeper: 'Kafka keeps its metadata itself (KRaft)' },
  roles: ['core', 'task', 'common'],
  files: { [SETTINGS]: OWN },
  disks: { most: 100, grow: true, add: true },
  versioned: ['kafka'],
  types: [resources.kafkaNodePool, resources.kafka],
  secrets: [],
  ports: [PORT],
  outside: { role: 'core', ports: { kafka: OUTSIDE_PORT }, guarded: false, operated },
  unmet,
  unmetWithFewer,
  objects: (cluster) => [
    ...cluster.groups.flatMap((placed) =>
      poolsOf(cluster.spec, placed.group).map((pool) => poolObject(cluster, placed, pool)),
    ),
    kafkaOf(cluster),
  ],
  pods: (spec, group) =>
    poolsOf(spec, group).flatMap(({ name, first, replicas }) =>
      Array.from({ length: replicas }, (_, at) => `${RESOURCE}-${name}-${first + at}`),
    ),
  claim: (pod, disk) => `data-${disk}-${pod}`,
  progress,
  host: (pod, namespace) => `${pod}.${RESOURCE}-kafka-brokers.${namespace}.svc`,
  endpoints: (namespace) => [
    { name: 'kafka', host: `${RESOURCE}-kafka-bootstrap.${namespace}.svc`, port: PORT },
  ],
}

function unmet(after: ClusterSpec, before: ClusterSpec | undefined): UnmetRequirement | undefined {
  if (nodesInRole(after, 'core') === 0)
    return { what: 'Kafka without core nodes', detail: 'its brokers run on them' }
  if (before && nodesInRole(after, 'common') !== nodesInRole(before, 'common'))
    return { what: 'more controllers', detail: 'Strimzi does not change their number' }
  return undefined
}

/** Brokers go when Cruise Control has moved their partitions away. */
function unmetWithFewer(after: ClusterSpec, { role }: NodeGroup): UnmetRequirement | undefined {
  if (role === 'common')
    return { what: 'fewer controllers', detail: 'Strimzi does not change their number' }
  if (brokersIn(after) >= REPLICAS) return undefined
  return {
    what: `fewer than ${REPLICAS} brokers`,
    detail: `topics have ${REPLICAS} replicas where they can`,
  }
}

function brokersIn(spec: ClusterSpec): number {
  return nodesInRole(spec, 'core') + nodesInRole(spec, 'task')
}

interface Pool {
  readonly name: string
  /** The number of its first node. */
  readonly first: number
  readonly replicas: number
  /** That its nodes may have, as Strimzi writes it. */
  readonly numbers: string
  readonly roles: readonly string[]
}

function poolsOf(spec: ClusterSpec, group: NodeGroup): readonly Pool[] {
  const { id, role, nodes } = group
  const name = groupName(spec, group)
  const first = spec.groups.findIndex((each) => each.id === id) * RANGE
  const numbers = `[${first}-${first + RANGE - 1}]`
  const whole = { name, first, numbers, replicas: nodes.length }
  if (role === 'common') return [{ ...whole, roles: ['controller'] }]
  const isController = name === 'core' && nodesInRole(spec, 'common') === 0
  if (!isController) return [{ ...whole, roles: ['broker'] }]
  const lowest = { ...whole, numbers: `[${first}]`, replicas: 1, roles: ['controller', 'broker'] }
  if (nodes.length === 1) return [lowest]
  return [
    lowest,
    {
      name: `${name}-further`,
      first: first + 1,
      numbers: `[${first + 1}-${first + RANGE - 1}]`,
      replicas: nodes.length - 1,
      roles: ['broker'],
    },
  ]
}

function poolObject(cluster: ProductCluster, placed: PlacedGroup, pool: Pool): KubernetesObject {
  const { disks, machines } = placed
  const { labels, annotations } = podMetadata(cluster, placed)
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaNodePool',
    metadata: {
      name: pool.name,
      namespace: cluster.namespace,
      labels: { ...ownLabels(cluster.installation, cluster.id), 'strimzi.io/cluster': RESOURCE },
      annotations: {
        'emrys.dev/generation': String(cluster.generation),
        'strimzi.io/next-node-ids': pool.numbers,
      },
    },
    spec: {
      replicas: pool.replicas,
      roles: pool.roles,
      resources: amountOf(placed),
      storage: {
        type: 'jbod',
        volumes: disks.map(({ sizeGib, storageClass }, id) => ({
          id,
          type: 'persistent-claim',
          size: `${sizeGib}Gi`,
          class: storageClass,
          // What is stopped comes back with its data; what is released takes them along with the namespace.
          deleteClaim: false,
          ...(id === 0 && { kraftMetadata: 'shared' }),
        })),
      },
      template: {
        pod: {
          metadata: { labels, annotations },
          ...(machines && {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [
                    {
                      matchExpressions: Object.entries(machines).map(([key, value]) => ({
                        key,
                        operator: 'In',
                        values: [value],
                      })),
                    },
                  ],
                },
              },
            },
          }),
        },
      },
    },
  }
}

function kafkaOf(cluster: ProductCluster): KubernetesObject {
  const brokers = brokersIn(cluster.spec)
  const replicas = Math.min(REPLICAS, brokers)
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'Kafka',
    metadata: {
      name: RESOURCE,
      namespace: cluster.namespace,
      labels: ownLabels(cluster.installation, cluster.id),
      annotations: { 'emrys.dev/generation': String(cluster.generation) },
    },
    spec: {
      kafka: {
        version: cluster.versions['kafka'],
        listeners: [
          { name: 'plain', port: PORT, type: 'internal', tls: false },
          ...outsideListeners(cluster),
        ],
        config: {
          'offsets.topic.replication.factor': replicas,
          'transaction.state.log.replication.factor': replicas,
          'transaction.state.log.min.isr': Math.max(1, replicas - 1),
          // Of topics that are made from now on. How many must be in sync holds for older ones too, and is left to clients.
          'default.replication.factor': replicas,
          ...settingsOf(cluster.spec, SETTINGS),
        },
      },
      ...(brokers >= REPLICAS && {
        cruiseControl: { autoRebalance: [{ mode: 'remove-brokers' }] },
      }),
    },
  }
}

/** Clients speak with each broker: Strimzi makes a service for each, and has brokers tell their addresses. */
function outsideListeners({ outside, spec }: ProductCluster): readonly object[] {
  if (!outside) return []
  const listener = { name: OUTSIDE, port: OUTSIDE_PORT, tls: false }
  if (outside.by === 'load-balancer') {
    const { sources: loadBalancerSourceRanges } = outside
    const configuration = loadBalancerSourceRanges && {
      configuration: { loadBalancerSourceRanges },
    }
    return [{ ...listener, type: 'loadbalancer', ...configuration }]
  }
  const brokers = spec.groups.flatMap((group) =>
    poolsOf(spec, group)
      .filter(({ roles }) => roles.includes('broker'))
      .flatMap(({ first, replicas }) =>
        Array.from({ length: replicas }, (_, at) => ({
          broker: first + at,
          advertisedHost: outside.host,
        })),
      ),
  )
  return [{ ...listener, type: 'nodeport', configuration: { brokers } }]
}

/** The address that clients begin at, by Strimzi's word. */
function operated(objects: readonly KubernetesObject[], way: PublicWay) {
  const { listeners } = recordOf(objects.find(({ kind }) => kind === 'Kafka')?.['status'])
  const said = listOf(listeners)
    .map(recordOf)
    .find(({ name }) => name === OUTSIDE)
  const [address] = listOf(said?.['addresses']).map(recordOf)
  const host = way.by === 'node-port' ? way.host : textOf(address?.['host'])
  const port = address?.['port']
  return host !== '' && typeof port === 'number' ? [{ name: 'kafka', host, port }] : undefined
}

/** A pool says only which generation of it was looked at, and how many there are; the Kafka says whether all of it is as it is wanted. */
function progress(resource: KubernetesObject): Progress {
  const status = recordOf(resource['status'])
  const conditions = listOf(status['conditions']).map(recordOf)
  const of = (type: string) => conditions.find((each) => each['type'] === type)
  if (status['observedGeneration'] !== resource.metadata.generation) return 'under-way'
  const failed = of('NotReady')
  // Its word while a roll is under way, beside which it has reasons for what it does not do.
  if (failed?.['status'] === 'True' && textOf(failed['reason']) !== 'Creating')
    return { refused: textOf(failed['message']) }
  if (resource.kind === 'KafkaNodePool') {
    const { replicas } = recordOf(resource['spec'])
    return status['replicas'] === replicas ? 'settled' : 'under-way'
  }
  const { state } = recordOf(status['autoRebalance'])
  if (state === 'RebalanceOnScaleDown') return 'under-way'
  const kept = conditions.find(({ reason }) => reason === 'ScaleDownPreventionCheck')
  if (kept) return { refused: textOf(kept['message']) }
  return of('Ready')?.['status'] === 'True' ? 'settled' : 'under-way'
}
