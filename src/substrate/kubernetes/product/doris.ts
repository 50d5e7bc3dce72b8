/**
 * Doris by its own operator (doris.selectdb.com/v1): master nodes are front ends, core nodes back ends. Front ends are configured with root's
 * password; Doris has a second administrator without one, which is given the same by SQL before the cluster is shown as answering.
 */
import { createHash } from 'node:crypto'
import type { UnmetRequirement } from '../../../domain/cluster/capability.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import { recordOf } from '../../../kernel/json.ts'
import { ownLabels } from '../ownership.ts'
import { resources, textOf, type KubernetesObject } from '../resource.ts'
import { within } from '../starrocks/frontend.ts'
import {
  amountOf,
  groupsOf,
  nodesInRole,
  podMetadata,
  RESOURCE,
  settingsOf,
  type PlacedGroup,
  type Product,
  type ProductCluster,
  type Progress,
} from './product.ts'

const HTTP_PORT = 8030
const WORKER_PORT = 8040
const QUERY_PORT = 9030
const SECRET = 'doris-root'
const DIGEST = 'digest'
const FRONTEND = 'DORIS/fe.conf'
const WORKER = 'DORIS/be.conf'
const OWN =
  /^(LOG_DIR|CUR_DATE|JAVA_OPTS.*|.*_port|meta_dir|storage_root_path|priority_networks|enable_fqdn_mode|initial_root_password)$/
/** A front end's Java heap, as a part of its memory. */
const HEAP = 0.7
const FOLLOWERS = 3

export const doris: Product = {
  family: 'doris',
  name: 'doris',
  title: 'Doris',
  operator: "Doris' operator",
  release: '25.4',
  within: { knox: 'web pages are those of front ends (8030)' },
  roles: ['master', 'core'],
  files: { [FRONTEND]: OWN, [WORKER]: OWN },
  disks: { most: 1, grow: false, add: false },
  versioned: ['doris'],
  types: [resources.doris],
  secrets: [SECRET],
  ports: [HTTP_PORT, WORKER_PORT, QUERY_PORT],
  outside: { role: 'master', ports: { mysql: QUERY_PORT, http: HTTP_PORT }, guarded: true },
  unmet,
  objects: (cluster) => [
    ...passwordObjects(cluster),
    configurationObject(cluster, 'fe'),
    configurationObject(cluster, 'be'),
    clusterObject(cluster),
  ],
  pods: (_spec, { role, nodes }) =>
    nodes.map((_node, at) => `${RESOURCE}-${role === 'master' ? 'fe' : 'be'}-${at}`),
  claim: (pod) => `data-${pod}`,
  progress,
  seal: {
    secret: SECRET,
    pod: `${RESOURCE}-fe-0`,
    run: (host, password) =>
      within({ host, password }, QUERY_PORT, async (connection) => {
        const text = connection.escape(password)
        await connection.query(`SET PASSWORD FOR 'admin' = PASSWORD(${text})`)
      }),
  },
  host: (pod, namespace) => `${pod}.${pod.replace(/-\d+$/, '')}-internal.${namespace}.svc`,
  endpoints: (namespace) => {
    const host = `${RESOURCE}-fe-service.${namespace}.svc`
    return [
      { name: 'mysql', host, port: QUERY_PORT },
      { name: 'http', host, port: HTTP_PORT },
    ]
  },
}

function unmet(after: ClusterSpec, before: ClusterSpec | undefined): UnmetRequirement | undefined {
  const groups = (role: string) => after.groups.filter((group) => group.role === role).length
  if (groups('master') !== 1 || groups('core') !== 1)
    return {
      what: 'several groups of master or core nodes',
      detail: 'Doris on kubernetes has one of each',
    }
  if (before && followersIn(before) !== followersIn(after))
    return { what: 'more front ends', detail: 'the one that elects itself is alone for good' }
  return undefined
}

/** The others are observers. */
function followersIn(spec: ClusterSpec): number {
  return nodesInRole(spec, 'master') >= FOLLOWERS ? FOLLOWERS : 1
}

function metadataOf(cluster: ProductCluster, name: string) {
  return {
    name,
    namespace: cluster.namespace,
    labels: ownLabels(cluster.installation, cluster.id),
  }
}

/** What its operator and its nodes log in with; and the digest that front ends are configured with. */
function passwordObjects(cluster: ProductCluster): readonly KubernetesObject[] {
  const { password } = cluster
  if (password === undefined) return []
  const encoded = (text: string) => Buffer.from(text).toString('base64')
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadataOf(cluster, SECRET),
      type: 'kubernetes.io/basic-auth',
      data: {
        username: encoded('root'),
        password: encoded(password),
        [DIGEST]: encoded(digestOf(password)),
      },
    },
  ]
}

