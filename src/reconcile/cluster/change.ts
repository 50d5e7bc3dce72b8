/**
 * The steps of a change, whatever its kind: nodes that go are drained first; then the world is brought to the spec, at once or
 * node by node; then it has to serve. A change that cannot be completed goes back. Everything is read from the world, so that a
 * reconciler that was killed after any step goes on where it was. Pure.
 */
import { canRevert, describeChange, type Change } from '../../domain/cluster/change.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { nodesOf, sizeOf, type Node, type NodeGroup } from '../../domain/cluster/node-group.ts'
import { templateOf, type ClusterSpec } from '../../domain/cluster/spec.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Seen, SeenNode } from '../../substrate/port.ts'
import { gapOf, nodesSeen } from './gap.ts'
import type { World } from './plan.ts'
import type { Step } from './step.ts'

export function planChange(cluster: Cluster, world: World): Step {
  const { spec, change } = cluster
  const { seen, nowMs } = world
  if (!change) return planArrival(spec, seen)
  const { missing, different, extra, troubles } = gapOf(spec, seen)
  const lasting = troubles.find(({ persists }) => persists)
  const overdue = nowMs >= change.deadlineMs
  if ((lasting || overdue) && canRevert(change))
    return { do: 'revert', reason: lasting?.reason ?? `${describeChange(change)} took too long` }
  if (overdue && change.reverting === undefined)
    return { do: 'record', event: 'impair', reason: `${describeChange(change)} took too long` }
  const draining = planDrain(change, extra, world)
  if (draining) return draining
  if (missing.length + different.length + extra.length > 0) {
    const over = isGraceOver(change, nowMs) ? { graceOver: true } : {}
    return { do: 'apply', spec: stageOf(change, spec, world), ...over }
  }
  return planArrival(spec, seen)
}

/** All nodes are there and run what is wanted, as far as can be seen: they have to serve. */
function planArrival(spec: ClusterSpec, seen: Seen): Step {
  const { pending, missing, different, troubles } = gapOf(spec, seen)
  const [trouble] = troubles
  if (missing.length + different.length > 0) return { do: 'apply', spec }
  if (
    pending.some(({ phase }) => phase === 'stopped' || phase === 'drained' || phase === 'draining')
  )
    return { do: 'apply', spec }
  if (pending.length > 0) {
    // What does not serve may not have taken over what is wanted: asking again costs nothing.
    if (trouble) return { do: 'apply', spec }
    const reason = `waiting for ${pending.length} of ${nodesOf(spec.groups).length} nodes`
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
  return { do: 'record', event: 'changed', reason: '' }
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
  const reason = `waiting for ${open} nodes to be drained`
  const left = graceMs === undefined ? [] : [startedMs + graceMs - nowMs]
  const times = [...left, ...(seen.changesInMs === undefined ? [] : [seen.changesInMs])]
  const forMs = times.length === 0 ? undefined : Math.min(...times)
  return { do: 'wait', reason, forMs, during: 'drain' }
}

/** From then on, nodes that go are not waited for. */
function isGraceOver({ graceMs, startedMs }: Change, nowMs: number): boolean {
  return graceMs !== undefined && nowMs >= startedMs + graceMs
}

/**
 * What to apply now. A rolling change goes one node further only when all before it serve: the others keep what they had.
 */
function stageOf(change: Change, spec: ClusterSpec, { seen, rollout }: World): ClusterSpec {
  if (!change.rolling || rollout !== 'node' || change.reverting !== undefined) return spec
  const there = new Map(nodesSeen(seen).map((node) => [node.id, node]))
  const before = new Map(
    change.before.groups.flatMap((group) => group.nodes.map((node) => [node.id, { group, node }])),
  )
  const waiting: string[] = []
  let busy = false
  for (const group of spec.groups) {
    for (const node of group.nodes) {
      const was = before.get(node.id)
      if (!was || !isChanged({ spec: change.before, ...was }, { spec, group, node })) continue
      const found = there.get(node.id)
      const runs = found?.runs && canonicalJson(found.runs)
      const isNew = runs === canonicalJson(templateOf(spec, group, node))
      if (isNew && found?.phase === 'serving') continue
      if (isNew || found?.phase !== 'serving') busy = true
      else waiting.push(node.id)
    }
  }
  return holdBack(spec, before, new Set(busy ? waiting : waiting.slice(1)))
}

interface Placed {
  readonly group: NodeGroup
  readonly node: Node
}

function isChanged(
  was: Placed & { readonly spec: ClusterSpec },
  now: Placed & { readonly spec: ClusterSpec },
): boolean {
  return (
    canonicalJson(templateOf(was.spec, was.group, was.node)) !==
    canonicalJson(templateOf(now.spec, now.group, now.node))
  )
}

/** The spec with these nodes as they were. */
function holdBack(
  spec: ClusterSpec,
  before: ReadonlyMap<string, Placed>,
  held: ReadonlySet<string>,
): ClusterSpec {
  const groups = spec.groups.map((group) => ({
    ...group,
    nodes: group.nodes.map((node): Node => {
      const was = before.get(node.id)
      if (!was || !held.has(node.id)) return node
      return { ...node, restarts: was.node.restarts, size: sizeOf(was.group, was.node) }
    }),
  }))
  return { ...spec, groups }
}
