import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { workloadRecorder } from '../../src/execution/workload-recorder.ts'
import { identity, testClient } from '../support/open-engine.ts'
import { PRIMARY, request, writeRows } from '../load/request.ts'

const DAY_MS = 86_400_000

test('what takes as long as the setting says is counted, and the slowest is known without its literals', () => {
  let slowMs = 100
  const recorder = workloadRecorder(manualClock(5), () => slowMs)
  recorder.statement('SELECT 1', 99)
  recorder.statement(
    "SELECT `a`, 'it''s mine' /* mine */ FROM t WHERE k = 0x12 OR k > 1.5e3 -- mine",
    300,
  )
  recorder.statement('SELECT "other"', 200)
  slowMs = 1_000
  recorder.statement('SELECT 2', 999)
  assert.deepEqual(recorder.digest(), {
    sinceMs: 5,
    slowStatements: 2,
    slowestMs: 300,
    slowest: 'SELECT a , ? FROM t WHERE k = ? OR k > ?',
    failedLoads: 0,
    failedTable: '',
  })
})

test('a text that is long or unreadable is only begun', () => {
  const recorder = workloadRecorder(manualClock(), () => 0)
  recorder.statement(`SELECT '${'x'.repeat(20_000)}'`, 10)
  assert.equal(recorder.digest().slowest, 'SELECT …')
  recorder.statement("SELECT 'never closed", 20)
  assert.equal(recorder.digest().slowest, 'SELECT …')
  recorder.statement(`SELECT ${Array.from({ length: 500 }, () => 'column').join(', ')}`, 30)
  assert.equal(recorder.digest().slowest.length, 201)
})

test('a recorder is of one day: the first entry of another one begins it again', () => {
  const clock = manualClock(5)
  const recorder = workloadRecorder(clock, () => 0)
  recorder.statement('SELECT 1', 10)
  clock.advance(DAY_MS)
  assert.equal(recorder.digest().sinceMs, 5, 'a quiet engine says the same')
  recorder.failedLoad('d.t')
  const { sinceMs, slowStatements, failedLoads, failedTable } = recorder.digest()
  assert.deepEqual([sinceMs, slowStatements, failedLoads, failedTable], [DAY_MS + 5, 0, 1, 'd.t'])
})

test('an engine counts its statements and loads, and says so with its health', async (t) => {
  const settings = { frontend: { qe_slow_log_ms: '2000' } }
  const { engine, client } = await testClient(t, { identity: { ...identity, settings } })
  await client.run(PRIMARY)
  await client.rows("SELECT sleep(3), 'secret'")
  await client.refusal("SELECT sleep(1), 1/0 FROM nowhere WHERE a = 'secret'")
  const kept = await engine.beginLoad(request())
  await writeRows(kept, [['1', '1', 'a', '1']], 1)
  await kept.commit()
  const given = await engine.beginLoad(request())
  await given.rollback()
  const bad = await engine.beginLoad(request({ strict: true }))
  await writeRows(bad, [['x', 'secret', 'a', '1']], 1)
  await assert.rejects(bad.commit())
  const { work } = await engine.health()
  assert.deepEqual(
    [work.slowStatements, work.slowest, work.failedLoads, work.failedTable],
    [1, 'SELECT sleep ( ? ) , ?', 1, 'd.t'],
  )
  assert.ok(work.slowestMs >= 700)
  assert.doesNotMatch(JSON.stringify(work), /secret/)
})
