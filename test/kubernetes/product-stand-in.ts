/** What each operator makes of a custom resource, and what it says of it when it is done, by what its project documents. Pure. */
import { listOf, recordOf } from '../../src/kernel/json.ts'
import {
  resources,
  type KubernetesObject,
  type ResourceType,
} from '../../src/substrate/kubernetes/resource.ts'

export interface DesiredClaim {
  readonly name: string
  readonly size: string
  readonly storageClass: string
}

export interface DesiredPod {
  readonly name: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly claims: readonly DesiredClaim[]
}

/** What is there of pods. */
export interface Made {
  readonly pods: readonly string[]
  /** Those that should go, and do not yet. */
  readonly held: readonly string[]
  /** Whether they never will. */
  readonly blocked?: boolean
}

export interface StandIn {
  readonly type: ResourceType
  pods(object: KubernetesObject, all: readonly KubernetesObject[]): readonly DesiredPod[]
  status(object: KubernetesObject, made: Made): object
}

const kafkaNodePool: StandIn = {
  type: resources.kafkaNodePool,
  // Strimzi makes nodes of a pool when there is a Kafka.
  pods: (pool, all) => (all.some(({ kind }) => kind === 'Kafka') ? kafkaPods(pool) : []),
  status: ({ metadata }, { pods }) => {
    const own = `${metadata.labels?.['strimzi.io/cluster']}-${metadata.name}-`
    const replicas = pods.filter((name) => /^\d+$/.test(name.slice(own.length)))
    return {
      observedGeneration: metadata.generation,
      replicas: replicas.filter((name) => name.startsWith(own)).length,
    }
  },
}

const kafka: StandIn = {
  type: resources.kafka,
  pods: () => [],
  status: ({ metadata, spec }, { held, blocked = false }) => ({
    listeners: listOf(recordOf(recordOf(spec)['kafka'])['listeners']).map((each) => ({
      name: recordOf(each)['name'],
      addresses: [addressOf(recordOf(each))],
    })),
    conditions: [
      ...(blocked
        ? [
            {
              type: 'Warning',
              status: 'True',
              reason: 'ScaleDownPreventionCheck',
              message: 'Reverting scale-down of the brokers that have partitions',
            },
          ]
        : []),
      { type: 'Ready', status: 'True' },
    ],
    observedGeneration: metadata.generation,
    autoRebalance: { state: held.length > 0 && !blocked ? 'RebalanceOnScaleDown' : 'Idle' },
  }),
}

/** Strimzi's own services have what their cluster gave them. */
function addressOf({ type }: Readonly<Record<string, unknown>>) {
  return type === 'internal'
    ? { host: 'emr-kafka-bootstrap.n.svc', port: 9092 }
    : type === 'nodeport'
      ? { host: 'machine-1', port: 31_094 }
      : { host: '203.0.113.9', port: 9094 }
}

