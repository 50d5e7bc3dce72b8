/** ZooKeeper by Stackable's operator: clusters of the class hadoop that are nothing else (the scene Hadoop-Zookeeper). */
import { resources } from '../resource.ts'
import { groupsOf, RESOURCE, settingsOf, type Product, type ProductCluster } from './product.ts'
import {
  claimOf,
  clusterObject,
  hostOf,
  OPERATOR,
  overrides,
  podsOf,
  progress,
  roleGroups,
  stop,
} from './stackable.ts'

const PORT = 2181
/** Servers know each other by numbers below 256: each group has a range of its own. */
const RANGE = 50
const SETTINGS = 'ZOOKEEPER/zoo.cfg'
const OWN =
  /^(dataDir|dataLogDir|clientPort.*|secureClientPort.*|server\..*|admin\..*|ssl\..*|sslQuorum|authProvider.*|serverCnxnFactory|metricsProvider.*)$/

export const zookeeper: Product = {
  family: 'hadoop',
  name: 'zookeeper',
  title: 'ZooKeeper',
  operator: OPERATOR,
  release: '26.7',
  within: {},
  roles: ['common'],
  files: { [SETTINGS]: OWN },
  disks: { most: 1, grow: false, add: false },
  versioned: ['zookeeper'],
  types: [resources.zookeeper],
  secrets: [],
  ports: [PORT],
  outside: { role: 'common', ports: { zookeeper: PORT }, guarded: false },
  unmet: () => undefined,
  objects: (cluster) => [zookeeperObject(cluster)],
  pods: (spec, group) => podsOf('server', spec, group),
  claim: claimOf,
  progress,
  stop,
  host: hostOf,
  endpoints: (namespace) => [
    { name: 'zookeeper', host: `${RESOURCE}-server.${namespace}.svc`, port: PORT },
  ],
}

function zookeeperObject(cluster: ProductCluster) {
  const groups = groupsOf(cluster.groups, 'common')
  return clusterObject(resources.zookeeper, cluster, {
    image: { productVersion: cluster.versions['zookeeper'] },
    // Clients of the API are given no certificates.
    clusterConfig: { tls: { serverSecretClass: null } },
    servers: {
      ...overrides({ 'zoo.cfg': settingsOf(cluster.spec, SETTINGS) }),
      roleGroups: roleGroups(cluster, groups, (_group, at) => ({ myidOffset: 1 + at * RANGE })),
    },
  })
}
