/**
 * A definition of the custom resource StarRocksCluster with the members that Emrys sets and reads, and no others: written for these tests
 * from what StarRocks' operator 1.11.5 documents, so that the API server refuses a member that Emrys misspells. The operator's own
 * definition has many more.
 */
import type { KubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import { Amount, define, list, record, Text, Texts } from './definition.ts'

/** As the operator's own: decimal units are refused. */
const SIZE = String.raw`(^0|([0-9]*l[.])?[0-9]+((M|G|T|E|P)i))$`

const part = (environment: string) =>
  record({
    image: Text,
    replicas: { type: 'integer', format: 'int32', minimum: 0 },
    requests: Amount,
    limits: Amount,
    annotations: Texts,
    podLabels: Texts,
    nodeSelector: Texts,
    configMapInfo: record({ configMapName: Text, resolveKey: Text }),
    topologySpreadConstraints: list(
      record(
        {
          maxSkew: { type: 'integer', format: 'int32' },
          topologyKey: Text,
          whenUnsatisfiable: Text,
          labelSelector: record({ matchLabels: Texts }),
        },
        ['maxSkew', 'topologyKey', 'whenUnsatisfiable'],
      ),
    ),
    persistentVolumeClaimRetentionPolicy: record({ whenDeleted: Text, whenScaled: Text }),
    storageVolumes: list(
      record(
        {
          name: Text,
          storageClassName: Text,
          storageSize: { type: 'string', pattern: SIZE },
          mountPath: Text,
        },
        ['name', 'mountPath'],
      ),
    ),
    secrets: list(record({ name: Text, mountPath: Text }, ['name', 'mountPath'])),
    [environment]: list(
      record(
        {
          name: Text,
          value: Text,
          valueFrom: record({ secretKeyRef: record({ name: Text, key: Text }, ['key']) }),
        },
        ['name'],
      ),
    ),
  })

const partStatus = record({
  phase: Text,
  reason: Text,
  runningInstances: list(Text),
  creatingInstances: list(Text),
  failedInstances: list(Text),
})

const schema = record({
  apiVersion: Text,
  kind: Text,
  metadata: { type: 'object' },
  spec: record({
    starRocksFeSpec: part('feEnvVars'),
    starRocksBeSpec: part('beEnvVars'),
    starRocksCnSpec: part('cnEnvVars'),
  }),
  status: record(
    {
      phase: Text,
      reason: Text,
      starRocksFeStatus: partStatus,
      starRocksBeStatus: partStatus,
      starRocksCnStatus: partStatus,
    },
    ['phase'],
  ),
})

/** Makes it known to an API server, and waits until it is in use. */
export async function defineStarrocks(client: KubernetesClient): Promise<void> {
  await define(client, resources.starrocks, schema)
}
