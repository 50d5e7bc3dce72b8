/** The kinds of objects that this driver works with, by group and version, and their paths in the API. */

export interface ResourceType {
  /** As objects say it themselves: `v1`, `apps/v1`. */
  readonly apiVersion: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
}

const inNamespace = (apiVersion: string, kind: string, plural: string): ResourceType => ({
  apiVersion,
  kind,
  plural,
  namespaced: true,
})

const stackable = (group: string, kind: string, plural: string): ResourceType =>
  inNamespace(`${group}.stackable.tech/v1alpha1`, kind, plural)

const ofCluster = (apiVersion: string, kind: string, plural: string): ResourceType => ({
  apiVersion,
  kind,
  plural,
  namespaced: false,
})

export const resources = {
  namespace: ofCluster('v1', 'Namespace', 'namespaces'),
  secret: inNamespace('v1', 'Secret', 'secrets'),
  configMap: inNamespace('v1', 'ConfigMap', 'configmaps'),
  service: inNamespace('v1', 'Service', 'services'),
  pod: inNamespace('v1', 'Pod', 'pods'),
  claim: inNamespace('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  statefulSet: inNamespace('apps/v1', 'StatefulSet', 'statefulsets'),
  networkPolicy: inNamespace('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  disruptionBudget: inNamespace('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  storageClass: ofCluster('storage.k8s.io/v1', 'StorageClass', 'storageclasses'),
  starrocks: inNamespace('starrocks.com/v1', 'StarRocksCluster', 'starrocksclusters'),
  clickhouse: inNamespace(
    'clickhouse.altinity.com/v1',
    'ClickHouseInstallation',
    'clickhouseinstallations',
  ),
  clickhouseKeeper: inNamespace(
    'clickhouse-keeper.altinity.com/v1',
    'ClickHouseKeeperInstallation',
    'clickhousekeeperinstallations',
  ),
  kafka: inNamespace('kafka.strimzi.io/v1', 'Kafka', 'kafkas'),
  kafkaNodePool: inNamespace('kafka.strimzi.io/v1', 'KafkaNodePool', 'kafkanodepools'),
  doris: inNamespace('doris.selectdb.com/v1', 'DorisCluster', 'dorisclusters'),
  zookeeper: stackable('zookeeper', 'ZookeeperCluster', 'zookeeperclusters'),
  zookeeperZnode: stackable('zookeeper', 'ZookeeperZnode', 'zookeeperznodes'),
  hdfs: stackable('hdfs', 'HdfsCluster', 'hdfsclusters'),
  hbase: stackable('hbase', 'HbaseCluster', 'hbaseclusters'),
} as const

/** What the driver reads of any object; the rest of it is checked where it is read. */
export interface KubernetesObject {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: ObjectMetadata
  readonly [member: string]: unknown
}

export interface ObjectMetadata {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly generation?: number
  readonly deletionTimestamp?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export interface ObjectKey {
  readonly type: ResourceType
  /** Of types that lie in one. */
  readonly namespace?: string
  readonly name: string
}

/** Of all objects of a type: in one namespace, or in the whole cluster without it. */
export function listPath(
  { apiVersion, plural, namespaced }: ResourceType,
  namespace?: string,
): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const within = namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : ''
  return `${root}${within}/${plural}`
}

export function objectPath({ type, namespace, name }: ObjectKey): string {
  if (type.namespaced && namespace === undefined)
    throw new Error(`${type.kind} ${name} needs a namespace`)
  return `${listPath(type, namespace)}/${segment(name)}`
}

/** What an object is called by what it says of itself. Throws for a kind that is not in the table. */
export function keyOf({ apiVersion, kind, metadata }: KubernetesObject): ObjectKey {
  const known: readonly ResourceType[] = Object.values(resources)
  const type = known.find((each) => each.apiVersion === apiVersion && each.kind === kind)
  if (!type) throw new Error(`nothing is known of the kind ${kind} of ${apiVersion}`)
  const { name, namespace } = metadata
  return { type, name, ...(namespace !== undefined && { namespace }) }
}

/** Empty for what is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Names are made of our ids; one that would lead elsewhere is a mistake of ours. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/

function segment(name: string): string {
  if (!NAME.test(name)) throw new Error(`${name} cannot be a name in Kubernetes`)
  return name
}