function kafkaPods({ metadata, spec }: KubernetesObject): readonly DesiredPod[] {
  const { replicas, template, storage } = recordOf(spec)
  const [, first = '0'] =
    /^\[(\d+)/.exec(metadata.annotations?.['strimzi.io/next-node-ids'] ?? '') ?? []
  const cluster = metadata.labels?.['strimzi.io/cluster'] ?? ''
  return Array.from({ length: Number(replicas) }, (_, at) => {
    const name = `${cluster}-${metadata.name}-${Number(first) + at}`
    const volumes = listOf(recordOf(storage)['volumes']).map(recordOf)
    return {
      name,
      metadata: recordOf(recordOf(recordOf(template)['pod'])['metadata']),
      claims: volumes.map((volume) => ({
        name: `data-${String(volume['id'])}-${name}`,
        size: String(volume['size']),
        storageClass: String(volume['class']),
      })),
    }
  })
}

const clickhouse = (type: ResourceType, prefix: string): StandIn => ({
  type,
  pods: (object) => clickhousePods(object, prefix),
  status: ({ spec, status }) => {
    const { taskID } = recordOf(spec)
    const was = listOf(recordOf(status)['taskIDsCompleted'])
    const taskIDsCompleted = was.includes(taskID) ? was : [taskID, ...was]
    return { status: 'Completed', taskID, taskIDsCompleted }
  },
})

function clickhousePods(
  { metadata, spec }: KubernetesObject,
  prefix: string,
): readonly DesiredPod[] {
  const { configuration, templates } = recordOf(spec)
  const [template] = listOf(recordOf(templates)['podTemplates']).map(recordOf)
  const volumes = listOf(recordOf(templates)['volumeClaimTemplates']).map(recordOf)
  return listOf(recordOf(configuration)['clusters'])
    .map(recordOf)
    .flatMap(({ name: cluster, layout }) => {
      const { shardsCount = 1, replicasCount = 1 } = recordOf(layout)
      const [shards, replicas] = [Number(shardsCount), Number(replicasCount)]
      return Array.from({ length: shards * replicas }, (_, at): DesiredPod => {
        const place = `${Math.floor(at / replicas)}-${at % replicas}`
        const name = `${prefix}-${metadata.name}-${String(cluster)}-${place}-0`
        return {
          name,
          metadata: recordOf(template?.['metadata']),
          claims: volumes.map((volume) => claimOf(`${String(volume['name'])}-${name}`, volume)),
        }
      })
    })
}

const doris: StandIn = {
  type: resources.doris,
  pods: ({ metadata, spec }) =>
    ['fe', 'be'].flatMap((part) => dorisPods(`${metadata.name}-${part}`, recordOf(spec), part)),
  status: () => {
    const component = { componentCondition: { phase: 'available', reason: '', message: '' } }
    return { feStatus: component, beStatus: component }
  },
}

function dorisPods(
  set: string,
  spec: Readonly<Record<string, unknown>>,
  part: string,
): readonly DesiredPod[] {
  const { replicas, podLabels, annotations, persistentVolumes } = recordOf(spec[`${part}Spec`])
  return Array.from({ length: Number(replicas) }, (_, at) => {
    const name = `${set}-${at}`
    const claims = listOf(persistentVolumes)
      .map(recordOf)
      .map(({ name: volume, persistentVolumeClaimSpec }) =>
        claimOf(`${String(volume)}-${name}`, { spec: persistentVolumeClaimSpec }),
      )
    return { name, metadata: { labels: podLabels, annotations }, claims }
  })
}

/** By members of the spec, the roles that pods are called by. */
const stackable = (type: ResourceType, roles: Readonly<Record<string, string>>): StandIn => ({
  type,
  pods: ({ metadata, spec }) =>
    Object.entries(isStopped(spec) ? {} : roles).flatMap(([member, role]) =>
      Object.entries(recordOf(recordOf(recordOf(spec)[member])['roleGroups'])).flatMap(
        ([group, value]) => setPods(`${metadata.name}-${role}-${group}`, recordOf(value)),
      ),
    ),
  status: () => ({
    conditions: [
      { type: 'Available', status: 'True', message: 'all of it is there' },
      { type: 'Degraded', status: 'False' },
      { type: 'Progressing', status: 'False' },
    ],
  }),
})

function isStopped(spec: unknown): boolean {
  return recordOf(recordOf(spec)['clusterOperation'])['stopped'] === true
}

function setPods(set: string, group: Readonly<Record<string, unknown>>): readonly DesiredPod[] {
  const { replicas, config, podOverrides } = group
  const { storage } = recordOf(recordOf(config)['resources'])
  return Array.from({ length: Number(replicas) }, (_, at) => {
    const name = `${set}-${at}`
    const claims = Object.entries(recordOf(storage)).map(([volume, value]): DesiredClaim => {
      const { capacity, storageClass } = recordOf(value)
      return {
        name: `${volume}-${name}`,
        size: String(capacity),
        storageClass: String(storageClass),
      }
    })
    return { name, metadata: recordOf(recordOf(podOverrides)['metadata']), claims }
  })
}

/** Of a template or a volume with the spec of a claim. */
function claimOf(name: string, { spec }: Readonly<Record<string, unknown>>): DesiredClaim {
  const { storageClassName, resources: amounts } = recordOf(spec)
  const { storage } = recordOf(recordOf(amounts)['requests'])
  return { name, size: String(storage), storageClass: String(storageClassName) }
}

export const standIns: readonly StandIn[] = [
  kafkaNodePool,
  kafka,
  clickhouse(resources.clickhouseKeeper, 'chk'),
  clickhouse(resources.clickhouse, 'chi'),
  doris,
  stackable(resources.zookeeper, { servers: 'server' }),
  { type: resources.zookeeperZnode, pods: () => [], status: () => ({ znodePath: '/znode-1' }) },
  stackable(resources.hdfs, {
    nameNodes: 'namenode',
    journalNodes: 'journalnode',
    dataNodes: 'datanode',
  }),
  stackable(resources.hbase, {
    masters: 'master',
    regionServers: 'regionserver',
    restServers: 'restserver',
  }),
]
