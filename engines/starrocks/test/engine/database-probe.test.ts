import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DuckDBValue } from '@duckdb/node-api'
import { databaseProbe } from '../../src/engine/database-probe.ts'
import { SqlError } from '../../src/session.ts'
import { manualClock } from '../../../../src/kernel/clock.ts'

const duck = { usedBytes: async () => 7 }

test('a database that answers is ok, with the threads that it works with', async () => {
  const probe = databaseProbe(duck, { rows: async () => [[3n]] }, manualClock())
  assert.deepEqual(await probe(), { ok: true, threads: 3, usedBytes: 7 })
})

test('a database that refuses is not ok, with its reason', async () => {
  const refused = databaseProbe(
    duck,
    {
      rows: async () => {
        throw new SqlError('Storage error')
      },
    },
    manualClock(),
  )
  assert.deepEqual(await refused(), { ok: false, reason: 'Storage error' })
})

test('a database that hangs is not ok within two seconds, is asked once, and may recover', async () => {
  const clock = manualClock()
  const hanging = Promise.withResolvers<DuckDBValue[][]>()
  let asked = 0
  const rows = () => {
    asked++
    return asked === 1 ? hanging.promise : Promise.resolve([[4n]])
  }
  const probe = databaseProbe(duck, { rows }, clock)
  const answers = [probe(), probe()]
  clock.advance(1_999)
  const late = probe()
  clock.advance(1)
  const silent = { ok: false, reason: 'the database did not answer within 2000 ms' }
  assert.deepEqual(await Promise.all(answers), [silent, silent])
  clock.advance(1_999)
  assert.deepEqual(await late, silent)
  assert.equal(asked, 1)
  hanging.resolve([[4n]])
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(await probe(), { ok: true, threads: 4, usedBytes: 7 })
})

test('a database that does not say how large its data is, is not ok either', async () => {
  const clock = manualClock()
  const silent = { usedBytes: () => new Promise<number>(() => undefined) }
  const answer = databaseProbe(silent, { rows: async () => [[3n]] }, clock)()
  await new Promise((resolve) => setImmediate(resolve))
  clock.advance(2_000)
  assert.equal((await answer).ok, false)
})
