/** An encrypted instance: its rows stand in the clear in no file, whatever happens to the process; without its key there is nothing. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { cachedModule, skipWithout } from '../../../../test/support/engine/module.ts'
import { engineControl } from '../../src/process/control-client.ts'
import { engineDirectory, spawnEngine, startEngine } from '../support/engine-process.ts'

const skip = skipWithout('httpfs')
const MODULES = { EMRYS_ENGINE_MODULES: `/nowhere:${dirname(cachedModule('httpfs') ?? '')}` }
const KEY = Buffer.alloc(32, 7)
const NEEDLE = 'Needle5f3a'
const NUMBER = 0x1122334455667788n
const ROWS = 200_000

/** The needle as bytes of files could hold it. */
const FORMS = {
  text: Buffer.from(NEEDLE),
  wide: Buffer.from(NEEDLE, 'utf16le'),
  number: (() => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(NUMBER)
    return bytes
  })(),
  key: KEY,
  keyText: Buffer.from(KEY.toString('base64')),
  keyHex: Buffer.from(KEY.toString('hex')),
}

/** `FILE FORM` of everything that is found; files come and go meanwhile. */
function found(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    try {
      const path = join(directory, name)
      if (!statSync(path).isFile()) return []
      const content = readFileSync(path)
      return Object.entries(FORMS).flatMap(([form, bytes]) =>
        content.includes(bytes) ? [`${name} ${form}`] : [],
      )
    } catch {
      return []
    }
  })
}

/** What is on the disk at every stage of its life, and after each of them. */
async function lived(t: TestContext, directory: string, key?: Uint8Array) {
  const seen = new Set<string>()
  const files = new Set<string>()
  const look = () => {
    for (const each of found(directory)) seen.add(each)
    for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }))
      files.add(name)
  }
  const engine = await startEngine(t, directory, MODULES, key)
  await engine.query('CREATE DATABASE d')
  await engine.query(
    'CREATE TABLE d.t (id BIGINT, s VARCHAR(100), n BIGINT) DUPLICATE KEY(id) DISTRIBUTED BY HASH(id)',
  )
  const rows = Array.from({ length: ROWS }, (_, i) => `${i}\t${NEEDLE}-${i * 7919}\t${NUMBER}\n`)
  const loaded = await engine.load('t', rows.join(''), { label: 'first' })
  assert.match(loaded.text, /"Status": ?"Success"/)
  await engine.query(`INSERT INTO d.t VALUES (-1, '${NEEDLE}-log', ${NUMBER})`)
  look()
  await engineControl(directory).beginSnapshot('copy')
  while ((await engineControl(directory).snapshot('copy')).phase === 'taking') await pause(50)
  assert.equal((await engineControl(directory).snapshot('copy')).phase, 'taken')
  await engine.query(`INSERT INTO d.t VALUES (-2, '${NEEDLE}-later', ${NUMBER})`)
  // An error that quotes a value.
  await assert.rejects(engine.query(`SELECT ${NEEDLE} FROM d.t`))
  const sorting = engine
    .query(
      'SELECT max(r) FROM (SELECT row_number() OVER (ORDER BY a.s, b.s DESC) AS r FROM d.t a JOIN d.t b ON a.n = b.n) x',
    )
    .catch(() => undefined)
  // Files are there before rows are in them.
  for (let waits = 0; waits < 3000 && spilledBytes(directory) < SPILLED; waits++) await pause(20)
  assert.ok(spilledBytes(directory) >= SPILLED, 'nothing was spilled')
  await engine.end('SIGKILL')
  await sorting
  look()
  const again = await startEngine(t, directory, MODULES, key)
  assert.deepEqual(await again.query('SELECT count(*) FROM d.t'), [[ROWS + 2]])
  assert.equal(await again.end('SIGTERM'), 0)
  look()
  return { seen: [...seen].sort(), files: [...files] }
}

/** Some of DuckDB's blocks of rows. */
const SPILLED = 4 * 1024 ** 2

function spilledBytes(directory: string): number {
  const folder = join(directory, 'spill')
  return readdirSync(folder)
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0)
}

const small = { memoryBytes: 67_108_864 }

test(
  'no file of it holds a value in the clear, after a load, a copy, a spill and kill -9',
  { skip },
  async (t) => {
    const directory = engineDirectory(t, {
      ...small,
      encrypted: true,
      modules: ['httpfs'],
    })
    const { seen, files } = await lived(t, directory, KEY)
    assert.deepEqual(seen, [])
    for (const wanted of [
      'instance.duckdb',
      'instance.duckdb.wal',
      'snapshot/copy/instance.duckdb',
      'engine.log',
    ])
      assert.ok(files.includes(wanted), `${wanted} was not there to be searched`)
    assert.ok(files.some((name) => name.startsWith('spill/')))
  },
)

test('the same search finds what is not encrypted', { skip }, async (t) => {
  const { seen } = await lived(t, engineDirectory(t, small))
  for (const wanted of [
    'instance.duckdb text',
    'instance.duckdb.wal text',
    'instance.duckdb.wal number',
  ])
    assert.ok(seen.includes(wanted), `${wanted} is not among ${seen.join(', ')}`)
  assert.ok(seen.some((each) => each.startsWith('spill/') && each.endsWith(' text')))
  assert.ok(seen.some((each) => each.startsWith('snapshot/copy/')))
})

test(
  'without its key, or with another one, it does not start, and no file holds either',
  { skip },
  async (t) => {
    const directory = engineDirectory(t, { encrypted: true, modules: ['httpfs'] })
    const engine = await startEngine(t, directory, MODULES, KEY)
    assert.equal(await engine.end('SIGTERM'), 0)
    for (const [key, code] of [
      [undefined, 2],
      [KEY.subarray(1), 2],
      [Buffer.alloc(32, 8), 1],
    ] as const) {
      const child = spawnEngine(t, directory, MODULES, key)
      assert.deepEqual(await once(child, 'exit'), [code, null])
    }
    const log = readFileSync(join(directory, 'engine.log'), 'utf8')
    assert.doesNotMatch(log, /ATTACH/)
    assert.deepEqual(found(directory), [])
  },
)

test(
  'an engine loads the modules of its configuration, and nothing that is none',
  { skip },
  async (t) => {
    const directory = engineDirectory(t, { modules: ['httpfs'] })
    const engine = await startEngine(t, directory, MODULES)
    assert.deepEqual(await engine.query('SELECT 1'), [[1]])
    assert.equal(await engine.end('SIGTERM'), 0)
    assert.deepEqual(await once(spawnEngine(t, directory), 'exit'), [2, null])
    // A file of its name that nobody has signed.
    writeFileSync(join(directory, 'httpfs.duckdb_extension'), Buffer.alloc(100_000))
    const own = { EMRYS_ENGINE_MODULES: directory }
    assert.deepEqual(await once(spawnEngine(t, directory, own), 'exit'), [1, null])
  },
)