/** MySQL's, which Doris takes over. */
function digestOf(password: string): string {
  const once = createHash('sha1').update(password).digest()
  return `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`
}

function configurationObject(cluster: ProductCluster, part: 'fe' | 'be'): KubernetesObject {
  const own = part === 'fe' ? frontendLines(cluster) : workerLines
  const set = settingsOf(cluster.spec, part === 'fe' ? FRONTEND : WORKER)
  const lines = Object.entries({ ...own, ...set }).map(([name, value]) => `${name} = ${value}\n`)
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(cluster, `${RESOURCE}-${part}`),
    data: { [`${part}.conf`]: lines.join('') },
  }
}

function frontendLines({ groups, password }: ProductCluster): Readonly<Record<string, string>> {
  const [memoryMib = 0] = groupsOf(groups, 'master').map(({ group }) => group.memoryMib)
  const java = `-Xmx${Math.floor(memoryMib * HEAP)}m -XX:+UseG1GC`
  const open =
    '--add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED'
  return {
    LOG_DIR: '${DORIS_HOME}/log',
    JAVA_OPTS: `"${java}"`,
    JAVA_OPTS_FOR_JDK_17: `"${java} ${open}"`,
    http_port: String(HTTP_PORT),
    rpc_port: '9020',
    query_port: String(QUERY_PORT),
    edit_log_port: '9010',
    enable_fqdn_mode: 'true',
    // Doris puts the environment in its place: it stands in no ConfigMap.
    ...(password !== undefined && { initial_root_password: '${EMRYS_ROOT_DIGEST}' }),
  }
}

const workerLines: Readonly<Record<string, string>> = {
  be_port: '9060',
  webserver_port: String(WORKER_PORT),
  heartbeat_service_port: '9050',
  brpc_port: '8060',
}

function clusterObject(cluster: ProductCluster): KubernetesObject {
  const part = (name: 'fe' | 'be') => {
    const [placed] = groupsOf(cluster.groups, name === 'fe' ? 'master' : 'core')
    return placed && partOf(cluster, placed, name)
  }
  const environment = {
    name: 'EMRYS_ROOT_DIGEST',
    valueFrom: { secretKeyRef: { name: SECRET, key: DIGEST } },
  }
  const hasPassword = cluster.password !== undefined
  return {
    apiVersion: 'doris.selectdb.com/v1',
    kind: 'DorisCluster',
    metadata: {
      ...metadataOf(cluster, RESOURCE),
      annotations: { 'emrys.dev/generation': String(cluster.generation) },
    },
    spec: {
      ...(hasPassword && { authSecret: SECRET }),
      feSpec: {
        ...part('fe'),
        electionNumber: followersIn(cluster.spec),
        ...(hasPassword && { envVars: [environment] }),
      },
      // Its own container for that has privileges, which the namespace does not allow.
      beSpec: { ...part('be'), skipDefaultSystemInit: true },
    },
  }
}

function partOf(cluster: ProductCluster, placed: PlacedGroup, part: 'fe' | 'be'): object {
  const { labels, annotations } = podMetadata(cluster, placed)
  return {
    image: `apache/doris:${part}-${cluster.versions['doris']}`,
    replicas: placed.group.nodes.length,
    ...amountOf(placed),
    podLabels: labels,
    annotations,
    ...(placed.machines && { nodeSelector: placed.machines }),
    configMapInfo: { configMapName: `${RESOURCE}-${part}`, resolveKey: `${part}.conf` },
    persistentVolumes: placed.disks.map(({ sizeGib, storageClass }) => ({
      name: 'data',
      mountPath: `/opt/apache-doris/${part === 'fe' ? 'fe/doris-meta' : 'be/storage'}`,
      provisioner: 'StatefulSet',
      persistentVolumeClaimSpec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: storageClass,
        resources: { requests: { storage: `${sizeGib}Gi` } },
      },
    })),
  }
}

/** It says nothing of generations: pods have to be looked at beside it. */
function progress({ status }: KubernetesObject): Progress {
  const parts = ['feStatus', 'beStatus'].map((name) =>
    recordOf(recordOf(recordOf(status)[name])['componentCondition']),
  )
  const failed = parts.find(({ phase }) => phase === 'haveMemberFailed')
  if (failed) {
    const said = textOf(failed['message']) || textOf(failed['reason'])
    return { refused: said === '' ? 'a pod of it failed' : said }
  }
  return parts.every(({ phase }) => phase === 'available') ? 'settled' : 'under-way'
}
