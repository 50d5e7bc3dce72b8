import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { silentLogger } from '../../../../src/kernel/log.ts'
import { memoryWatchdog, residentLimit } from '../../src/engine/memory-watchdog.ts'
import { busy, connect, limits, testClient } from '../support/open-engine.ts'

const long =
  'SELECT /*+ SET_VAR(query_timeout = 20) */ count(*) FROM t a, t b, t c WHERE a.a + b.a + c.a = -1'
const rows = 'INSERT INTO t SELECT generate_series FROM TABLE(generate_series(1, 20000))'

test('while memory over the bound grows, the statement that runs longest ends with StarRocks’ error', async (t) => {
  let resident = 0
  const looks = { count: 0, listener: () => undefined as unknown }
  const residentBytes = () => {
    looks.count += 1
    looks.listener()
    return resident
  }
  const { engine, client } = await testClient(t, { residentBytes })
  await client.run(`CREATE TABLE t (a INT) DISTRIBUTED BY HASH(a); ${rows}`)
  const ended = client.refusal(long)
  await busy(engine, 1)
  const other = await connect(engine, 'admin', 'd')
  resident = residentLimit(limits.memoryBytes) + 1
  const error = await ended
  assert.equal(error.errno, 1064)
  assert.match(
    error.message,
    /^Memory of process exceed limit\. Used: \d+, Limit: \d+\. Backend: local$/,
  )
  // It no longer grows: what is resident may be the allocator's.
  const refused = other.refusal(long)
  await busy(engine, 1)
  // An event rather than a time: the watchdog has looked three times more.
  await new Promise<void>((resolve) => {
    const wanted = looks.count + 3
    looks.listener = () => looks.count >= wanted && resolve()
  })
  assert.equal((await engine.status()).running, 1)
  other.session.interrupt()
  assert.equal((await refused).errno, 1317)
})

test('memory that grows no more is released once, and again when as much has come on top', async () => {
  const MIB = 1024 ** 2
  const clock = manualClock()
  let resident = 100 * MIB
  let asked = 0
  let freed = 0
  const duck = {
    async releaseMemory() {
      asked++
      resident -= freed
    },
  }
  const engine = { clock, duck, limits, log: silentLogger(), sessions: new Map() }
  const watchdog = memoryWatchdog(engine, () => resident)
  const look = async (mib: number) => {
    resident = mib * MIB
    clock.advance(250)
    const growing = asked
    for (let more = 0; more < 3; more++) {
      clock.advance(250)
      await Promise.resolve()
    }
    return { growing, asked }
  }
  assert.deepEqual(await look(150), { growing: 0, asked: 0 })
  assert.deepEqual(await look(400), { growing: 0, asked: 1 })
  assert.deepEqual(await look(440), { growing: 1, asked: 1 })
  freed = 300 * MIB
  assert.deepEqual(await look(500), { growing: 1, asked: 2 })
  assert.equal(resident, 200 * MIB)
  freed = 0
  assert.deepEqual(await look(270), { growing: 2, asked: 3 })
  watchdog.stop()
})
