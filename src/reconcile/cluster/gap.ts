/** What lies between a spec and the world: node by node, as the substrate reports them. Pure. */
import { isSameJson } from '../../kernel/json.ts'
import { templateOf, type ClusterSpec } from '../../domain/cluster/spec.ts'
import type { Seen, SeenNode, GroupProblem } from '../../substrate/port.ts'

export interface Gap {
  /** Wanted and not there. */
  readonly missing: readonly string[]
  /** There, and running something else than is wanted. */
  readonly different: readonly string[]
  /** There, as wanted as far as can be seen, and not serving yet. */
  readonly pending: readonly SeenNode[]
  /** There and not wanted. */
  readonly extra: readonly SeenNode[]
  readonly problems: readonly GroupProblem[]
}

export function gapOf(spec: ClusterSpec, seen: Seen): Gap {
  const there = new Map(nodesSeen(seen).map((node) => [node.id, node]))
  const wanted = new Set<string>()
  const missing: string[] = []
  const different: string[] = []
  const pending: SeenNode[] = []
  for (const group of spec.groups) {
    for (const node of group.nodes) {
      wanted.add(node.id)
      const found = there.get(node.id)
      if (!found) missing.push(node.id)
      else if (found.runs && !isSameJson(found.runs, templateOf(spec, group, node)))
        different.push(node.id)
      else if (found.phase !== 'serving') pending.push(found)
    }
  }
  const extra = [...there.values()].filter(({ id }) => !wanted.has(id))
  const problems = seen.groups.flatMap(({ problem }) => problem ?? [])
  return { missing, different, pending, extra, problems }
}

export function nodesSeen({ groups }: Seen): readonly SeenNode[] {
  return groups.flatMap(({ nodes }) => nodes)
}

/** Whether all of the spec serves, with nothing beside it. */
export function isThere(spec: ClusterSpec, seen: Seen): boolean {
  const { missing, different, pending, extra } = gapOf(spec, seen)
  const open = missing.length + different.length + pending.length + extra.length
  return open === 0 && seen.answering && seen.generation === spec.generation
}
