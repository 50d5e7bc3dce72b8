import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { verifierOf } from '../src/statement/account/user.ts'
import { engineControl } from '../src/process/control-client.ts'
import {
  engineDirectory,
  healthOf,
  spawnEngine,
  startEngine,
  writeConfiguration,
} from './support/engine-process.ts'

const ROUNDS = process.env.EMRYS_LONG === '1' ? 30 : 5
const SCHEMA = `CREATE DATABASE d; USE d;
  CREATE TABLE dup (label VARCHAR(50), n INT) DUPLICATE KEY(label) DISTRIBUTED BY HASH(label);
  CREATE TABLE pri (label VARCHAR(50), n INT) PRIMARY KEY(label, n) DISTRIBUTED BY HASH(label)`
const ROWS = 500

const rowsOf = (label: string) =>
  Array.from({ length: ROWS }, (_, row) => `${label}\t${row}`).join('\n')

describe('the engine process', () => {
  test('says what it is, answers on all ports, and drains at SIGTERM', async (t) => {
    const directory = engineDirectory(t)
    const engine = await startEngine(t, directory)
    await engine.query(SCHEMA)
    const loaded = await engine.load('dup', rowsOf('a'), { label: 'a' })
    assert.equal(loaded.json?.Status, 'Success')
    const slow = new Readable({ read() {} })
    slow.push(`${rowsOf('b')}\n`)
    const loading = engine.load('dup', slow, { label: 'b' })
    await once(slow, 'resume')
    const ended = engine.end('SIGTERM')
    await logged(directory, 'the engine ends')
    slow.push(rowsOf('c'))
    slow.push(null)
    assert.equal((await loading).json?.NumberLoadedRows, 2 * ROWS)
    assert.equal(await ended, 0)
    const log = readFileSync(join(directory, 'engine.log'), 'utf8')
    assert.match(
      log,
      /StarRocks-compatible engine of Emrys on DuckDB starts; this is not StarRocks/,
    )
    for (const file of ['engine.log', 'instance.duckdb', 'tls/server.pem']) {
      assert.equal(statSync(join(directory, file)).mode & 0o077, 0, file)
    }
    const again = await startEngine(t, directory)
    assert.deepEqual(await again.query('SELECT count(*) FROM d.dup'), [[3 * ROWS]])
  })

  test('is found by its directory, reports its health, and takes over what may change', async (t) => {
    const directory = engineDirectory(t)
    const engine = await startEngine(t, directory)
    const control = engineControl(directory)
    assert.equal(statSync(join(directory, 'control.sock')).mode & 0o077, 0)
    const health = await healthOf(directory)
    assert.deepEqual(health, {
      ok: true,
      instance: 'c-0123456789abcdef',
      pid: engine.child.pid,
      generation: 0,
      ports: engine.ports,
      threads: 2,
      memoryBytes: 268_435_456,
      storageBytes: 4_294_967_296,
      usedBytes: health.usedBytes,
      nodes: ['be-0'],
      entries: [],
      running: 0,
      work: health.work,
    })
    assert.ok(health.usedBytes > 0)
    assert.deepEqual(health.work, {
      sinceMs: health.work.sinceMs,
      slowStatements: 0,
      slowestMs: 0,
      slowest: '',
      failedLoads: 0,
      failedTable: '',
    })
    const stats = await control.stats()
    assert.equal(stats['storageBytes'], 4_294_967_296)
    assert.equal(stats['connections'], 0)
    const nodes = [
      { name: 'cn-7', role: 'cn', host: '127.0.0.9', group: 'ng', zone: 'z', version: '3.3.9' },
    ] as const
    writeConfiguration(directory, {
      nodes: [...nodes],
      version: '3.3.9',
      storageBytes: 1 << 30,
      generation: 7,
    })
    writeFileSync(join(directory, 'admin-verifier'), verifierOf('new secret'))
    await control.reload()
    assert.equal((await healthOf(directory)).generation, 7)
    assert.equal((await control.stats())['storageBytes'], 1 << 30)
    const shown = await engine.query('SHOW COMPUTE NODES', 'new secret')
    assert.ok(JSON.stringify(shown).includes('127.0.0.9'))
    await assert.rejects(engine.query('SELECT 1'), /Access denied/)
    writeConfiguration(directory, { queryPort: 1, version: '4.0.0' })
    await assert.rejects(control.reload(), /queryPort cannot change/)
    assert.equal((await control.stats())['storageBytes'], 1 << 30)
    const exited = once(engine.child, 'exit')
    await control.shutdown()
    assert.deepEqual(await exited, [0, null])
    await assert.rejects(control.health())
  })

  test('does not start on what it cannot understand, nor twice in one directory', async (t) => {
    const directory = engineDirectory(t)
    const exitOf = async () => {
      const child = spawnEngine(t, directory)
      let text = ''
      child.stderr?.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      const [code] = (await once(child, 'exit')) as [number]
      return { code, text }
    }
    writeConfiguration(directory, { threads: 0 })
    const wrong = await exitOf()
    assert.equal(wrong.code, 2)
    assert.match(wrong.text, /threads/)
    writeFileSync(join(directory, 'engine.json'), '{"instance":"x","surprise":1}')
    assert.equal((await exitOf()).code, 2)
    writeConfiguration(directory, {})
    writeFileSync(join(directory, 'admin-verifier'), 'not hexadecimal')
    assert.equal((await exitOf()).code, 2)
    writeFileSync(join(directory, 'admin-verifier'), '')
    const engine = await startEngine(t, directory)
    const second = await exitOf()
    assert.equal(second.code, 1)
    assert.match(second.text, new RegExp(`in use by process ${engine.child.pid}`))
    assert.equal((await healthOf(directory)).ok, true)
  })
})

