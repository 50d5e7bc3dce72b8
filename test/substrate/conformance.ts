/** What every substrate owes (src/substrate/port.ts), as one suite that each driver's test calls. */
import assert from 'node:assert/strict'
import { daemonConformance } from './daemon-conformance.ts'
import { changeConformance } from './change-conformance.ts'
import { scaleConformance } from './scale-conformance.ts'
import { scriptConformance } from './script-conformance.ts'
import { snapshotConformance } from './snapshot-conformance.ts'
import {
  isReached,
  nodeIds,
  removed,
  seenNodes,
  start,
  suiteOf,
  until,
  wantedOf,
  type OpenSubject,
  type Sample,
} from './subject.ts'

export function substrateConformance(name: string, open: OpenSubject, sample: Sample = {}): void {
  const suite = suiteOf(name, open)
  const wanted = (id: string) => wantedOf(sample, id)
  daemonConformance(name, open, wanted)

  suite('what was never made is absent, and removing it is no error', async ({ substrate }) => {
    assert.equal((await substrate.observe('c-none')).present, false)
    await substrate.remove('c-none')
    assert.equal((await substrate.observe('c-none')).present, false)
  })

  suite(
    'a cluster starts: every group with its nodes, serving, answering, at the wanted generation',
    async (subject) => {
      const it = wanted('c-1')
      const seen = await start(subject, it)
      assert.equal(seen.generation, it.spec.generation)
      for (const group of it.spec.groups) {
        const found = seen.groups.find((each) => each.id === group.id)
        assert.deepEqual(
          found?.nodes.map(({ id, index }) => `${id} ${index}`).sort(),
          group.nodes.map(({ id, index }) => `${id} ${index}`).sort(),
        )
        assert.ok(found?.nodes.every(({ phase, address }) => phase === 'serving' && address !== ''))
      }
      assert.deepEqual([...subject.processes('c-1').keys()].sort(), [...nodeIds(it)].sort())
    },
  )

  suite('no two nodes share an address', async (subject) => {
    const one = await start(subject, wanted('c-1'))
    const two = await start(subject, wanted('c-2'))
    const addresses = [one, two].flatMap(seenNodes).map(({ address }) => address)
    assert.equal(new Set(addresses).size, addresses.length)
  })

  suite('applying what is there already writes nothing and changes nothing', async (subject) => {
    const it = wanted('c-1')
    const before = await start(subject, it)
    // What passes by itself may be recorded with the next change.
    await subject.substrate.apply(it)
    const [writes, processes] = [subject.writes(), subject.processes('c-1')]
    await subject.substrate.apply(it)
    assert.equal(subject.writes(), writes)
    assert.deepEqual(subject.processes('c-1'), processes)
    assert.deepEqual(await subject.substrate.observe('c-1'), before)
  })

  suite('observing writes nothing', async (subject) => {
    await start(subject, wanted('c-1'))
    const writes = subject.writes()
    await subject.substrate.observe('c-1')
    await subject.substrate.observe('c-2')
    assert.equal(subject.writes(), writes)
  })

  suite(
    'removing takes the cluster and leaves the others, and may be repeated at any time',
    async (subject) => {
      await start(subject, wanted('c-1'))
      const other = await start(subject, wanted('c-2'))
      const processes = subject.processes('c-2')
      await subject.substrate.remove('c-1')
      await subject.substrate.remove('c-1')
      await removed(subject, 'c-1')
      await subject.substrate.remove('c-1')
      assert.deepEqual([...subject.processes('c-1')], [])
      assert.deepEqual(subject.nodesLeft('c-1'), [])
      assert.deepEqual(await subject.substrate.observe('c-2'), other)
      assert.deepEqual(subject.processes('c-2'), processes)
    },
  )

  suite('a removed cluster can be made again under its id', async (subject) => {
    await start(subject, wanted('c-1'))
    await removed(subject, 'c-1')
    assert.ok((await start(subject, wanted('c-1'))).answering)
  })

  suite('a new driver finds the world as it was, without a write', async (subject) => {
    const it = wanted('c-1')
    const before = await start(subject, it)
    await subject.substrate.apply(it)
    const [writes, processes] = [subject.writes(), subject.processes('c-1')]
    await subject.reopen()
    assert.deepEqual(await subject.substrate.observe('c-1'), before)
    await subject.substrate.apply(it)
    assert.deepEqual(await subject.substrate.observe('c-1'), before)
    assert.deepEqual(subject.processes('c-1'), processes)
    assert.equal(subject.writes(), writes)
  })

  suite('clearing leaves nothing of any cluster', async (subject) => {
    await start(subject, wanted('c-1'))
    await start(subject, wanted('c-2'))
    await subject.substrate.clear()
    for (const id of ['c-1', 'c-2']) {
      assert.equal((await subject.substrate.observe(id)).present, false)
      assert.deepEqual([...subject.processes(id)], [])
    }
    const it = wanted('c-1')
    assert.ok(isReached(await start(subject, it), it))
  })

  suite('a cluster that is being removed takes no change', async (subject) => {
    const it = wanted('c-1')
    await start(subject, it)
    await subject.substrate.remove('c-1')
    if ((await subject.substrate.observe('c-1')).present)
      await assert.rejects(subject.substrate.apply(it))
    await removed(subject, 'c-1')
    await until(subject, 'c-1', ({ present }) => !present)
  })

  changeConformance(name, open, wanted)
  scaleConformance(name, open, wanted)
  scriptConformance(name, open, wanted)
  snapshotConformance(name, open, wanted)
}
