/**
 * Daemons of simulated nodes: they start with their node, and are started and stopped alone at the same pace, beside which their node
 * keeps serving. Pure.
 */
import { isDeepStrictEqual } from 'node:util'
import type { DaemonState, DaemonStatus, WantedDaemon } from '../../domain/cluster/daemon.ts'
import type { NodeTemplate } from '../../domain/cluster/spec.ts'
import type { WorldDaemon, WorldNode } from './world-cluster.ts'

/** The node's daemons as they are begun with its process. */
export function begun(daemons: readonly WantedDaemon[], nowMs: number): readonly WorldDaemon[] {
  return daemons.map((wanted) => ({ ...wanted, sinceMs: nowMs }))
}

/** Whether what is wanted of a node differs from what it runs in nothing but its daemons, and in settings that some of them start again with. */
export function differsInDaemons(was: NodeTemplate, wanted: NodeTemplate): boolean {
  const { daemons, ...rest } = was
  const { daemons: own, ...others } = wanted
  const isOfDaemons = daemons !== undefined && daemons !== own
  return isDeepStrictEqual(
    isOfDaemons ? { ...rest, configuration: wanted.configuration } : rest,
    others,
  )
}

export interface DaemonTarget {
  readonly template: NodeTemplate
  readonly daemons: readonly WantedDaemon[]
  readonly nowMs: number
}

/** The node with its daemons on the way to what is wanted of them; the same object when they are. */
export function turned(node: WorldNode, { template, daemons, nowMs }: DaemonTarget): WorldNode {
  if (isDeepStrictEqual(node.turn?.template, template)) return node
  const before = node.daemons ?? []
  const next = daemons.map((wanted): WorldDaemon => {
    const was = before.find(
      ({ service, name }) => service === wanted.service && name === wanted.name,
    )
    // A node of before there were daemons has had them all the time.
    if (!was && node.daemons === undefined && wanted.restarts === 0 && wanted.running)
      return { ...wanted, sinceMs: node.sinceMs }
    const isStartedAnew = wanted.running && was?.restarts !== wanted.restarts
    if (was && was.running === wanted.running && !isStartedAnew && !was.turning)
      return { ...was, ...wanted, ...attended(was, wanted) }
    return { ...wanted, sinceMs: nowMs, turning: true }
  })
  return { ...node, daemons: next, turn: { template, sinceMs: nowMs, looks: 0 } }
}

/** What has ended by itself in maintenance stays so when it leaves that: somebody has to start it. */
function attended(
  { failed, sinceMs }: WorldDaemon,
  { maintenance }: WantedDaemon,
): Pick<WorldDaemon, 'failed' | 'sinceMs' | 'maintenance'> {
  return { sinceMs, ...(failed && { failed }), ...(maintenance && { maintenance }) }
}

/** The node with its turn done. */
export function arrived({ turn, daemons = [], ...node }: WorldNode): WorldNode {
  return {
    ...node,
    ...(turn && { template: turn.template }),
    daemons: daemons.map(({ turning: _done, ...daemon }) => daemon),
  }
}

/** What is left of them when the node's process ended by itself: those in maintenance are not started again. */
export function restarted(
  daemons: readonly WorldDaemon[] | undefined,
  nowMs: number,
): Pick<WorldNode, 'daemons'> {
  if (!daemons) return {}
  return {
    daemons: daemons.map((daemon) => {
      if (!daemon.running) return daemon
      const failed = daemon.maintenance === undefined ? {} : { failed: true as const }
      return { ...daemon, sinceMs: nowMs, ...failed }
    }),
  }
}

export function seenDaemons({ phase, daemons }: WorldNode): readonly DaemonStatus[] | undefined {
  const starting = phase === 'starting'
  const isUp = starting || phase === 'serving' || phase === 'draining' || phase === 'drained'
  return daemons?.map(({ service, name, sinceMs, ...daemon }) => ({
    service,
    name,
    state: isUp ? stateOf(daemon, starting) : 'stopped',
    sinceMs,
  }))
}

function stateOf(
  { running, turning, failed }: Pick<WorldDaemon, 'running' | 'turning' | 'failed'>,
  starting: boolean,
): DaemonState {
  if (failed) return 'failed'
  if (running) return turning || starting ? 'starting' : 'running'
  return turning ? 'stopping' : 'stopped'
}
