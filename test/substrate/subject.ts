/** A substrate under test, seen as its conformance suite sees it; and what a caller does with one: look until something holds. */
import { isDeepStrictEqual } from 'node:util'
import { test, type TestContext } from 'node:test'
import { nodesOf } from '../../src/domain/cluster/node-group.ts'
import { templateOf, type ClusterSpec } from '../../src/domain/cluster/spec.ts'
import type { Seen, SeenNode, Substrate, Wanted } from '../../src/substrate/port.ts'
import { sampleGroup, sampleSpec } from '../support/fixture/sample.ts'

export interface Subject {
  /** The driver; another one after `reopen`. */
  readonly substrate: Substrate
  /** Lets time pass until the substrate expects something to be different. */
  wait(seen: Seen): Promise<void>
  /** Differs after any write to the data plane, and at no other time. */
  writes(): number | string
  /** What runs for each node, by the node's id: another value for another process. Nodes without one are left out. */
  processes(id: string): ReadonlyMap<string, string>
  /** The nodes of which anything is left: a process, a directory, a record. */
  nodesLeft(id: string): readonly string[]
  /** The same world seen by a new driver, as after a restart. */
  reopen(): Promise<void>
}

export type OpenSubject = (t: TestContext) => Promise<Subject>

export type Suite = (sentence: string, run: (subject: Subject) => Promise<void>) => void

export function suiteOf(name: string, open: OpenSubject): Suite {
  return (sentence, run) => {
    test(`${name}: ${sentence}`, async (t) => run(await open(t)))
  }
}

export type Sample = Partial<ClusterSpec>

/** Two groups, of one node and of three, unless the sample says otherwise. */
export function wantedOf(sample: Sample, id: string): Wanted {
  const groups = sample.groups ?? [sampleGroup('a', 1), sampleGroup('b', 3)]
  const own = groups.map((group) => ({
    ...group,
    id: `${id}-${group.id}`,
    nodes: group.nodes.map((node) => ({ ...node, id: `${id}-${node.id}` })),
  }))
  const spec = sampleSpec({ ...sample, groups: own })
  return { id, name: 'sample', spec, reveal: () => 'Secret-1' }
}

/** The same cluster with another spec, one generation further. */
export function next(it: Wanted, spec: ClusterSpec): Wanted {
  return { ...it, spec: { ...spec, generation: it.spec.generation + 1 } }
}

export function nodeIds({ spec }: Wanted): readonly string[] {
  return nodesOf(spec.groups).map(({ id }) => id)
}

export function seenNodes({ groups }: Seen): readonly SeenNode[] {
  return groups.flatMap(({ nodes }) => nodes)
}

/** Whether everything that is wanted runs, and nothing else. */
export function isReached(seen: Seen, { spec }: Wanted): boolean {
  if (!seen.answering || seen.generation !== spec.generation) return false
  const found = new Map(seenNodes(seen).map((node) => [node.id, node]))
  const wanted = spec.groups.flatMap((group) =>
    group.nodes.map((node) => ({ id: node.id, template: templateOf(spec, group, node) })),
  )
  return (
    found.size === wanted.length &&
    wanted.every(({ id, template }) => {
      const node = found.get(id)
      return node?.phase === 'serving' && isDeepStrictEqual(node.runs, template)
    })
  )
}

/** Looks until `done`; a driver that needs more is stuck. */
const LOOKS_MAX = 1_000

export async function until(
  subject: Subject,
  id: string,
  done: (seen: Seen) => boolean,
): Promise<Seen> {
  for (let look = 0; ; look++) {
    const seen = await subject.substrate.observe(id)
    if (done(seen)) return seen
    if (look === LOOKS_MAX) throw new Error(`it never came about: ${JSON.stringify(seen)}`)
    await subject.wait(seen)
  }
}

/** Applies it, and waits until it is there. */
export async function start(subject: Subject, it: Wanted): Promise<Seen> {
  await subject.substrate.apply(it)
  return until(subject, it.id, (seen) => isReached(seen, it))
}

/** Removes it, as often as that takes. */
export async function removed(subject: Subject, id: string): Promise<void> {
  await subject.substrate.remove(id)
  for (let look = 0; ; look++) {
    const seen = await subject.substrate.observe(id)
    if (!seen.present) return
    if (look === LOOKS_MAX) throw new Error(`${id} is still there: ${JSON.stringify(seen)}`)
    await subject.wait(seen)
    await subject.substrate.remove(id)
  }
}
