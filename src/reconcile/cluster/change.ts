/**
 * The steps of a change, whatever its kind: nodes that go are drained first; then the world is brought to the spec, at once or
 * node by node; then it has to serve. A change that cannot be completed goes back. Everything is read from the world, so that a
 * reconciler that was killed after any step continues where it was. Pure.
 */
import { canRevert, describeChange, type Change } from '../../domain/cluster/change.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { nodesOf, sizeOf, type Node, type NodeGroup } from '../../domain/cluster/node-group.ts'
import { configurationOf, templateOf, type ClusterSpec } from '../../domain/cluster/spec.ts'
import { isSameJson } from '../../kernel/json.ts'
import { limits } from '../../limits.ts'
import type { Seen, SeenNode } from '../../substrate/port.ts'
import { gapOf, nodesSeen } from './gap.ts'
import type { World } from './plan.ts'
import { runOf, scriptsOf, type Scripts } from './script.ts'
import type { Step } from './step.ts'
import { waitForDrain, waitForStart } from './waiting.ts'

export function planChange(cluster: Cluster, world: World): Step {
  const { spec, change } = cluster
  const { seen, nowMs, sinceMs } = world
  if (!change) return planArrival(spec, seen, NO_SCRIPTS)
  const { missing, different, extra, problems } = gapOf(spec, seen)
  const scripts = scriptsOf(cluster, seen)
  const lasting =
    scripts.broken === undefined
      ? problems.find(({ persists }) => persists)
      : { reason: scripts.broken }
  const overdue = nowMs >= Math.max(change.deadlineMs, sinceMs + limits.changeAfterStartMs)
  if ((lasting || overdue) && canRevert(change))
    return { do: 'revert', reason: lasting?.reason ?? `${describeChange(change)} took too long` }
  if (overdue && change.reverting === undefined)
    return { do: 'record', event: 'impair', reason: `${describeChange(change)} took too long` }
  const draining = planDrain(change, extra, world)
  if (draining) return draining
  if (missing.length + different.length + extra.length > 0) {
    const over = isGraceOver(change, nowMs) ? { graceOver: true } : {}
    return { do: 'apply', ...stageOf(change, spec, world), ...over, ...holding(scripts) }
  }
  return planArrival(spec, seen, scripts)
}

/** All nodes are there and run what is wanted, as far as can be seen: they have to serve. */
function planArrival(spec: ClusterSpec, seen: Seen, scripts: Scripts): Step {
  const { pending, missing, different, problems } = gapOf(spec, seen)
  const [problem] = problems
  const { early, late } = scripts
  if (missing.length + different.length > 0) return { do: 'apply', spec, ...holding(scripts) }
  if (early && pending.every(({ phase }) => phase === 'prepared'))
    return runOf(early, seen, 'scripts-before')
  if (!early && pending.some(({ phase }) => TO_BE_STARTED.has(phase))) return { do: 'apply', spec }
  if (pending.length > 0) {
    // What does not serve may not have taken over what is wanted: asking again costs nothing.
    if (problem) return { do: 'apply', spec, ...holding(scripts) }
    const share = `${pending.length} of ${nodesOf(spec.groups).length} nodes`
    const reason = waitForStart(share, spec, pending)
    return { do: 'wait', reason, forMs: seen.changesInMs, during: 'start' }
  }
  if (seen.generation !== spec.generation) return { do: 'apply', spec }
  if (!seen.answering)
    return {
      do: 'wait',
      reason: 'waiting for an answer',
      forMs: seen.changesInMs,
      during: 'verify',
    }
  if (late) return runOf(late, seen, 'scripts-after')
  return { do: 'record', event: 'changed', reason: seen.remark ?? '' }
}

const TO_BE_STARTED: ReadonlySet<SeenNode['phase']> = new Set([
  'prepared',
  'stopped',
  'drained',
  'draining',
])
const NO_SCRIPTS: Scripts = { early: undefined, late: undefined, broken: undefined }

/** The engines of new nodes wait for their scripts. */
function holding({ early }: Scripts): { readonly hold?: true } {
  return early ? { hold: true } : {}
}

/** Undefined when every node that goes may go. */
function planDrain(change: Change, extra: readonly SeenNode[], world: World): Step | undefined {
  const { nowMs, seen } = world
  if (!world.drains || isGraceOver(change, nowMs)) return undefined
  const { graceMs, startedMs, reverting, drainAtOnce = Infinity } = change
  // On the way back, nodes that never served have nothing to lose.
  const serving = extra.filter(
    ({ phase }) => phase === 'serving' || (phase === 'starting' && reverting === undefined),
  )
  const draining = extra.filter(({ phase }) => phase === 'draining')
  const later = serving.slice(Math.max(0, drainAtOnce - draining.length))
  if (later.length < serving.length)
    return { do: 'drain', nodes: extra.filter((each) => !later.includes(each)).map(({ id }) => id) }
  const open = draining.length + later.length
  if (open === 0) return undefined
  const left = graceMs === undefined ? [] : [startedMs + graceMs - nowMs]
  const times = [...left, ...(seen.changesInMs === undefined ? [] : [seen.changesInMs])]
  const forMs = times.length === 0 ? undefined : Math.min(...times)
  return { do: 'wait', ...waitForDrain(open), forMs }
}

