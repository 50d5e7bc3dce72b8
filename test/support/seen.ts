/** The world as a substrate would report it: by default everything that a spec wants is there, and serves. */
import { templateOf, type ClusterSpec } from '../../src/domain/cluster/spec.ts'
import type { NodePhase, Seen, SeenGroup, SeenNode, Trouble } from '../../src/substrate/port.ts'

export const absent: Seen = {
  present: false,
  generation: 0,
  groups: [],
  answering: false,
  endpoints: [],
}

export interface SeenMembers extends Partial<Omit<Seen, 'groups' | 'runs'>> {
  /** By node id; the others serve. */
  readonly phases?: Readonly<Record<string, NodePhase | 'absent'>>
  /** By group id. */
  readonly troubles?: Readonly<Record<string, Partial<Trouble>>>
  /** By node id: what it runs, where that is not what the spec says. */
  readonly runs?: ClusterSpec
}

const UP: ReadonlySet<NodePhase> = new Set(['serving', 'draining', 'drained'])

/** `spec` is what is there. */
export function seenOf(spec: ClusterSpec, members: SeenMembers = {}): Seen {
  const { phases = {}, troubles = {}, runs = spec, ...more } = members
  const groups = spec.groups.map((group): SeenGroup => {
    const nodes = group.nodes.flatMap((node): readonly SeenNode[] => {
      const phase = phases[node.id] ?? 'serving'
      if (phase === 'absent') return []
      const [ran, at] = placeIn(runs, node.id) ?? [group, node]
      const shown = { id: node.id, index: node.index, address: '10.0.0.1', phase }
      return [UP.has(phase) ? { ...shown, runs: templateOf(runs, ran, at) } : shown]
    })
    const trouble = troubles[group.id]
    return trouble ? { id: group.id, nodes, trouble: troubleOf(trouble) } : { id: group.id, nodes }
  })
  const there = groups.flatMap(({ nodes }) => nodes)
  const wanted = spec.groups.reduce((sum, { nodes }) => sum + nodes.length, 0)
  const whole = there.length === wanted && there.every(({ phase }) => phase === 'serving')
  return {
    present: true,
    generation: whole ? runs.generation : 0,
    groups,
    answering: true,
    endpoints: [],
    ...more,
  }
}

function placeIn({ groups }: ClusterSpec, id: string) {
  for (const group of groups)
    for (const node of group.nodes) if (node.id === id) return [group, node] as const
  return undefined
}

function troubleOf(members: Partial<Trouble>): Trouble {
  return { kind: 'crash', reason: 'it crashed', sinceMs: 0, persists: false, ...members }
}
