/**
 * Definitions of the custom resources of Strimzi (1.x) and of Altinity's operator (0.25) with the members that Emrys sets and reads, and no others:
 * written for these tests from what those projects document. Their own have many more.
 */
import type { KubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { resources, type ResourceType } from '../../src/substrate/kubernetes/resource.ts'
import { Amount, define, list, record, Text, Texts } from './definition.ts'

const Integer = { type: 'integer' }
const Anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
const Amounts = record({ requests: Amount, limits: Amount })
const Metadata = record({ labels: Texts, annotations: Texts })

const object = (spec: object, status: object) =>
  record({ apiVersion: Text, kind: Text, metadata: { type: 'object' }, spec, status })

const strimziStatus = record({
  observedGeneration: Integer,
  replicas: Integer,
  listeners: list(record({ name: Text, addresses: list(record({ host: Text, port: Integer })) })),
  autoRebalance: record({
    state: { type: 'string', enum: ['Idle', 'RebalanceOnScaleDown', 'RebalanceOnScaleUp'] },
  }),
  conditions: list(
    record({
      type: Text,
      status: Text,
      reason: Text,
      message: Text,
      lastTransitionTime: Text,
    }),
  ),
})

const nodeSelectorTerm = record({
  matchExpressions: list(
    record({ key: Text, operator: Text, values: list(Text) }, ['key', 'operator']),
  ),
})

const nodePool = record(
  {
    replicas: { type: 'integer', minimum: 0 },
    roles: list({ type: 'string', enum: ['controller', 'broker'] }),
    resources: Amounts,
    storage: record(
      {
        type: { type: 'string', enum: ['ephemeral', 'persistent-claim', 'jbod'] },
        volumes: list(
          record(
            {
              id: { type: 'integer', minimum: 0 },
              type: { type: 'string', enum: ['ephemeral', 'persistent-claim'] },
              size: Text,
              class: Text,
              deleteClaim: { type: 'boolean' },
              kraftMetadata: { type: 'string', enum: ['shared'] },
            },
            ['type'],
          ),
        ),
      },
      ['type'],
    ),
    template: record({
      pod: record({
        metadata: Metadata,
        affinity: record({
          nodeAffinity: record({
            requiredDuringSchedulingIgnoredDuringExecution: record({
              nodeSelectorTerms: list(nodeSelectorTerm),
            }),
          }),
        }),
      }),
    }),
  },
  ['replicas', 'storage', 'roles'],
)

const kafka = record(
  {
    kafka: record(
      {
        version: Text,
        listeners: list(
          record(
            {
              name: { type: 'string', pattern: '^[a-z0-9]{1,11}$' },
              port: { type: 'integer', minimum: 9092 },
              type: { type: 'string', enum: ['internal', 'route', 'loadbalancer', 'nodeport'] },
              tls: { type: 'boolean' },
              configuration: record({
                loadBalancerSourceRanges: list(Text),
                brokers: list(record({ broker: Integer, advertisedHost: Text }, ['broker'])),
              }),
            },
            ['name', 'port', 'type', 'tls'],
          ),
        ),
        config: Anything,
      },
      ['listeners'],
    ),
    cruiseControl: record({
      autoRebalance: list(
        record({ mode: { type: 'string', enum: ['add-brokers', 'remove-brokers'] } }, ['mode']),
      ),
    }),
  },
  ['kafka'],
)

const altinityStatus = record({
  status: Text,
  taskID: Text,
  taskIDsCompleted: list(Text),
  error: Text,
})

const templates = record({
  podTemplates: list(
    record(
      {
        name: Text,
        metadata: Anything,
        zone: record({ key: Text, values: list(Text) }),
        spec: Anything,
      },
      ['name'],
    ),
  ),
  volumeClaimTemplates: list(
    record(
      {
        name: Text,
        reclaimPolicy: { type: 'string', enum: ['', 'Retain', 'Delete'] },
        spec: Anything,
      },
      ['name', 'spec'],
    ),
  ),
})

const chosen = record({ podTemplate: Text, dataVolumeClaimTemplate: Text })
const layout = record({ shardsCount: Integer, replicasCount: Integer })
/** The operator takes no longer one. */
const ClusterName = { type: 'string', minLength: 1, pattern: '^[a-zA-Z0-9-]{0,15}$' }

const keeper = record({
  taskID: Text,
  configuration: record({ clusters: list(record({ name: ClusterName, layout }, ['name'])) }),
  defaults: record({ templates: chosen }),
  templates,
})

const clickhouse = record({
  taskID: Text,
  configuration: record({
    clusters: list(
      record(
        { name: ClusterName, layout, secret: record({ auto: { type: 'string', enum: ['True'] } }) },
        ['name'],
      ),
    ),
    zookeeper: record({ nodes: list(record({ host: Text, port: Integer }, ['host'])) }),
    users: Anything,
    profiles: Anything,
    quotas: Anything,
    settings: Anything,
  }),
  defaults: record({
    templates: chosen,
    storageManagement: record({
      provisioner: { type: 'string', enum: ['', 'StatefulSet', 'Operator'] },
      reclaimPolicy: { type: 'string', enum: ['', 'Retain', 'Delete'] },
    }),
  }),
  templates,
})

const stackableStatus = record({
  conditions: list(
    record(
      {
        type: {
          type: 'string',
          enum: ['Available', 'Degraded', 'Progressing', 'ReconciliationPaused', 'Stopped'],
        },
        status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
        message: Text,
      },
      ['type', 'status'],
    ),
  ),
})

/** `own`: members of the configuration of one product's role; `volume`: more of its volumes. */
const roleGroup = (own: object, volumes: object) =>
  record({
    replicas: { type: 'integer', minimum: 0, maximum: 65_535 },
    config: record({
      resources: record({
        cpu: record({ min: Text, max: Text }),
        memory: record({ limit: Text }),
        storage: record(volumes),
      }),
      ...own,
    }),
    podOverrides: Anything,
  })

const Volume = record({ capacity: Text, storageClass: Text })
const overriding = (...files: readonly string[]) =>
  record(Object.fromEntries(files.map((file) => [file, Texts])))

const stackableRole = (files: readonly string[], own: object = {}, volumes: object = {}) =>
  record(
    {
      configOverrides: overriding(...files),
      roleGroups: {
        type: 'object',
        additionalProperties: roleGroup(own, { data: Volume, ...volumes }),
      },
    },
    ['roleGroups'],
  )

const stackableCluster = {
  image: record({ productVersion: Text }),
  clusterOperation: record({
    stopped: { type: 'boolean' },
    reconciliationPaused: { type: 'boolean' },
  }),
}

const zookeeper = record(
  {
    ...stackableCluster,
    clusterConfig: record({
      tls: record({ serverSecretClass: { type: 'string', nullable: true, default: 'tls' } }),
    }),
    servers: stackableRole(['zoo.cfg'], { myidOffset: { type: 'integer', minimum: 0 } }),
  },
  ['image'],
)

const znode = record({ clusterRef: record({ name: Text, namespace: Text }) }, ['clusterRef'])

const hdfs = record(
  {
    ...stackableCluster,
    clusterConfig: record(
      { dfsReplication: { type: 'integer', minimum: 0 }, zookeeperConfigMapName: Text },
      ['zookeeperConfigMapName'],
    ),
    nameNodes: stackableRole([]),
    journalNodes: stackableRole([]),
    dataNodes: stackableRole([]),
  },
  ['image', 'clusterConfig'],
)

const hbase = record(
  {
    ...stackableCluster,
    clusterConfig: record({ hdfsConfigMapName: Text, zookeeperConfigMapName: Text }, [
      'hdfsConfigMapName',
      'zookeeperConfigMapName',
    ]),
    masters: stackableRole([]),
    regionServers: stackableRole([]),
    restServers: stackableRole([]),
  },
  ['image', 'clusterConfig'],
)

const dorisPart = {
  image: Text,
  replicas: { type: 'integer', minimum: 0 },
  requests: Amount,
  limits: Amount,
  podLabels: Texts,
  annotations: Texts,
  nodeSelector: Texts,
  envVars: list(Anything),
  configMapInfo: record({ configMapName: Text, resolveKey: Text }),
  persistentVolumes: list(
    record({
      name: Text,
      mountPath: Text,
      provisioner: Text,
      persistentVolumeClaimSpec: Anything,
    }),
  ),
}

const dorisStatus = record({
  componentCondition: record(
    {
      phase: Text,
      reason: Text,
      message: Text,
    },
    ['phase'],
  ),
})

const doris = record({
  authSecret: Text,
  feSpec: record({ ...dorisPart, electionNumber: Integer }, ['image']),
  beSpec: record({ ...dorisPart, skipDefaultSystemInit: { type: 'boolean' } }, ['image']),
})

const definitions: readonly (readonly [ResourceType, object])[] = [
  [resources.kafkaNodePool, object(nodePool, strimziStatus)],
  [resources.kafka, object(kafka, strimziStatus)],
  [resources.clickhouseKeeper, object(keeper, altinityStatus)],
  [resources.clickhouse, object(clickhouse, altinityStatus)],
  [resources.doris, object(doris, record({ feStatus: dorisStatus, beStatus: dorisStatus }))],
  [resources.zookeeper, object(zookeeper, stackableStatus)],
  [resources.zookeeperZnode, object(znode, record({ znodePath: Text }))],
  [resources.hdfs, object(hdfs, stackableStatus)],
  [resources.hbase, object(hbase, stackableStatus)],
]

export async function defineProducts(client: KubernetesClient): Promise<void> {
  for (const [type, schema] of definitions) await define(client, type, schema)
}