/** From then on, nodes that go are not waited for. */
function isGraceOver({ graceMs, startedMs }: Change, nowMs: number): boolean {
  return graceMs !== undefined && nowMs >= startedMs + graceMs
}

type Stage = Pick<Extract<Step, { do: 'apply' }>, 'spec' | 'wait'>

/**
 * What to apply now. A rolling change goes one node further only when all before it serve: the others keep what they had, and so
 * do the nodes of groups that come last, as long as others are not done.
 */
function stageOf(change: Change, spec: ClusterSpec, world: World): Stage {
  const rolling = change.rolling && world.rollout === 'node'
  const { last, reverting } = change
  if (reverting !== undefined || (!rolling && !last)) return { spec }
  const before = new Map(
    change.before.groups.flatMap((group) => group.nodes.map((node) => [node.id, { group, node }])),
  )
  const isLast = ({ id }: NodeGroup) => last?.includes(id) ?? false
  const openIn = (groups: readonly NodeGroup[]) =>
    openNodes({ ...spec, groups }, { change, before, world })
  const first = openIn(spec.groups.filter((group) => !isLast(group)))
  const rest = openIn(spec.groups.filter(isLast))
  const batch = rolling ? batchOf(change, world) : Infinity
  const isFirst = first.busy.length + first.waiting.length > 0
  const held = isFirst
    ? [...heldOf(first, batch), ...rest.busy, ...rest.waiting]
    : heldOf(rest, batch)
  const staged = holdBack(change, spec, { before, held: new Set(held) })
  if (!last) return { spec: staged }
  const wait = isFirst
    ? { reason: 'waiting for the workers', during: 'upgrade-workers' }
    : { reason: 'waiting for the frontends', during: 'upgrade-frontends' }
  return { spec: staged, wait }
}

/** Nodes that are not yet what they shall be: on their way or not serving, and still untouched. */
interface OpenNodes {
  readonly busy: readonly string[]
  readonly waiting: readonly string[]
}

function heldOf({ busy, waiting }: OpenNodes, batch: number): readonly string[] {
  return waiting.slice(Math.max(0, batch - busy.length))
}

/** How many nodes may be on their way now: none while those that came before are still waited for. */
function batchOf({ atOnce = 1, pauseMs = 0, startedMs }: Change, { seen, nowMs }: World): number {
  if (pauseMs === 0) return atOnce
  const starts = nodesSeen(seen).flatMap(({ daemons = [] }) =>
    daemons.flatMap(({ sinceMs }) => sinceMs ?? []),
  )
  const lastMs = Math.max(...starts)
  return lastMs > startedMs && nowMs < lastMs + pauseMs ? 0 : atOnce
}

function openNodes(
  spec: ClusterSpec,
  it: {
    readonly change: Change
    readonly before: ReadonlyMap<string, Placed>
    readonly world: World
  },
): OpenNodes {
  const there = new Map(nodesSeen(it.world.seen).map((node) => [node.id, node]))
  const waiting: string[] = []
  const busy: string[] = []
  for (const group of spec.groups) {
    for (const node of group.nodes) {
      const was = it.before.get(node.id)
      if (!was || !isChanged({ spec: it.change.before, ...was }, { spec, group, node })) continue
      const found = there.get(node.id)
      const isNew =
        found?.runs !== undefined && isSameJson(found.runs, templateOf(spec, group, node))
      if (isNew && found?.phase === 'serving') continue
      if (isNew || found?.phase !== 'serving' || isMoving(found)) busy.push(node.id)
      else waiting.push(node.id)
    }
  }
  return { busy, waiting }
}

function isMoving({ daemons = [] }: SeenNode): boolean {
  return daemons.some(({ state }) => state === 'starting' || state === 'stopping')
}

interface Placed {
  readonly group: NodeGroup
  readonly node: Node
}

function isChanged(
  was: Placed & { readonly spec: ClusterSpec },
  now: Placed & { readonly spec: ClusterSpec },
): boolean {
  return !isSameJson(
    templateOf(was.spec, was.group, was.node),
    templateOf(now.spec, now.group, now.node),
  )
}

/** The spec with these nodes as they were. */
function holdBack(
  change: Change,
  spec: ClusterSpec,
  it: { readonly before: ReadonlyMap<string, Placed>; readonly held: ReadonlySet<string> },
): ClusterSpec {
  const { version } = change.before.software
  const own = version === spec.software.version ? {} : { version }
  const isSame = isSameJson(change.before.configuration, spec.configuration)
  const groups = spec.groups.map((group) => ({
    ...group,
    nodes: group.nodes.map((node): Node => {
      const was = it.before.get(node.id)
      if (!was || !it.held.has(node.id)) return node
      const { daemons: _new, ...rest } = node
      const { restarts, daemons } = was.node
      return {
        ...rest,
        restarts,
        size: sizeOf(was.group, was.node),
        ...(isSame ? {} : { configuration: configurationOf(change.before, was.group.id) }),
        ...(daemons && { daemons }),
        ...own,
      }
    }),
  }))
  return { ...spec, groups }
}
