/**
 * Reads clusters of a world that an earlier version wrote. Version 1 had one phase for a whole cluster and did not record what
 * its nodes run: they are taken over as they are, and the first `apply` records it without a restart. Pure; nothing is written.
 */
import { WORLD_VERSION, type WorldCluster, type WorldNode, type WorldRun } from './world-cluster.ts'

interface WorldCluster1 {
  readonly id: string
  readonly family: string
  readonly phase: 'allocating' | 'prepared' | 'starting' | 'ready' | 'stopping'
  readonly generation: number
  readonly sinceMs: number
  readonly looks: number
  readonly groups: readonly {
    readonly id: string
    readonly nodes: readonly Pick<WorldNode, 'id' | 'address' | 'publicAddress'>[]
  }[]
  readonly runs?: readonly (Omit<WorldRun, 'order' | 'looks' | 'sinceMs'> & {
    readonly startedMs: number
  })[]
}

export function upgraded(body: WorldCluster | WorldCluster1): WorldCluster {
  if ('version' in body) return body
  const { id, family, phase, generation, sinceMs, looks, runs } = body
  const clock = { sinceMs, looks }
  const state = phase === 'ready' || phase === 'stopping' ? 'serving' : phase
  const starts = state === 'serving' || state === 'starting' ? 1 : 0
  const groups = body.groups.map((group) => ({
    id: group.id,
    nodes: group.nodes.map((node, index): WorldNode => ({
      ...node,
      index,
      phase: state,
      starts,
      ...clock,
    })),
  }))
  return {
    version: WORLD_VERSION,
    id,
    family,
    generation,
    groups,
    ...(phase === 'stopping' ? { removal: clock } : {}),
    ...(runs && {
      runs: runs.map(({ startedMs, ...run }, at) => ({
        ...run,
        order: at + 1,
        sinceMs: startedMs,
        looks,
      })),
    }),
  }
}
