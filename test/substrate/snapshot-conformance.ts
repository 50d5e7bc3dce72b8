/** What every substrate that has snapshots owes (src/substrate/port.ts). */
import assert from 'node:assert/strict'
import type { SnapshotKey } from '../../src/domain/cluster/spec.ts'
import type { SeenSnapshot, Snapshots, Wanted } from '../../src/substrate/port.ts'
import { removed, start, suiteOf, until, type OpenSubject, type Subject } from './subject.ts'

/** Looks until it is taken; one that needs more is stuck. */
const LOOKS_MAX = 500

export function snapshotConformance(
  name: string,
  open: OpenSubject,
  wanted: (id: string) => Wanted,
): void {
  const all = suiteOf(name, open)
  const suite = (sentence: string, run: (subject: Subject, it: Snapshots) => Promise<void>) =>
    all(sentence, async (subject) => {
      const { snapshots } = subject.substrate
      if (subject.substrate.capabilities().snapshots) {
        assert.ok(snapshots)
        await run(subject, snapshots)
      }
    })
  const key = { cluster: 'c-1', snapshot: 'bt-1' }

  suite(
    'a snapshot that was never taken is absent, and discarding it is no error',
    async (_, it) => {
      assert.equal((await it.observe(key)).phase, 'absent')
      await it.discard(key)
      assert.deepEqual(await it.list(), [])
    },
  )

  suite('a cluster that is not there is not copied', async (_, it) => {
    await assert.rejects(it.take(key), /c-1 is not there/)
    assert.equal((await it.observe(key)).phase, 'absent')
  })

  suite('a running cluster is copied, and continues', async (subject, it) => {
    const before = await start(subject, wanted('c-1'))
    const processes = subject.processes('c-1')
    const seen = await taken(subject, key)
    assert.ok((seen.bytes ?? -1) >= 0 && seen.tables)
    assert.deepEqual(await it.list(), [key])
    const [writes, kept] = [subject.writes(), await it.observe(key)]
    await subject.substrate.snapshots?.take(key)
    assert.deepEqual([subject.writes(), await it.observe(key)], [writes, kept])
    assert.deepEqual(await subject.substrate.observe('c-1'), before)
    assert.deepEqual(subject.processes('c-1'), processes)
  })

  suite(
    'a snapshot outlives its driver and its cluster, until it is discarded',
    async (subject, it) => {
      await start(subject, wanted('c-1'))
      const seen = await taken(subject, key)
      await taken(subject, { ...key, snapshot: 'bt-2' })
      await subject.reopen()
      await removed(subject, 'c-1')
      const after = subject.substrate.snapshots ?? it
      assert.deepEqual(await after.observe(key), seen)
      await after.discard(key)
      await after.discard(key)
      assert.equal((await after.observe(key)).phase, 'absent')
      assert.deepEqual(await after.list(), [{ ...key, snapshot: 'bt-2' }])
    },
  )

  suite(
    'a cluster can begin with a snapshot, and does not need it any more then',
    async (subject, it) => {
      await start(subject, wanted('c-1'))
      await taken(subject, key)
      const { spec, ...rest } = wanted('c-2')
      const restored = { ...rest, spec: { ...spec, origin: key } }
      await start(subject, restored)
      await it.discard(key)
      await subject.substrate.apply(restored)
      await until(subject, 'c-2', ({ answering, groups }) => {
        assert.ok(groups.every(({ problem }) => problem === undefined))
        return answering
      })
    },
  )

  suite(
    'a cluster whose snapshot is not there reports it, and that waiting does not help',
    async (subject) => {
      const { spec, ...rest } = wanted('c-2')
      await subject.substrate.apply({ ...rest, spec: { ...spec, origin: key } })
      const seen = await until(subject, 'c-2', ({ groups }) =>
        groups.some(({ problem }) => problem !== undefined),
      )
      const [problem] = seen.groups.flatMap((group) => group.problem ?? [])
      assert.equal(problem?.persists, true)
      assert.match(problem.reason, /the backup bt-1 that it should begin with is not there/)
      await removed(subject, 'c-2')
    },
  )

  suite('clearing leaves no snapshot', async (subject, it) => {
    await start(subject, wanted('c-1'))
    await taken(subject, key)
    await subject.substrate.clear()
    assert.deepEqual(await it.list(), [])
    assert.equal((await it.observe(key)).phase, 'absent')
  })
}

async function taken(subject: Subject, key: SnapshotKey): Promise<SeenSnapshot> {
  const { snapshots } = subject.substrate
  assert.ok(snapshots)
  for (let look = 0; look < LOOKS_MAX; look++) {
    const seen = await snapshots.observe(key)
    if (seen.phase === 'taken') return seen
    assert.notEqual(seen.phase, 'failed', seen.reason)
    await snapshots.take(key)
    const { changesInMs = 20 } = await snapshots.observe(key)
    await subject.wait({ ...(await subject.substrate.observe(key.cluster)), changesInMs })
  }
  throw new Error(`${key.snapshot} was never taken`)
}
