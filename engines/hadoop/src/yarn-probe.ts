/** How the daemons of YARN are: each by its own REST, and by that of the ResourceManager which is active. */
import type { DaemonPeer, DaemonPlan, Probe } from '../../../src/substrate/local/service.ts'
import { restJson } from './site.ts'
import type { YarnAddress } from './yarn-inquiry.ts'

export const RESOURCE_MANAGER = 'yarn-resourcemanager'

interface ClusterInfo {
  readonly clusterInfo?: { readonly state?: string; readonly haState?: string }
}

export async function probeResourceManager(plan: DaemonPlan): Promise<Probe> {
  const { host, ports } = plan
  const { clusterInfo } = (await restJson(host, ports[4] ?? 0, INFO)) as ClusterInfo
  const { state, haState } = clusterInfo ?? {}
  if (state !== 'STARTED') return { answering: false, reason: `it is ${state}` }
  if (haState === 'ACTIVE' || (await activeOf(plan))) return { answering: true }
  return { answering: false, waiting: true, reason: `it is ${haState}, and none is active` }
}

const INFO = '/ws/v1/cluster/info'

async function activeOf(plan: DaemonPlan): Promise<DaemonPeer | undefined> {
  const all = plan.peers.filter(({ daemon }) => daemon === RESOURCE_MANAGER)
  const states = await Promise.all(
    all.map(({ host, ports }) =>
      restJson(host, ports[4] ?? 0, INFO).then(
        (answer) => (answer as ClusterInfo).clusterInfo?.haState,
        () => undefined,
      ),
    ),
  )
  return all.find((_, at) => states[at] === 'ACTIVE')
}

export async function activeAddress(plan: DaemonPlan) {
  const active = await activeOf(plan)
  if (!active) throw new Error('no ResourceManager is active')
  return { host: active.host, port: active.ports[4] ?? 0 }
}

/** It serves when the active ResourceManager gives it work; nothing runs on it any more once that says so. */
export async function probeNodeManager(plan: DaemonPlan): Promise<Probe> {
  const { host, ports } = plan
  const [, , http = 0] = ports
  const { nodeInfo } = (await restJson(host, http, '/ws/v1/node/info')) as {
    readonly nodeInfo?: { readonly nodeHealthy?: boolean; readonly healthReport?: string }
  }
  if (nodeInfo?.nodeHealthy === false)
    return { answering: false, waiting: true, reason: nodeInfo.healthReport || 'it is not healthy' }
  const active = await activeOf(plan)
  if (!active) return { answering: false, waiting: true, reason: 'no ResourceManager is active' }
  const own = await entryOf(plan, { host: active.host, port: active.ports[4] ?? 0 })
  const state = own?.state
  if (state === 'DECOMMISSIONED') return { answering: true, drained: true }
  if (state !== undefined && WORKS.has(state)) return { answering: true, drained: false }
  return {
    answering: false,
    waiting: true,
    reason: `its ResourceManager says ${state ?? 'nothing of it'}`,
  }
}

const WORKS: ReadonlySet<string> = new Set(['RUNNING', 'DECOMMISSIONING'])

/**
 * By the active ResourceManager, nothing of it runs any more. That may count for minutes on one that was killed, and knows nothing for a
 * second, after its own start, of those that run; of one that it has decommissioned, which then ends by itself, it says so for good.
 */
export async function isNodeManagerDrained(plan: DaemonPlan, runs: boolean): Promise<boolean> {
  const own = await entryOf(plan, await activeAddress(plan))
  if (runs) return own?.state === 'DECOMMISSIONED'
  return !own || !WORKS.has(own.state) || own.numContainers === 0
}

interface KnownNode {
  readonly id: string
  readonly state: string
  readonly numContainers?: number
}

/** Of a NodeManager, by the active ResourceManager; undefined where that knows nothing of it. */
async function entryOf(
  plan: DaemonPlan,
  { host, port }: YarnAddress,
): Promise<KnownNode | undefined> {
  const answer = (await restJson(host, port, '/ws/v1/cluster/nodes')) as {
    readonly nodes?: { readonly node?: readonly KnownNode[] }
  }
  return answer.nodes?.node?.find(({ id }) => id === `${plan.host}:${plan.ports[0]}`)
}
