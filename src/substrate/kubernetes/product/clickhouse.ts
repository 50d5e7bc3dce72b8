/**
 * ClickHouse by Altinity's operator (clickhouse.altinity.com/v1, 0.25): core nodes are shards, or, where the cluster has nodes of the role `common`, pairs of
 * replicas that ClickHouse Keeper on those keeps together. A change is done when the operator has completed the task that is named after it.
 */
import { sha256Hex } from '../../../kernel/digest.ts'
import { recordOf, listOf } from '../../../kernel/json.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import { ownLabels } from '../ownership.ts'
import { resources, textOf, type KubernetesObject } from '../resource.ts'
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

const HTTP_PORT = 8123
const NATIVE_PORT = 9000
const KEEPER_PORT = 2181
/** The operator takes at most 15 letters. */
const CLUSTER = 'default'
const SECRET = 'clickhouse-admin'
const DATA = 'data'
const DIGEST = 'password_sha256_hex'
const SETTINGS = 'CLICKHOUSE/config.xml'
const PROFILES = 'CLICKHOUSE/users.xml'
/** Paths in the files, as the operator takes them; ports, folders and what keeps hosts together are its own. */
const OWN_SETTINGS =
  /^(.*port.*|listen_host|interserver_.*|path|tmp_path|user_files_path|.*_path|remote_servers.*|zookeeper.*|macros.*|distributed_ddl.*|users.*)$/
/** Settings of profiles and quotas alone: users are not made by settings. */
const OWN_PROFILES = /^(?!profiles\/|quotas\/)/

export const clickhouse: Product = {
  family: 'clickhouse',
  name: 'clickhouse',
  title: 'ClickHouse',
  operator: "Altinity's operator",
  release: '0.25',
  within: { zookeeper: 'ClickHouse Keeper is in its place, where there are replicas' },
  roles: ['core', 'common'],
  files: { [SETTINGS]: OWN_SETTINGS, [PROFILES]: OWN_PROFILES },
  disks: { most: 1, grow: true, add: false },
  versioned: ['clickhouse'],
  types: [resources.clickhouseKeeper, resources.clickhouse],
  secrets: [SECRET],
  ports: [HTTP_PORT, NATIVE_PORT],
  outside: {
    role: 'core',
    ports: { 'clickhouse-http': HTTP_PORT, clickhouse: NATIVE_PORT },
    guarded: true,
  },
  unmet,
  objects: (cluster) => [
    ...passwordObjects(cluster),
    ...groupsOf(cluster.groups, 'common').map((placed) => keeperOf(cluster, placed)),
    ...groupsOf(cluster.groups, 'core').map((placed) => installationOf(cluster, placed)),
  ],
  pods(spec, { role, nodes }) {
    if (role === 'common') return nodes.map((_node, at) => `chk-${RESOURCE}-${CLUSTER}-0-${at}-0`)
    const { replicasCount } = layoutOf(spec)
    return nodes.map(
      (_node, at) =>
        `chi-${RESOURCE}-${CLUSTER}-${Math.floor(at / replicasCount)}-${at % replicasCount}-0`,
    )
  },
  claim: (pod) => `${DATA}-${pod}`,
  progress,
  // Each host has a service of its own, which is called as its set.
  host: (pod, namespace) => `${pod.replace(/-0$/, '')}.${namespace}.svc`,
  endpoints: (namespace) => {
    const host = `clickhouse-${RESOURCE}.${namespace}.svc`
    return [
      { name: 'clickhouse-http', host, port: HTTP_PORT },
      { name: 'clickhouse', host, port: NATIVE_PORT },
    ]
  },
}

function layoutOf(spec: ClusterSpec) {
  const hosts = nodesInRole(spec, 'core')
  const replicasCount = nodesInRole(spec, 'common') > 0 ? 2 : 1
  return { shardsCount: Math.ceil(hosts / replicasCount), replicasCount }
}

function unmet(after: ClusterSpec) {
  const groups = (role: string) => after.groups.filter((group) => group.role === role).length
  if (groups('core') !== 1 || groups('common') > 1)
    return {
      what: 'several groups of core or common nodes',
      detail: 'ClickHouse on kubernetes has hosts of one size',
    }
  const { shardsCount, replicasCount } = layoutOf(after)
  const hosts = nodesInRole(after, 'core')
  if (shardsCount * replicasCount !== hosts)
    return { what: `${hosts} core nodes`, detail: 'with replicas they are pairs' }
  return undefined
}

