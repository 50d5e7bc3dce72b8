/**
 * A stand-in for StarRocks' operator: it makes of a StarRocksCluster what version 1.11.5 was seen to make of it (StatefulSets and services
 * owned by the resource, workers only once a front end is ready, a status that is behind the spec for a while), and nothing else. It is
 * no proof that the operator does the same; that is shown by hand with the operator itself.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { KubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { resources, type KubernetesObject } from '../../src/substrate/kubernetes/resource.ts'
import { cleanUp, type Ending } from '../support/process/clean-up.ts'
import { hasMembers, type Ask } from './api.ts'

const LOOK_MS = 100
/** For what others have changed or removed. */
const AGAIN_MS = 2_000
const OWNER = 'app.starrocks.ownerreference/name'
const GROUP = '/apis/starrocks.com/v1'

interface Component {
  readonly image: string
  readonly replicas: number
  readonly requests: object
  readonly limits: object
  readonly annotations?: Readonly<Record<string, string>>
  readonly podLabels?: Readonly<Record<string, string>>
  readonly nodeSelector?: object
  readonly topologySpreadConstraints?: object
  readonly persistentVolumeClaimRetentionPolicy?: object
  readonly secrets?: readonly { readonly name: string; readonly mountPath: string }[]
  readonly configMapInfo: { readonly configMapName: string; readonly resolveKey: string }
  readonly storageVolumes: readonly {
    readonly name: string
    readonly storageClassName?: string
    readonly storageSize: string
    readonly mountPath: string
  }[]
}

interface ComponentKind {
  readonly name: 'fe' | 'be' | 'cn'
  readonly member: string
  readonly status: string
  readonly environment: string
  readonly ports: Readonly<Record<string, number>>
  readonly health: number
}

const worker = { webserver: 8040, heartbeat: 9050, brpc: 8060, be: 9060 }
const kinds: readonly ComponentKind[] = [
  {
    name: 'fe',
    member: 'starRocksFeSpec',
    status: 'starRocksFeStatus',
    environment: 'feEnvVars',
    ports: { http: 8030, rpc: 9020, query: 9030, 'edit-log': 9010 },
    health: 8030,
  },
  {
    name: 'be',
    member: 'starRocksBeSpec',
    status: 'starRocksBeStatus',
    environment: 'beEnvVars',
    ports: worker,
    health: 8040,
  },
  {
    name: 'cn',
    member: 'starRocksCnSpec',
    status: 'starRocksCnStatus',
    environment: 'cnEnvVars',
    ports: worker,
    health: 8040,
  },
]

interface Site {
  readonly ask: Ask
  /** All StatefulSets as they were at the begin of a round. */
  readonly sets: readonly KubernetesObject[]
  /** Answers what it has become, unless it was left. */
  apply(object: KubernetesObject): Promise<KubernetesObject | undefined>
}

export function startOperator(t: Ending, client: KubernetesClient, ask: Ask): void {
  const stop = new AbortController()
  const apply = appliedOnce(client)
  const round = async () => {
    const found = await client.list(resources.starrocks)
    if (found.length === 0) return
    const site = { ask, apply, sets: await client.list(resources.statefulSet) }
    await Promise.all(found.map((cluster) => reconciled(site, cluster).catch(() => {})))
  }
  const loop = async () => {
    while (!stop.signal.aborted) {
      await round().catch(() => {})
      await pause(LOOK_MS)
    }
  }
  const ended = loop()
  cleanUp(t, async () => {
    stop.abort()
    await ended
  })
}

/** An object that is still wanted as it was is applied again only now and then: each time costs the API server more than ten looks. */
function appliedOnce(client: KubernetesClient): Site['apply'] {
  const applied = new Map<string, { readonly text: string; readonly atMs: number }>()
  return async (object) => {
    const { name, namespace = '' } = object.metadata
    const key = [object.kind, namespace, name].join('/')
    const text = JSON.stringify(object)
    const before = applied.get(key)
    const nowMs = performance.now()
    if (before?.text === text && nowMs - before.atMs < AGAIN_MS) return undefined
    applied.delete(key)
    const answer = await client.apply(object)
    applied.set(key, { text, atMs: nowMs })
    return answer
  }
}

