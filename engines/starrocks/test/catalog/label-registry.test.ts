import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { newLoad, openLabelRegistry } from '../../src/catalog/label-registry.ts'
import { schemaSql } from '../../src/catalog/catalog-store.ts'
import { openDuck } from '../../src/storage/duck.ts'
import { inTransaction } from '../../src/storage/link.ts'
import { writeMutex } from '../../src/storage/write-mutex.ts'
import { limits, testDirectory } from '../support/open-engine.ts'

test('a load is added by a transaction that is older than what others have deleted', async (t) => {
  const duck = await openDuck(await testDirectory(t), limits)
  t.after(() => duck.close())
  const [old, other] = [await duck.connect(), await duck.connect()]
  await other.run(schemaSql())
  const clock = manualClock()
  const labels = await openLabelRegistry(other, { clock, retentionMs: () => 1000 })
  const finished = (label: string) => ({
    ...newLoad({
      id: labels.newId(),
      label,
      databaseId: 1,
      tableId: 2,
      volume: undefined,
      kind: 'STREAM LOAD',
      user: 'admin',
      userId: 1,
      createdMs: clock.now(),
      job: undefined,
    }),
    state: 'VISIBLE' as const,
    finishedMs: clock.now(),
  })
  const first = finished('a')
  await inTransaction(other, () => labels.write(other, first))
  labels.remember(first)
  clock.advance(1000)
  const [second, third] = [finished('b'), finished('c')]
  await inTransaction(old, async () => {
    // From here on it sees what was there.
    await old.rows('SELECT id FROM emrys.load')
    await inTransaction(other, () => labels.write(other, third))
    await labels.add(old, second)
  })
  labels.remember(third)
  labels.remember(second)
  const kept = () => other.rows('SELECT id FROM emrys.load ORDER BY id')
  assert.deepEqual(await kept(), [[BigInt(second.id)], [BigInt(third.id)]])
  clock.advance(1000)
  await labels.sweep(other, undefined, writeMutex())
  assert.deepEqual([await kept(), labels.byId(second.id)], [[], undefined])
})
