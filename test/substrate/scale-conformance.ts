/** More nodes and fewer: what is there continues as it was, and no node is lost before it is safe to lose. */
import assert from 'node:assert/strict'
import { withNodes, withoutNodes } from '../../src/domain/cluster/spec.ts'
import type { Seen, Wanted } from '../../src/substrate/port.ts'
import { sampleNode } from '../support/fixture/sample.ts'
import {
  isReached,
  next,
  nodeIds,
  removed,
  seenNodes,
  start,
  suiteOf,
  until,
  type OpenSubject,
  type Subject,
} from './subject.ts'

export function scaleConformance(
  name: string,
  open: OpenSubject,
  wanted: (id: string) => Wanted,
): void {
  const suite = suiteOf(name, open)
  /** Without the middle one of the last group, or the highest where nodes cannot be chosen. */
  const fewer = (it: Wanted, { substrate }: Subject) => {
    const { nodes } = it.spec.groups.at(-1)!
    const gone = [nodes.at(substrate.capabilities().chosenNodes ? 1 : -1)!.id]
    return { gone, less: next(it, withoutNodes(it.spec, gone)) }
  }

  suite('more nodes: the new ones serve, and nothing else is restarted', async (subject) => {
    const it = wanted('c-1')
    await start(subject, it)
    const before = subject.processes('c-1')
    const group = it.spec.groups.at(-1)!
    const more = [3, 4].map((index) => sampleNode(group.id, index))
    await start(subject, next(it, withNodes(it.spec, group.id, more)))
    const after = subject.processes('c-1')
    assert.equal(after.size, before.size + more.length)
    for (const [node, process] of before) assert.equal(after.get(node), process)
  })

  suite(
    'fewer nodes: those that were named go once they are drained, and the others continue',
    async (subject) => {
      const { substrate } = subject
      const it = wanted('c-1')
      await start(subject, it)
      const before = subject.processes('c-1')
      const { gone, less } = fewer(it, subject)
      if (substrate.drain) {
        await substrate.drain(less, gone)
        const drained = await until(subject, 'c-1', (seen) =>
          phasesOf(seen, gone).every((phase) => phase === 'drained'),
        )
        assert.equal(seenNodes(drained).length, nodeIds(it).length)
        assert.ok(drained.answering)
      }
      const seen = await start(subject, less)
      assert.deepEqual(
        seenNodes(seen)
          .map(({ id }) => id)
          .sort(),
        [...nodeIds(less)].sort(),
      )
      assert.deepEqual(subject.nodesLeft('c-1').toSorted(), [...nodeIds(less)].sort())
      const after = subject.processes('c-1')
      for (const node of nodeIds(less)) assert.equal(after.get(node), before.get(node))
    },
  )

  suite('a node that is not drained is not removed', async (subject) => {
    if (!subject.substrate.drain) return
    const it = wanted('c-1')
    await start(subject, it)
    const before = subject.processes('c-1')
    const { gone, less } = fewer(it, subject)
    await subject.substrate.apply(less)
    const seen = await subject.substrate.observe('c-1')
    assert.deepEqual(phasesOf(seen, gone), ['serving'])
    assert.notEqual(seen.generation, less.spec.generation)
    assert.deepEqual(subject.processes('c-1'), before)
    await start(subject, it)
    assert.deepEqual(subject.processes('c-1'), before)
  })

  suite('a node whose time is over goes without being drained', async (subject) => {
    const it = wanted('c-1')
    await start(subject, it)
    const { less } = fewer(it, subject)
    await start(subject, { ...less, graceOver: true })
    assert.deepEqual(subject.nodesLeft('c-1').toSorted(), [...nodeIds(less)].sort())
  })

  suite('a node that is wanted again stops draining and keeps its process', async (subject) => {
    if (!subject.substrate.drain) return
    const it = wanted('c-1')
    await start(subject, it)
    const before = subject.processes('c-1')
    const { gone, less } = fewer(it, subject)
    await subject.substrate.drain(less, gone)
    await subject.substrate.drain(less, gone)
    const draining = await subject.substrate.observe('c-1')
    assert.match(phasesOf(draining, gone).join(), /^(draining|drained)$/)
    const back = await start(subject, next(less, it.spec))
    assert.deepEqual(phasesOf(back, gone), ['serving'])
    assert.deepEqual(subject.processes('c-1'), before)
  })

  suite('nodes drain on when somebody else only looks', async (subject) => {
    if (!subject.substrate.drain) return
    const it = wanted('c-1')
    await start(subject, it)
    const { gone, less } = fewer(it, subject)
    await subject.substrate.drain(less, gone)
    await subject.reopen()
    const drained = await until(subject, 'c-1', (seen) =>
      phasesOf(seen, gone).every((phase) => phase === 'drained'),
    )
    assert.equal(seenNodes(drained).length, nodeIds(it).length)
  })

  suite('a removal of nodes survives the end of the driver after any step', async (subject) => {
    const it = wanted('c-1')
    await start(subject, it)
    const { gone, less } = fewer(it, subject)
    await subject.substrate.drain?.(less, gone)
    await subject.reopen()
    await subject.substrate.drain?.(less, gone)
    if (subject.substrate.drain)
      await until(subject, 'c-1', (seen) =>
        phasesOf(seen, gone).every((phase) => phase === 'drained'),
      )
    await subject.reopen()
    await subject.substrate.apply(less)
    await subject.reopen()
    await subject.substrate.apply(less)
    await until(subject, 'c-1', (seen) => isReached(seen, less))
    assert.deepEqual(subject.nodesLeft('c-1').toSorted(), [...nodeIds(less)].sort())
  })

  suite('a cluster that is removed while nodes drain leaves nothing', async (subject) => {
    const it = wanted('c-1')
    await start(subject, it)
    const { gone, less } = fewer(it, subject)
    await subject.substrate.drain?.(less, gone)
    await removed(subject, 'c-1')
    assert.deepEqual([...subject.processes('c-1')], [])
    assert.deepEqual(subject.nodesLeft('c-1'), [])
  })
}

function phasesOf(seen: Seen, nodes: readonly string[]): readonly string[] {
  return seenNodes(seen)
    .filter(({ id }) => nodes.includes(id))
    .map(({ phase }) => phase)
}
