/** Scripts and the wait for them, for drivers that run scripts; those that do not must not offer `run`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutNodes } from '../../src/domain/cluster/spec.ts'
import type { Seen, Substrate, Wanted } from '../../src/substrate/port.ts'
import { sampleScript } from '../support/fixture/sample.ts'
import {
  next,
  nodeIds,
  seenNodes,
  start,
  until,
  type OpenSubject,
  type Subject,
} from './subject.ts'

type Run = NonNullable<Substrate['run']>

export function scriptConformance(
  name: string,
  open: OpenSubject,
  wanted: (id: string) => Wanted,
): void {
  const suite = (sentence: string, body: (subject: Subject, run: Run) => Promise<void>) =>
    test(`${name}: ${sentence}`, async (t) => {
      const subject = await open(t)
      const { run } = subject.substrate
      assert.equal(run !== undefined, subject.substrate.capabilities().scripts === true)
      if (run) await body(subject, run)
    })

  suite('held nodes are there, and no engine answers until it is let go', async (subject) => {
    const it = wanted('c-1')
    const held = await hold(subject, it)
    assert.equal(held.answering, false)
    assert.deepEqual(
      seenNodes(held)
        .map(({ id }) => id)
        .sort(),
      [...nodeIds(it)].sort(),
    )
    assert.deepEqual([...subject.processes('c-1')], [])
    const writes = subject.writes()
    await subject.substrate.apply({ ...it, hold: true })
    assert.equal(subject.writes(), writes)
    assert.ok((await start(subject, it)).answering)
  })

  suite('letting go of an engine keeps its nodes and their addresses', async (subject) => {
    const it = wanted('c-1')
    const addresses = (seen: Seen) =>
      seenNodes(seen)
        .map(({ id, address }) => `${id} ${address}`)
        .sort()
    const held = await hold(subject, it)
    assert.deepEqual(addresses(await start(subject, it)), addresses(held))
  })

  suite(
    'a script runs once on each node, in order, and repeating it writes nothing',
    async (subject, run) => {
      const it = wanted('c-1')
      await hold(subject, it)
      const [first = '', ...rest] = nodeIds(it)
      await run(it, sampleScript('s-1'), [first])
      await until(subject, 'c-1', ended)
      await run(it, sampleScript('s-1'), [first, ...rest])
      const once = await until(subject, 'c-1', ended)
      assert.deepEqual(
        once.runs?.map(({ node, order, phase }) => [node, order, phase]),
        [first, ...rest].map((node, at) => [node, at + 1, 'done']),
      )
      const writes = subject.writes()
      await run(it, sampleScript('s-1'), nodeIds(it))
      assert.equal(subject.writes(), writes)
      assert.deepEqual(await subject.substrate.observe('c-1'), once)
      await run(it, sampleScript('s-2'), [first])
      const twice = await until(subject, 'c-1', ended)
      assert.equal(twice.runs?.at(-1)?.script, 's-2')
      assert.equal(twice.runs?.length, nodeIds(it).length + 1)
    },
  )

  suite('scripts run on a started cluster too, and it keeps answering', async (subject, run) => {
    const it = wanted('c-1')
    await start(subject, it)
    await run(it, sampleScript('s-1'), nodeIds(it))
    const seen = await until(subject, 'c-1', (now) => now.runs !== undefined && ended(now))
    assert.ok(seen.answering)
    assert.equal(seen.generation, it.spec.generation)
  })

  suite('a script does not run on a node that is not there', async (subject, run) => {
    const it = wanted('c-1')
    await assert.rejects(run(it, sampleScript('s-1'), nodeIds(it)))
    await hold(subject, it)
    await assert.rejects(run(it, sampleScript('s-1'), ['no-node']))
    assert.equal((await subject.substrate.observe('c-1')).runs, undefined)
  })

  suite('a new driver knows what ran, and runs it no second time', async (subject, run) => {
    const it = wanted('c-1')
    await hold(subject, it)
    await run(it, sampleScript('s-1'), nodeIds(it))
    const before = await until(subject, 'c-1', ended)
    await subject.reopen()
    assert.deepEqual(await subject.substrate.observe('c-1'), before)
    await subject.substrate.run?.(it, sampleScript('s-1'), nodeIds(it))
    assert.deepEqual(await subject.substrate.observe('c-1'), before)
  })

  suite('a node takes the record of its scripts with it when it goes', async (subject, run) => {
    const it = wanted('c-1')
    await start(subject, it)
    await run(it, sampleScript('s-1'), nodeIds(it))
    await until(subject, 'c-1', (seen) => seen.runs !== undefined && ended(seen))
    const gone = [nodeIds(it).at(-1)!]
    const less = next(it, withoutNodes(it.spec, gone))
    await subject.substrate.drain?.(less, gone)
    await until(subject, 'c-1', (seen) =>
      seenNodes(seen).every(({ id, phase }) => !gone.includes(id) || phase === 'drained'),
    )
    const seen = await start(subject, less)
    assert.deepEqual(
      seen.runs?.map(({ node, order }) => [node, order]),
      nodeIds(less).map((node, at) => [node, at + 1]),
    )
  })
}

function ended(seen: Seen): boolean {
  return (seen.runs ?? []).every(({ phase }) => phase !== 'running')
}

async function hold(subject: Subject, it: Wanted): Promise<Seen> {
  await subject.substrate.apply({ ...it, hold: true })
  return until(subject, it.id, (seen) => {
    const nodes = seenNodes(seen)
    return nodes.length > 0 && nodes.every(({ phase }) => phase === 'prepared')
  })
}
