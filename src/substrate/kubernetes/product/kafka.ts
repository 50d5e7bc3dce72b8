/**
 * Kafka by Strimzi's operator (kafka.strimzi.io/v1, Strimzi 1.x): a Kafka with a pool of nodes for each group. Kafka keeps its own metadata (KRaft):
 * nodes of the role `common`, which are ZooKeeper's elsewhere, are its controllers; without them core nodes are both.
 */
import type { NodeGroup } from '../../../domain/cluster/node-group.ts'
import { listOf, recordOf } from '../../../kernel/json.ts'
import { ownLabels } from '../ownership.ts'
import { resources, textOf, type KubernetesObject } from '../resource.ts'
import {
  amountOf,
  nodesInRole,
  podMetadata,
  RESOURCE,
  ZONE,
  type PlacedGroup,
  type Product,
  type ProductCluster,
  type Progress,
} from './product.ts'

const PORT = 9092
/** Strimzi numbers the nodes of a whole Kafka: each pool has a range of its own, so that a pool that grows changes no other. */
const RANGE = 1_000

export const kafka: Product = {
  name: 'kafka',
  title: 'Kafka',
  operator: 'Strimzi',
  within: { zookeeper: 'Kafka keeps its metadata itself (KRaft)' },
  roles: ['core', 'task', 'common'],
  versionsOf: () => ['kafka'],
  types: [resources.kafkaNodePool, resources.kafka],
  ports: [PORT],
  lack(spec) {
    if (nodesInRole(spec, 'core') === 0)
      return { what: 'Kafka without core nodes', detail: 'its brokers run on them' }
    return undefined
  },
  objects: (cluster) => [
    ...cluster.groups.map((placed, at) => poolOf(cluster, placed, at)),
    kafkaOf(cluster),
  ],
  pods: ({ groups }, { id, nodes }) => {
    const at = groups.findIndex((group) => group.id === id)
    return nodes.map((_node, place) => `${RESOURCE}-${poolName(groups, at)}-${at * RANGE + place}`)
  },
  progress,
  host: (pod, namespace) => `${pod}.${RESOURCE}-kafka-brokers.${namespace}.svc`,
  endpoints: (namespace) => [
    { name: 'kafka', host: `${RESOURCE}-kafka-bootstrap.${namespace}.svc`, port: PORT },
  ],
}

/** Of two groups of a role, the later one has its place behind it. */
function poolName(groups: readonly NodeGroup[], at: number): string {
  const role = groups[at]?.role ?? ''
  const first = groups.findIndex((group) => group.role === role)
  return first === at ? role : `${role}-${at}`
}

function poolOf(cluster: ProductCluster, placed: PlacedGroup, at: number): KubernetesObject {
  const { group, disks, zone } = placed
  const hasControllers = nodesInRole(cluster.spec, 'common') > 0
  const { labels, annotations } = podMetadata(cluster, placed)
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaNodePool',
    metadata: {
      name: poolName(cluster.spec.groups, at),
      namespace: cluster.namespace,
      labels: { ...ownLabels(cluster.installation, cluster.id), 'strimzi.io/cluster': RESOURCE },
      annotations: {
        'emrys.dev/generation': String(cluster.generation),
        'strimzi.io/next-node-ids': `[${at * RANGE}-${at * RANGE + RANGE - 1}]`,
      },
    },
    spec: {
      replicas: group.nodes.length,
      roles: rolesOf(group, hasControllers),
      resources: amountOf(placed),
      storage: {
        type: 'jbod',
        volumes: disks.map(({ sizeGib, storageClass }, id) => ({
          id,
          type: 'persistent-claim',
          size: `${sizeGib}Gi`,
          class: storageClass,
          // What is put away comes back with its data; what is released takes them along with the namespace.
          deleteClaim: false,
          ...(id === 0 && { kraftMetadata: 'shared' }),
        })),
      },
      template: {
        pod: {
          metadata: { labels, annotations },
          ...(zone !== undefined && {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [
                    { matchExpressions: [{ key: ZONE, operator: 'In', values: [zone] }] },
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

function rolesOf({ role }: NodeGroup, hasControllers: boolean): readonly string[] {
  if (role === 'common') return ['controller']
  return role === 'core' && !hasControllers ? ['controller', 'broker'] : ['broker']
}

function kafkaOf(cluster: ProductCluster): KubernetesObject {
  const brokers = nodesInRole(cluster.spec, 'core')
  const replicas = Math.min(3, brokers)
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
        listeners: [{ name: 'plain', port: PORT, type: 'internal', tls: false }],
        config: {
          'offsets.topic.replication.factor': replicas,
          'transaction.state.log.replication.factor': replicas,
          'transaction.state.log.min.isr': Math.max(1, replicas - 1),
          'default.replication.factor': replicas,
          'min.insync.replicas': Math.max(1, replicas - 1),
        },
      },
    },
  }
}

/** A pool says only which generation of it was looked at; the Kafka says whether all of it is as it is wanted. */
function progress(resource: KubernetesObject): Progress {
  const status = recordOf(resource['status'])
  const conditions = listOf(status['conditions']).map(recordOf)
  const of = (type: string) => conditions.find((each) => each['type'] === type)
  if (status['observedGeneration'] !== resource.metadata.generation) return 'under-way'
  const failed = of('NotReady')
  // Its word while a roll is under way, beside which it has reasons for what it does not do.
  if (failed?.['status'] === 'True' && textOf(failed['reason']) !== 'Creating')
    return { refused: textOf(failed['message']) }
  if (resource.kind === 'KafkaNodePool') return 'settled'
  return of('Ready')?.['status'] === 'True' ? 'settled' : 'under-way'
}
