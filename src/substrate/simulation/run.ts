/** Scripts on simulated nodes: each at most once on a node, recorded in the write that starts it. Pure. */
import type { Script } from '../../domain/script.ts'
import type { SeenRun } from '../port.ts'
import type { WorldCluster, WorldRun } from './world-cluster.ts'

export interface RunRequest {
  readonly script: Script
  readonly nodes: readonly string[]
  readonly nowMs: number
  readonly exitCode: number
}

/** The cluster with the script started on those of the nodes that have no run of it; the same object when all have one. */
export function withRuns(
  cluster: WorldCluster,
  { script, nodes, nowMs, exitCode }: RunRequest,
): WorldCluster {
  const { runs = [] } = cluster
  const there = new Set(cluster.groups.flatMap((group) => group.nodes.map(({ id }) => id)))
  const lost = nodes.find((node) => !there.has(node))
  if (lost !== undefined) throw new Error(`a script cannot run on ${lost}, which is not there`)
  const known = new Set(runs.filter((run) => run.script === script.id).map(({ node }) => node))
  const last = runs.at(-1)?.order ?? 0
  const started = nodes
    .filter((node) => !known.has(node))
    .map((node, at): WorldRun => ({
      script: script.id,
      name: script.name,
      node,
      order: last + at + 1,
      sinceMs: nowMs,
      looks: 0,
      exitCode,
      running: true,
    }))
  return started.length === 0 ? cluster : { ...cluster, runs: [...runs, ...started] }
}

export function seenRun({ script, node, order, sinceMs, exitCode, running }: WorldRun): SeenRun {
  const phase = running ? 'running' : exitCode === 0 ? 'done' : 'failed'
  const failed = phase === 'failed' ? { exitCode } : {}
  return { script, node, order, startedMs: sinceMs, phase, ...failed }
}