async function reconciled({ ask, sets, apply }: Site, cluster: KubernetesObject): Promise<void> {
  const { name, namespace = '', deletionTimestamp } = cluster.metadata
  if (deletionTimestamp !== undefined) return
  const phases: Record<string, { readonly phase: string }> = {}
  let reason = ''
  let reachable = false
  for (const kind of kinds) {
    const component = (cluster['spec'] as Record<string, Component | undefined>)[kind.member]
    if (!component) continue
    if (kind.name !== 'fe' && !reachable) {
      phases[kind.status] = { phase: 'reconciling' }
      continue
    }
    let set = sets.find(
      ({ metadata }) =>
        metadata.namespace === namespace && metadata.name === `${name}-${kind.name}`,
    )
    try {
      for (const object of objectsOf(cluster, kind, component)) {
        const applied = await apply(object)
        if (applied?.kind === 'StatefulSet') set = applied
      }
    } catch (problem) {
      reason = `error from ${kind.name} controller: ${String(problem)}`
    }
    const status = (set?.['status'] ?? {}) as Record<string, number>
    if (kind.name === 'fe') reachable = (status['readyReplicas'] ?? 0) > 0
    const isDone =
      status['readyReplicas'] === component.replicas &&
      status['updatedReplicas'] === component.replicas
    phases[kind.status] = { phase: isDone ? 'running' : 'reconciling' }
  }
  const all = Object.values(phases).every(({ phase }) => phase === 'running')
  const phase = reason === '' ? (all ? 'running' : 'reconciling') : 'failed'
  const status = { phase, reason, ...phases }
  if (hasMembers(cluster['status'], status)) return
  await ask('PATCH', `${GROUP}/namespaces/${namespace}/starrocksclusters/${name}/status`, {
    status,
  })
}

function objectsOf(
  cluster: KubernetesObject,
  kind: ComponentKind,
  component: Component,
): readonly KubernetesObject[] {
  const { name, namespace = '', uid = '' } = cluster.metadata
  const own = `${name}-${kind.name}`
  const selector = { [OWNER]: own }
  const owner = {
    apiVersion: 'starrocks.com/v1',
    kind: 'StarRocksCluster',
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  }
  const metadataOf = (called: string) => ({
    name: called,
    namespace,
    labels: selector,
    ownerReferences: [owner],
  })
  const ports = Object.entries(kind.ports).map(([port, number]) => ({ name: port, port: number }))
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: metadataOf(own),
      spec: setSpec(kind, component, { own, selector }),
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadataOf(`${own}-service`),
      spec: { selector, ports },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadataOf(`${own}-search`),
      spec: { selector, ports, clusterIP: 'None', publishNotReadyAddresses: true },
    },
  ]
}

function setSpec(
  kind: ComponentKind,
  component: Component,
  { own, selector }: { readonly own: string; readonly selector: Readonly<Record<string, string>> },
): unknown {
  const { storageVolumes, configMapInfo, secrets = [] } = component
  const environment = (component as unknown as Record<string, unknown>)[kind.environment]
  return {
    replicas: component.replicas,
    serviceName: `${own}-search`,
    podManagementPolicy: 'Parallel',
    selector: { matchLabels: selector },
    persistentVolumeClaimRetentionPolicy: component.persistentVolumeClaimRetentionPolicy,
    volumeClaimTemplates: storageVolumes.map(({ name, storageClassName, storageSize }) => ({
      metadata: { name },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName,
        resources: { requests: { storage: storageSize } },
      },
    })),
    template: {
      metadata: {
        labels: { ...component.podLabels, ...selector },
        annotations: component.annotations,
      },
      spec: {
        nodeSelector: component.nodeSelector,
        topologySpreadConstraints: component.topologySpreadConstraints,
        containers: [
          {
            name: kind.name,
            image: component.image,
            env: environment,
            resources: { requests: component.requests, limits: component.limits },
            readinessProbe: { httpGet: { path: '/api/health', port: kind.health } },
            volumeMounts: [
              ...storageVolumes.map(({ name, mountPath }) => ({ name, mountPath })),
              { name: 'configuration', mountPath: '/etc/starrocks' },
              ...secrets,
            ],
          },
        ],
        volumes: [
          { name: 'configuration', configMap: { name: configMapInfo.configMapName } },
          ...secrets.map(({ name }) => ({ name, secret: { secretName: name } })),
        ],
      },
    },
  }
}
