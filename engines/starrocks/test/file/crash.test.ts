/**
 * The engine and its store are killed together while an instance of shared_data writes: rows into tables, loads with labels, files and
 * exports. Started again, some times on an empty disk: what was acknowledged is there once, every load and every folder of files is whole or
 * absent, and a label says which. 3 rounds, or 20 with EMRYS_LONG; EMRYS_SEED says what happens.
 */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createConnection, type Connection } from 'mysql2/promise'
import { random } from '../../../../src/kernel/random.ts'
import { cachedModule } from '../../../../test/support/engine/module.ts'
import { objectStoreServer } from '../../../../test/support/engine/object-store.ts'
import { cleanUp } from '../../../../test/support/process/clean-up.ts'
import { temporaryDirectory } from '../../../../test/support/process/directory.ts'
import { engineControl } from '../../src/process/control-client.ts'
import { moduleFolders } from '../../src/process/configuration.ts'
import { skipWithoutObjects as skip } from '../support/object-client.ts'
import { engineDirectory, startEngine, writeConfiguration } from '../support/engine-process.ts'

const ROUNDS = process.env['EMRYS_LONG'] === '1' ? 20 : 3
const ROWS = 40_000
const SOURCE = `SELECT generate_series AS n, md5(generate_series) AS v FROM TABLE(generate_series(1, ${ROWS}))`

/** One kind of work, done again and again under a number of its own. */
interface Work {
  sql(number: number): string
  /** Undefined while it is not known, for what runs by itself: how it ended. */
  end?(client: Connection, number: number): Promise<boolean | undefined>
  /** What a reader finds of it. */
  found(client: Connection, number: number): Promise<number>
}

const countOf = async (client: Connection, sql: string): Promise<number> => {
  const [rows] = await client.query({ sql, rowsAsArray: true })
  return Number((rows as unknown[][])[0]?.[0])
}

const inTable = (table: string) => (client: Connection, number: number) =>
  countOf(client, `SELECT count(*) FROM x.${table} WHERE k = ${number}`)

const inFiles =
  (folder: string, format: string, below: string) => async (client: Connection, number: number) => {
    const path = `oss://files/${folder}_${number}/${below}`
    try {
      return await countOf(
        client,
        `SELECT count(*) FROM FILES('path' = '${path}', 'format' = '${format}')`,
      )
    } catch (problem) {
      if (/No files were found/.test((problem as Error).message)) return 0
      throw problem
    }
  }

const stateOf = async (client: Connection, label: string): Promise<unknown> => {
  const sql = `SELECT STATE FROM information_schema.loads WHERE LABEL = '${label}' ORDER BY JOB_ID DESC`
  const [rows] = await client.query({ sql, rowsAsArray: true })
  return (rows as unknown[][])[0]?.[0]
}

const work: Readonly<Record<string, Work>> = {
  insert: {
    sql: (n) => `INSERT INTO x.t SELECT ${n}, n, v FROM (${SOURCE}) s`,
    found: inTable('t'),
  },
  labelled: {
    sql: (n) =>
      `INSERT INTO x.u WITH LABEL u_${n} SELECT ${n}, n, v FROM FILES('path' = 'oss://files/in/*', 'format' = 'parquet')`,
    found: inTable('u'),
  },
  load: {
    sql: (n) =>
      `LOAD LABEL x.l_${n} (DATA INFILE ('oss://files/in/*') INTO TABLE l FORMAT AS 'parquet' (n, v) SET (k = ${n})) WITH BROKER`,
    async end(client, n) {
      const state = await stateOf(client, `l_${n}`)
      assert.ok(state !== undefined, `the load ${n} was acknowledged and is not listed`)
      return state === 'FINISHED' ? true : state === 'CANCELLED' ? false : undefined
    },
    found: inTable('l'),
  },
  files: {
    sql: (n) =>
      `INSERT INTO FILES('path' = 'oss://files/many_${n}/', 'format' = 'parquet', 'target_max_file_size' = '100000') ${SOURCE}`,
    found: inFiles('many', 'parquet', '*'),
  },
  parts: {
    sql: (n) =>
      `INSERT INTO FILES('path' = 'oss://files/part_${n}/', 'format' = 'csv', 'partition_by' = 'p') SELECT n % 20 AS p, n, v FROM (${SOURCE}) s`,
    found: inFiles('part', 'csv', '*/*'),
  },
  export: {
    sql: (n) => `EXPORT TABLE x.source TO 'oss://files/export_${n}/' WITH SYNC MODE`,
    found: inFiles('export', 'csv', '*'),
  },
}

interface Attempt {
  readonly name: string
  readonly number: number
  /** Undefined: it was cut off. */
  acknowledged: boolean | undefined
}

/** Until the engine is gone. */
async function workOn(
  client: Connection,
  name: string,
  it: { readonly attempts: Attempt[]; readonly next: () => number },
): Promise<void> {
  const kind = work[name]
  assert.ok(kind)
  for (;;) {
    const attempt: Attempt = { name, number: it.next(), acknowledged: undefined }
    it.attempts.push(attempt)
    try {
      await client.query(kind.sql(attempt.number))
      let ended: boolean | undefined = kind.end ? undefined : true
      while (ended === undefined) ended = await kind.end?.(client, attempt.number)
      assert.equal(ended, true, `${name} ${attempt.number} failed`)
      attempt.acknowledged = true
    } catch (problem) {
      if (problem instanceof assert.AssertionError) throw problem
      const { code, sqlMessage } = problem as {
        readonly code?: string
        readonly sqlMessage?: string
      }
      // Whoever still lives may say that the other one is gone.
      if (sqlMessage !== undefined && !/storage|Storage|closed|volume/.test(sqlMessage))
        throw problem
      if (sqlMessage === undefined && !/ECONN|CONNECTION_LOST|EPIPE/.test(code ?? '')) throw problem
      if (sqlMessage === undefined) return
    }
  }
}

