/** What every substrate owes (src/substrate/substrate.ts), as one suite that each driver's test calls. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import type { Seen, Substrate, Wanted } from '../../src/substrate/port.ts'
import { sampleCluster, sampleGroup, sampleScript } from '../support/sample.ts'

export interface Subject {
  readonly substrate: Substrate
  /** Lets time pass until the substrate expects something to be different. */
  wait(seen: Seen): Promise<void>
  /** Writes to the data plane so far. */
  writes(): number
  /** The same world seen by a new driver, as after a restart. */
  reopen(): Promise<Substrate>
}

export type OpenSubject = (t: TestContext) => Promise<Subject>

/** Looks until `done`; a driver that needs more is stuck. */
const LOOKS_MAX = 200

export function substrateConformance(
  name: string,
  open: OpenSubject,
  sample: Partial<Cluster> = {},
): void {
  const suite = (sentence: string, run: (subject: Subject) => Promise<void>) =>
    test(`${name}: ${sentence}`, async (t) => run(await open(t)))
  const wanted = (id: string, members: Partial<Cluster> = {}): Wanted => ({
    ...sampleCluster({
      groups: [sampleGroup(`${id}-a`, 1), sampleGroup(`${id}-b`, 3)],
      ...sample,
      id,
      ...members,
    }),
    reveal: () => 'Secret-1',
  })
  const until = async (
    subject: Subject,
    id: string,
    done: (seen: Seen) => boolean,
  ): Promise<Seen> => {
    for (let look = 0; look < LOOKS_MAX; look++) {
      const seen = await subject.substrate.observe(id)
      if (done(seen)) return seen
      await subject.wait(seen)
    }
    throw new Error('it never came about')
  }
  const start = async (subject: Subject, it: Wanted): Promise<Seen> => {
    for (const group of it.spec.groups) await subject.substrate.ensureGroup(it, group)
    return until(subject, it.id, (seen) => seen.answering)
  }
  const stop = (subject: Subject, id: string) =>
    until(subject, id, (seen) => !seen.present || (void subject.substrate.destroy(id), false))

  suite('what was never made is absent, and destroying it is no error', async ({ substrate }) => {
    assert.equal((await substrate.observe('c-none')).present, false)
    await substrate.destroy('c-none')
    assert.equal((await substrate.observe('c-none')).present, false)
  })

  suite(
    'a cluster starts: every group with its nodes, ready, answering, at the wanted generation',
    async (subject) => {
      const it = wanted('c-1')
      const seen = await start(subject, it)
      assert.equal(seen.generation, it.spec.generation)
      for (const group of it.spec.groups) {
        const found = seen.groups.find((each) => each.id === group.id)
        assert.equal(found?.phase, 'ready')
        assert.deepEqual(
          found?.nodes.map((node) => node.id).sort(),
          group.nodes.map((node) => node.id).sort(),
        )
        assert.ok(found?.nodes.every((node) => node.ready && node.address !== ''))
      }
    },
  )

  suite('no two nodes share an address', async (subject) => {
    const one = await start(subject, wanted('c-1'))
    const two = await start(subject, wanted('c-2'))
    const addresses = [...one.groups, ...two.groups].flatMap((group) =>
      group.nodes.map((node) => node.address),
    )
    assert.equal(new Set(addresses).size, addresses.length)
  })

  suite('ensuring what is there already writes nothing and changes nothing', async (subject) => {
    const it = wanted('c-1')
    const before = await start(subject, it)
    const writes = subject.writes()
    for (const group of it.spec.groups) await subject.substrate.ensureGroup(it, group)
    assert.equal(subject.writes(), writes)
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
    'destroying takes the cluster and leaves the others, and may be repeated at any time',
    async (subject) => {
      await start(subject, wanted('c-1'))
      const other = await start(subject, wanted('c-2'))
      await subject.substrate.destroy('c-1')
      await subject.substrate.destroy('c-1')
      await stop(subject, 'c-1')
      await subject.substrate.destroy('c-1')
      assert.deepEqual(await subject.substrate.observe('c-2'), other)
    },
  )

  suite('a destroyed cluster can be made again under its id', async (subject) => {
    await start(subject, wanted('c-1'))
    await stop(subject, 'c-1')
    assert.ok((await start(subject, wanted('c-1'))).answering)
  })

  suite('a new driver finds the world as it was, without a write', async (subject) => {
    const before = await start(subject, wanted('c-1'))
    const again = await subject.reopen()
    const seen = await again.observe('c-1')
    assert.deepEqual(seen, before)
    await again.close()
  })

  scriptConformance(name, { open, wanted, until, start })
}

interface Parts {
  readonly open: OpenSubject
  readonly wanted: (id: string, members?: Partial<Cluster>) => Wanted
  readonly until: (subject: Subject, id: string, done: (seen: Seen) => boolean) => Promise<Seen>
  readonly start: (subject: Subject, it: Wanted) => Promise<Seen>
}

/** For drivers that run scripts; those that do not must not offer the verb. */
function scriptConformance(name: string, { open, wanted, until, start }: Parts): void {
  type Run = NonNullable<Substrate['runScript']>
  const suite = (sentence: string, body: (subject: Subject, run: Run) => Promise<void>) =>
    test(`${name}: ${sentence}`, async (t) => {
      const subject = await open(t)
      const { runScript } = subject.substrate
      if (runScript) await body(subject, runScript)
    })
  const nodesOf = (it: Wanted) => it.spec.groups.flatMap((group) => group.nodes.map(({ id }) => id))
  const ended = (seen: Seen) => (seen.runs ?? []).every(({ phase }) => phase !== 'running')
  const hold = async (subject: Subject, it: Wanted): Promise<Seen> => {
    const held = { ...it, hold: true }
    for (const group of it.spec.groups) await subject.substrate.ensureGroup(held, group)
    return until(subject, it.id, ({ groups }) => groups.every(({ phase }) => phase === 'prepared'))
  }

  suite('held nodes are there, and no engine answers until it is let go', async (subject) => {
    const it = wanted('c-1')
    const held = await hold(subject, it)
    assert.equal(held.answering, false)
    assert.deepEqual(held.groups.flatMap(({ nodes }) => nodes.map(({ id }) => id)).sort(), [
      ...nodesOf(it),
    ])
    const writes = subject.writes()
    for (const group of it.spec.groups)
      await subject.substrate.ensureGroup({ ...it, hold: true }, group)
    assert.equal(subject.writes(), writes)
    assert.ok((await start(subject, it)).answering)
  })

  suite('letting go of an engine keeps its nodes and their addresses', async (subject) => {
    const it = wanted('c-1')
    const addresses = ({ groups }: Seen) =>
      groups.flatMap(({ nodes }) => nodes.map(({ id, address }) => `${id} ${address}`)).sort()
    const held = await hold(subject, it)
    assert.deepEqual(addresses(await start(subject, it)), addresses(held))
  })

  suite(
    'a script runs once on each node, in order, and repeating it writes nothing',
    async (subject, run) => {
      const it = wanted('c-1')
      await hold(subject, it)
      const [first = '', ...rest] = nodesOf(it)
      await run(it, sampleScript('s-1'), [first])
      await until(subject, 'c-1', ended)
      await run(it, sampleScript('s-1'), [first, ...rest])
      const once = await until(subject, 'c-1', ended)
      assert.deepEqual(
        once.runs?.map(({ node, order, phase }) => [node, order, phase]),
        [first, ...rest].map((node, at) => [node, at + 1, 'done']),
      )
      const writes = subject.writes()
      await run(it, sampleScript('s-1'), nodesOf(it))
      assert.equal(subject.writes(), writes)
      assert.deepEqual(await subject.substrate.observe('c-1'), once)
      await run(it, sampleScript('s-2'), [first])
      const twice = await until(subject, 'c-1', ended)
      assert.equal(twice.runs?.at(-1)?.script, 's-2')
      assert.equal(twice.runs?.length, nodesOf(it).length + 1)
    },
  )

  suite('scripts run on a started cluster too, and it goes on answering', async (subject, run) => {
    const it = wanted('c-1')
    await start(subject, it)
    await run(it, sampleScript('s-1'), nodesOf(it))
    const seen = await until(subject, 'c-1', (now) => now.runs !== undefined && ended(now))
    assert.ok(seen.answering)
    assert.equal(seen.generation, it.spec.generation)
  })

  suite('a script does not run on a node that is not there', async (subject, run) => {
    const it = wanted('c-1')
    await assert.rejects(run(it, sampleScript('s-1'), nodesOf(it)))
    await hold(subject, it)
    await assert.rejects(run(it, sampleScript('s-1'), ['no-node']))
    assert.equal((await subject.substrate.observe('c-1')).runs, undefined)
  })

  suite('a new driver knows what ran, and runs it no second time', async (subject, run) => {
    const it = wanted('c-1')
    await hold(subject, it)
    await run(it, sampleScript('s-1'), nodesOf(it))
    const before = await until(subject, 'c-1', ended)
    const again = await subject.reopen()
    assert.deepEqual(await again.observe('c-1'), before)
    await again.runScript?.(it, sampleScript('s-1'), nodesOf(it))
    assert.deepEqual(await again.observe('c-1'), before)
    await again.close()
  })
}