function passwordObjects(cluster: ProductCluster): readonly KubernetesObject[] {
  if (cluster.password === undefined) return []
  // The digest alone: nobody reads the password here.
  const data = { [DIGEST]: Buffer.from(sha256Hex(cluster.password)).toString('base64') }
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: SECRET,
        namespace: cluster.namespace,
        labels: ownLabels(cluster.installation, cluster.id),
      },
      type: 'Opaque',
      data,
    },
  ]
}

function metadataOf(cluster: ProductCluster) {
  return {
    name: RESOURCE,
    namespace: cluster.namespace,
    labels: ownLabels(cluster.installation, cluster.id),
    annotations: { 'emrys.dev/generation': String(cluster.generation) },
  }
}

function keeperOf(cluster: ProductCluster, placed: PlacedGroup): KubernetesObject {
  return {
    apiVersion: 'clickhouse-keeper.altinity.com/v1',
    kind: 'ClickHouseKeeperInstallation',
    metadata: metadataOf(cluster),
    spec: {
      taskID: taskOf(cluster.generation),
      configuration: {
        clusters: [{ name: CLUSTER, layout: { replicasCount: placed.group.nodes.length } }],
      },
      ...templatesOf(cluster, placed, 'clickhouse-keeper'),
    },
  }
}

function installationOf(cluster: ProductCluster, placed: PlacedGroup): KubernetesObject {
  const layout = layoutOf(cluster.spec)
  const { defaults, templates } = templatesOf(cluster, placed, 'clickhouse')
  return {
    apiVersion: 'clickhouse.altinity.com/v1',
    kind: 'ClickHouseInstallation',
    metadata: metadataOf(cluster),
    spec: {
      taskID: taskOf(cluster.generation),
      configuration: {
        clusters: [{ name: CLUSTER, secret: { auto: 'True' }, layout }],
        ...(layout.replicasCount > 1 && {
          zookeeper: { nodes: [{ host: `keeper-${RESOURCE}`, port: KEEPER_PORT }] },
        }),
        ...(cluster.password !== undefined && {
          users: {
            [`admin/${DIGEST}`]: { valueFrom: { secretKeyRef: { name: SECRET, key: DIGEST } } },
            'admin/networks/ip': '::/0',
            'admin/access_management': 1,
          },
        }),
        ...settingObjects(cluster),
      },
      defaults: {
        ...defaults,
        storageManagement: { provisioner: 'Operator', reclaimPolicy: 'Retain' },
      },
      templates,
    },
  }
}

/** `profiles/default/max_threads` is the member `default/max_threads` of the profiles. */
function settingObjects({ spec }: ProductCluster) {
  const settings = settingsOf(spec, SETTINGS)
  const beneath = (folder: string) =>
    Object.fromEntries(
      Object.entries(settingsOf(spec, PROFILES)).flatMap(([name, value]) =>
        name.startsWith(folder) ? [[name.slice(folder.length), value]] : [],
      ),
    )
  const all = { settings, profiles: beneath('profiles/'), quotas: beneath('quotas/') }
  return Object.fromEntries(Object.entries(all).filter(([, each]) => Object.keys(each).length > 0))
}

function templatesOf(cluster: ProductCluster, placed: PlacedGroup, program: string) {
  const image = program === 'clickhouse' ? 'clickhouse-server' : program
  return {
    defaults: { templates: { podTemplate: 'pod', dataVolumeClaimTemplate: DATA } },
    templates: {
      podTemplates: [
        {
          name: 'pod',
          metadata: podMetadata(cluster, placed),
          spec: {
            ...(placed.machines && { nodeSelector: placed.machines }),
            containers: [
              {
                name: program,
                image: `clickhouse/${image}:${cluster.versions['clickhouse']}`,
                resources: amountOf(placed),
              },
            ],
          },
        },
      ],
      volumeClaimTemplates: placed.disks.map(({ sizeGib, storageClass }) => ({
        name: DATA,
        reclaimPolicy: 'Retain',
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: storageClass,
          resources: { requests: { storage: `${sizeGib}Gi` } },
        },
      })),
    },
  }
}

function taskOf(generation: number): string {
  return `emrys-${generation}`
}

function progress({ status }: KubernetesObject, generation: number): Progress {
  const said = recordOf(status)
  if (said['status'] === 'Aborted') {
    const error = textOf(said['error'])
    return { refused: error === '' ? 'it gave the change up' : error }
  }
  const isDone =
    said['status'] === 'Completed' && listOf(said['taskIDsCompleted']).includes(taskOf(generation))
  return isDone ? 'settled' : 'under-way'
}
