/**
 * What a simulated cluster is in the middle of: a phase that passes by time or looks alone, or scripts that are running. Pure.
 * A step is settled when it is looked at; the world is told with the next write that has another reason, so that looking
 * writes nothing.
 */
import type { Script } from '../../domain/script.ts'
import type { SeenRun } from '../port.ts'
import { isDone, type Progression } from './progression.ts'
import type { WorldCluster, WorldRun } from './world.ts'

/** Whether time or looks alone will change it. */
export function isBusy({ phase, runs = [] }: WorldCluster): boolean {
  return (phase !== 'prepared' && phase !== 'ready') || runs.some(({ running }) => running)
}

/** The cluster as it is by now. One that is stopping stays so until it is removed. */
export function settled(cluster: WorldCluster, pace: Progression, nowMs: number): WorldCluster {
  const { phase, runs } = cluster
  if (phase === 'stopping' || !isBusy(cluster) || !isDone(pace, cluster, nowMs)) return cluster
  const next = { allocating: 'prepared', starting: 'ready', prepared: phase, ready: phase } as const
  const ended = runs && { runs: runs.map((run) => ({ ...run, running: false })) }
  return { ...cluster, phase: next[phase], ...ended }
}

export interface Running {
  readonly script: Script
  readonly nodes: readonly string[]
  readonly nowMs: number
  readonly exitCode: number
}

/** The cluster with the script started on those of the nodes that have no run of it; the same object when all have one. */
export function withRuns(
  cluster: WorldCluster,
  { script, nodes, nowMs, exitCode }: Running,
): WorldCluster {
  const { runs = [] } = cluster
  const there = new Set(cluster.groups.flatMap((group) => group.nodes.map(({ id }) => id)))
  const lost = nodes.find((node) => !there.has(node))
  if (lost !== undefined) throw new Error(`a script cannot run on ${lost}, which is not there`)
  const known = new Set(runs.filter((run) => run.script === script.id).map(({ node }) => node))
  const { id, name } = script
  const started = nodes
    .filter((node) => !known.has(node))
    .map((node) => ({ script: id, name, node, startedMs: nowMs, exitCode, running: true }))
  if (started.length === 0) return cluster
  return { ...cluster, sinceMs: nowMs, looks: 0, runs: [...runs, ...started] }
}

export function seeRun(run: WorldRun, at: number): SeenRun {
  const { script, node, startedMs, exitCode } = run
  const phase = run.running ? 'running' : exitCode === 0 ? 'done' : 'failed'
  const failed = phase === 'failed' ? { exitCode } : {}
  return { script, node, startedMs, order: at + 1, phase, ...failed }
}