async function stage(t: TestContext) {
  const objects = temporaryDirectory(t)
  const directory = engineDirectory(t)
  const start = async () => {
    const store = await objectStoreServer(t, ['files', 'data'], objects)
    const { endpoint, region, keyId, secret } = store
    writeConfiguration(directory, {
      modules: ['httpfs'],
      objectStorage: {
        endpoint,
        region,
        prefixes: [{ name: 'oss://files/', rights: ['read', 'write', 'list'] }],
      },
      volume: { endpoint, region, bucket: 'data', prefix: 'i/' },
    })
    const key = { keyId, secret }
    const folders = { [moduleFolders]: dirname(cachedModule('httpfs') ?? '') }
    const engine = await startEngine(t, directory, folders, Buffer.from(JSON.stringify(key))).catch(
      (problem: unknown) => {
        const log = readFileSync(join(directory, 'engine.log'), 'utf8')
        throw new Error(log.slice(-2_000), { cause: problem })
      },
    )
    await engineControl(directory).setObjectStorageKey(key)
    const connect = async () => {
      const client = await createConnection({
        host: '127.0.0.1',
        port: engine.ports.query,
        user: 'admin',
        multipleStatements: true,
      })
      client.on('error', () => undefined)
      cleanUp(t, () => client.destroy())
      return client
    }
    return { connect, kill: () => Promise.all([engine.end('SIGKILL'), store.kill()]) }
  }
  /** All but what whoever starts it gives it. */
  const wipe = () => {
    for (const name of readdirSync(directory))
      if (!['engine.json', 'admin-verifier'].includes(name))
        rmSync(join(directory, name), { recursive: true })
  }
  return { start, wipe }
}

/** Cut off: whole or absent, also once it had the time to end by itself. */
async function hold(client: Connection, { name, number, acknowledged }: Attempt): Promise<void> {
  const kind = work[name]
  assert.ok(kind)
  const found = await kind.found(client, number)
  if (acknowledged === true) return assert.equal(found, ROWS, `${name} ${number} was acknowledged`)
  if (found !== 0 && found !== ROWS) {
    // What a killed process left half is taken away by the next one, by itself.
    for (let looks = 0; looks < 600 && (await kind.found(client, number)) !== 0; looks++)
      await pause(100)
    assert.equal(await kind.found(client, number), 0, `${name} ${number} is there in part`)
  }
  if (name === 'load') await holdLabel(client, `l_${number}`, found)
  if (name !== 'labelled') return
  // The same label again: it is free exactly where no row came with it.
  const again = await client.query(kind.sql(number)).then(
    () => true,
    (problem: Error) => {
      assert.match(problem.message, /has already been used/)
      return false
    },
  )
  assert.equal(again, found === 0, `the label of ${number}`)
  assert.equal(await kind.found(client, number), ROWS, `${name} ${number} again`)
}

async function holdLabel(client: Connection, label: string, found: number): Promise<void> {
  const state = await stateOf(client, label)
  if (found > 0) assert.equal(state, 'FINISHED', label)
  else assert.ok(state === undefined || state === 'CANCELLED', `${label} ${String(state)}`)
}

test(
  'an engine and its store that are killed together while they write have every load and every folder of files whole, once',
  { skip, timeout: 1_200_000 },
  async (t) => {
    const seed = process.env['EMRYS_SEED'] ?? random().hex(8)
    t.diagnostic(`seed ${seed}`)
    const { fraction } = random(seed)
    const { start, wipe } = await stage(t)
    let number = 0
    let { connect, kill } = await start()
    const first = await connect()
    await first.query(
      ['t', 'u', 'l']
        .map(
          (name) =>
            `CREATE TABLE x.${name} (k INT, n INT, v VARCHAR(40)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`,
        )
        .concat(
          `CREATE TABLE x.source AS ${SOURCE}`,
          `INSERT INTO FILES('path' = 'oss://files/in/', 'format' = 'parquet') ${SOURCE}`,
        )
        .reduce((text, each) => `${text}; ${each}`, 'CREATE DATABASE x'),
    )
    const seen = { acknowledged: 0, cut: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      const attempts: Attempt[] = []
      const running = Object.keys(work).map(async (name) =>
        workOn(await connect(), name, { attempts, next: () => ++number }),
      )
      await pause(500 + fraction() * 4_000)
      await kill()
      await Promise.all(running)
      const wiped = round % 2 === 1
      if (wiped) wipe()
      ;({ connect, kill } = await start())
      const client = await connect()
      for (const attempt of attempts) {
        await hold(client, attempt)
        if (attempt.acknowledged) seen.acknowledged++
        else seen.cut++
      }
      t.diagnostic(
        `round ${round}, ${wiped ? 'disk lost' : 'disk kept'}: ${attempts.map((each) => `${each.name} ${each.acknowledged ? 'done' : 'cut off'}`).join(', ')}`,
      )
    }
    t.diagnostic(`${seen.acknowledged} acknowledged, ${seen.cut} cut off`)
    assert.ok(seen.acknowledged > 0 && seen.cut > 0, 'too little happened to prove anything')
  },
)