test('a load larger than the engine’s memory is loaded, and the process stays in its bounds', async (t) => {
  const directory = engineDirectory(t, { memoryBytes: 50_331_648 })
  const engine = await startEngine(t, directory)
  await engine.query(SCHEMA)
  const before = residentMegabytes(engine.child.pid)
  const block = (first: number) =>
    Array.from({ length: 10_000 }, (_, row) => `label of some length ${first + row}\t${row}\n`)
  const body = Readable.from(
    (function* () {
      for (let first = 0; first < 1_500_000; first += 10_000) yield block(first).join('')
    })(),
  )
  const { json, text } = await engine.load('dup', body, {})
  assert.equal(json?.Status, 'Success', text)
  assert.equal(json?.NumberLoadedRows, 1_500_000)
  assert.ok(Number(json?.LoadBytes) > 45_000_000)
  const grown = residentMegabytes(engine.child.pid) - before
  assert.ok(grown < 500, `the process grew by ${grown} MB`)
})

/** The highest resident size until now. */
function residentMegabytes(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

describe('kill -9 of the process', () => {
  test('during loads loses nothing that was acknowledged and doubles no label', async (t) => {
    const directory = engineDirectory(t)
    const acknowledged: string[] = []
    const tried: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const engine = await startEngine(t, directory)
      if (round === 0) await engine.query(SCHEMA)
      const wanted = acknowledged.length + 3 + round
      const loader = async (name: string) => {
        for (let batch = 0; ; batch++) {
          const label = `${name}-${round}-${batch}`
          tried.push(label)
          const reply = await engine
            .load(batch % 2 === 0 ? 'dup' : 'pri', rowsOf(label), { label })
            .catch(() => undefined)
          if (reply === undefined) return
          assert.equal(reply.json?.Status, 'Success', reply.text)
          acknowledged.push(label)
          if (acknowledged.length >= wanted) await engine.end('SIGKILL')
        }
      }
      await Promise.all([loader('x'), loader('y')])
      const after = await startEngine(t, directory)
      const found = new Map<unknown, unknown>()
      for (const table of ['dup', 'pri']) {
        const rows = await after.query(`SELECT label, count(*) FROM d.${table} GROUP BY label`)
        for (const [label, count] of rows) found.set(label, count)
      }
      for (const label of acknowledged) assert.equal(found.get(label), ROWS, label)
      for (const [label, count] of found) assert.equal(count, ROWS, String(label))
      for (const label of tried) {
        const { json } = await after.load('dup', rowsOf(label), { label })
        const wantedStatus = found.has(label) ? 'Label Already Exists' : 'Success'
        assert.equal(json?.Status, wantedStatus, label)
        if (json?.Status === 'Success') acknowledged.push(label)
      }
      tried.length = 0
      await after.end('SIGKILL')
    }
    assert.ok(acknowledged.length >= 3 * ROUNDS)
  })

  test('leaves prepared transactions to be finished, and takes open ones along', async (t) => {
    const directory = engineDirectory(t)
    const first = await startEngine(t, directory)
    await first.query(SCHEMA)
    for (const label of ['kept', 'open']) {
      await first.transact('begin', { label, table: 'dup' })
      await first.transact('load', { label, table: 'dup' }, rowsOf(label))
    }
    const prepared = await first.transact('prepare', { label: 'kept', table: 'dup' })
    assert.equal(prepared.json?.Status, 'OK')
    await first.end('SIGKILL')
    const second = await startEngine(t, directory)
    const taken = await second.load('dup', rowsOf('kept'), { label: 'kept' })
    assert.deepEqual(
      [taken.json?.Status, taken.json?.ExistingJobStatus],
      ['Label Already Exists', 'PREPARED'],
    )
    const open = await second.transact('commit', { label: 'open', table: 'dup' })
    assert.equal(open.json?.Status, 'TXN_NOT_EXISTS')
    const kept = await second.transact('commit', { label: 'kept', table: 'dup' })
    assert.deepEqual([kept.json?.Status, kept.json?.NumberLoadedRows], ['OK', ROWS])
    assert.deepEqual(await second.query('SELECT label, count(*) FROM d.dup GROUP BY label'), [
      ['kept', ROWS],
    ])
  })
})

/** Waits for a line of the engine's log. */
async function logged(directory: string, message: string): Promise<void> {
  while (!readFileSync(join(directory, 'engine.log'), 'utf8').includes(message)) {
    await pause(5)
  }
}
