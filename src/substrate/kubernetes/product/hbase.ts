/**
 * Serverless HBase by Stackable's operators: region servers are the nodes of the instance, and each has a DataNode beside it with its disk. What
 * HBase needs otherwise, for which the API has no nodes, is the same for all instances: masters, a REST server, NameNodes, JournalNodes, ZooKeeper.
 */
import { resources, type KubernetesObject } from '../resource.ts'
import { groupName, RESOURCE, type Product, type ProductCluster } from './product.ts'
import {
  clusterObject,
  helperGroups,
  hostOf,
  OPERATOR,
  plainObject,
  podsOf,
  progress,
  roleGroups,
  stop,
} from './stackable.ts'

const ZOOKEEPER_PORT = 2181
const MASTER_PORT = 16_000
const REGION_PORT = 16_020
const ROLE = 'regionserver'
/** Copies of each block; there are at least as many nodes. */
const REPLICATION = 3
const SMALL_GIB = 20

/** Each resource has a ConfigMap of its own name, by which the others find it. */
const ZOOKEEPER = `${RESOURCE}-zookeeper`
const HDFS = `${RESOURCE}-hdfs`
const HDFS_ZNODE = `${RESOURCE}-hdfs-znode`
const HBASE_ZNODE = `${RESOURCE}-hbase-znode`

export const hbase: Product = {
  family: 'hbase',
  name: 'hbase',
  title: 'HBase',
  operator: OPERATOR,
  release: '26.7',
  within: {},
  roles: ['hbase'],
  files: {},
  disks: { most: 1, grow: false, add: false },
  versioned: ['hbase', 'hdfs', 'zookeeper'],
  types: [resources.zookeeper, resources.zookeeperZnode, resources.hdfs, resources.hbase],
  secrets: [],
  ports: [ZOOKEEPER_PORT, MASTER_PORT, REGION_PORT],
  unmet: () => undefined,
  objects: (cluster) => [
    zookeeperObject(cluster),
    znodeObject(cluster, HDFS_ZNODE),
    znodeObject(cluster, HBASE_ZNODE),
    hdfsObject(cluster),
    hbaseObject(cluster),
  ],
  pods: (spec, group) => podsOf(ROLE, spec, group),
  claim: (pod) => `data-${pod.replace(`${RESOURCE}-${ROLE}`, `${HDFS}-datanode`)}`,
  // A node of ZooKeeper's tree runs nothing.
  progress: (resource) => (resource.kind === 'ZookeeperZnode' ? 'settled' : progress(resource)),
  stop: (resource) => (resource.kind === 'ZookeeperZnode' ? undefined : stop(resource)),
  host: hostOf,
  endpoints: (namespace) => [
    { name: 'zookeeper', host: `${ZOOKEEPER}-server.${namespace}.svc`, port: ZOOKEEPER_PORT },
  ],
}

/** Of pods that are no nodes; with a small volume of the kind that nodes have. */
function helpers(cluster: ProductCluster, replicas: number, hasVolume: boolean) {
  const [first] = cluster.groups.flatMap(({ disks }) => disks)
  const disk = hasVolume && first ? { ...first, sizeGib: SMALL_GIB } : undefined
  return { roleGroups: helperGroups(cluster, [{ name: 'default', replicas, disk }]) }
}

function zookeeperObject(cluster: ProductCluster): KubernetesObject {
  const spec = {
    image: { productVersion: cluster.versions['zookeeper'] },
    clusterConfig: { tls: { serverSecretClass: null } },
    servers: helpers(cluster, 3, true),
  }
  return clusterObject(resources.zookeeper, cluster, spec, ZOOKEEPER)
}

function znodeObject(cluster: ProductCluster, name: string): KubernetesObject {
  const spec = { clusterRef: { name: ZOOKEEPER } }
  return plainObject(resources.zookeeperZnode, cluster, spec, name)
}

function hdfsObject(cluster: ProductCluster): KubernetesObject {
  const dataNodes = cluster.groups.map(({ group, disks: [disk], machines }) => ({
    name: groupName(cluster.spec, group),
    replicas: group.nodes.length,
    disk,
    ...(machines && { machines }),
  }))
  const spec = {
    image: { productVersion: cluster.versions['hdfs'] },
    clusterConfig: { dfsReplication: REPLICATION, zookeeperConfigMapName: HDFS_ZNODE },
    nameNodes: helpers(cluster, 2, true),
    journalNodes: helpers(cluster, 3, true),
    dataNodes: { roleGroups: helperGroups(cluster, dataNodes) },
  }
  return clusterObject(resources.hdfs, cluster, spec, HDFS)
}

function hbaseObject(cluster: ProductCluster): KubernetesObject {
  const nodes = cluster.groups.map((placed) => ({ ...placed, disks: [] }))
  return clusterObject(resources.hbase, cluster, {
    image: { productVersion: cluster.versions['hbase'] },
    clusterConfig: { hdfsConfigMapName: HDFS, zookeeperConfigMapName: HBASE_ZNODE },
    masters: helpers(cluster, 2, false),
    regionServers: { roleGroups: roleGroups(cluster, nodes) },
    restServers: helpers(cluster, 1, false),
  })
}
