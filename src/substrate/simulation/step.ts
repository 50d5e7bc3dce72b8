/**
 * What a simulated cluster is in the middle of: phases of its nodes that pass by time or looks alone, scripts that are running,
 * its own end. Pure. A step is settled when it is looked at; the world records it with the next write that has another reason,
 * so that looking writes nothing.
 */
import { doneInMs, isDone, type Progression, type StepClock } from './progression.ts'
import { arrived } from './daemon.ts'
import type { WorldCluster, WorldNode, WorldPhase, WorldRun } from './world-cluster.ts'

/** What a phase becomes by itself. */
const NEXT: { readonly [phase in WorldPhase]?: WorldPhase } = {
  allocating: 'prepared',
  starting: 'serving',
  draining: 'drained',
  stopping: 'stopped',
}

/** The cluster as it is by now; the same object when nothing has passed. One that is being removed stays until it is. */
export function settled(cluster: WorldCluster, pace: Progression, nowMs: number): WorldCluster {
  if (!openSteps(cluster).some((step) => isDone(pace, step, nowMs))) return cluster
  const groups = cluster.groups.map((group) => ({
    ...group,
    nodes: group.nodes.map((node) => settledNode(node, pace, nowMs)),
  }))
  const runs = cluster.runs?.map((run) =>
    run.running && isDone(pace, run, nowMs) ? { ...run, running: false } : run,
  )
  const { access } = cluster
  const open = access?.opening && isDone(pace, access, nowMs)
  return {
    ...cluster,
    groups,
    ...(runs && { runs }),
    ...(open && { access: { ...access, opening: false } }),
  }
}

function settledNode(was: WorldNode, pace: Progression, nowMs: number): WorldNode {
  const node = was.turn && isDone(pace, was.turn, nowMs) ? arrived(was) : was
  const next = NEXT[node.phase]
  return next && isDone(pace, node, nowMs) ? { ...node, phase: next } : node
}

/** In how many ms something will be different by time alone; undefined when nothing will. */
export function changesInMs(
  cluster: WorldCluster,
  pace: Progression,
  nowMs: number,
): number | undefined {
  const times = stepsOf(cluster)
    .map((step) => doneInMs(pace, step, nowMs))
    .filter((ms) => ms !== undefined)
  return times.length === 0 ? undefined : Math.min(...times)
}

/** The cluster with one more look at whatever it is in the middle of; undefined when that is nothing. */
export function lookedAt(cluster: WorldCluster): WorldCluster | undefined {
  if (stepsOf(cluster).length === 0) return undefined
  const { removal, runs, access } = cluster
  const looked = <S extends StepClock>(step: S): S => ({ ...step, looks: step.looks + 1 })
  if (removal) return { ...cluster, removal: looked(removal) }
  const groups = cluster.groups.map((group) => ({
    ...group,
    nodes: group.nodes.map((node) => ({
      ...(NEXT[node.phase] ? looked(node) : node),
      ...(node.turn && { turn: looked(node.turn) }),
    })),
  }))
  return {
    ...cluster,
    groups,
    ...(runs && { runs: runs.map((run) => (run.running ? looked(run) : run)) }),
    ...(access?.opening && { access: looked(access) }),
  }
}

/** Whether one of the steps is done. */
export function hasEndedStep(cluster: WorldCluster, pace: Progression, nowMs: number): boolean {
  return stepsOf(cluster).some((step) => isDone(pace, step, nowMs))
}

/** Nothing of a cluster that is being removed continues but its end. */
function stepsOf(cluster: WorldCluster): readonly StepClock[] {
  return cluster.removal ? [cluster.removal] : openSteps(cluster)
}

function openSteps({ removal, groups, runs = [], access }: WorldCluster): readonly StepClock[] {
  if (removal) return []
  const nodes = groups.flatMap((group) => group.nodes.filter(({ phase }) => NEXT[phase]))
  const turns = groups.flatMap((group) => group.nodes.flatMap(({ turn }) => turn ?? []))
  const opening = access?.opening ? [access] : []
  return [...nodes, ...turns, ...runs.filter((run: WorldRun) => run.running), ...opening]
}
