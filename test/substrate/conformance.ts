/** What every substrate owes (src/substrate/substrate.ts), as one suite that each driver's test calls. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Cluster } from '../../src/domain/cluster.ts'
import type { Seen, Substrate, Wanted } from '../../src/substrate/substrate.ts'
import { sampleCluster, sampleGroup } from '../support/sample.ts'

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
    for (const group of it.groups) await subject.substrate.ensureGroup(it, group)
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
      assert.equal(seen.generation, it.generation)
      for (const group of it.groups) {
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
    for (const group of it.groups) await subject.substrate.ensureGroup(it, group)
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
}
