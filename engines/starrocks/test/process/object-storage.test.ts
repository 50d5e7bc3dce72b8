/** Where an engine's object storage is and what of it is its own: by the configuration; its key: by the control socket, and nowhere else. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { cachedModule, skipWithout } from '../../../../test/support/engine/module.ts'
import { objectStoreServer } from '../../../../test/support/engine/object-store.ts'
import { ConfigurationError } from '../../src/process/configuration.ts'
import { putObject, skipWithoutObjects } from '../support/object-client.ts'
import { engineControl } from '../../src/process/control-client.ts'
import {
  engineDirectory,
  healthOf,
  startEngine,
  writeConfiguration,
} from '../support/engine-process.ts'

const MODULES = { EMRYS_ENGINE_MODULES: dirname(cachedModule('httpfs') ?? '') }
const SECRET = 'Needle-of-a-secret-5f3a'
const configured = (bucket: string) => ({
  modules: ['httpfs'],
  objectStorage: {
    endpoint: 'http://127.0.0.1:1',
    region: 'r',
    prefixes: [{ name: `oss://${bucket}/x/`, rights: ['read' as const] }],
  },
})

test(
  'the key comes by the control socket, stays in memory, and has to come again after each start',
  { skip: skipWithout('httpfs') },
  async (t) => {
    const directory = engineDirectory(t, configured('bucket-a'))
    const engine = await startEngine(t, directory, MODULES)
    const control = engineControl(directory)
    const hasKey = async () => (await healthOf(directory)).objectStorageKey
    const sql = "SELECT * FROM FILES('path' = 'oss://bucket-a/x/a.csv', 'format' = 'csv')"
    assert.equal(await hasKey(), false)
    await control.setObjectStorageKey({ keyId: 'id', secret: SECRET })
    assert.equal(await hasKey(), true)
    for (const wrong of [{ keyId: 'id' }, { keyId: 'id', secret: SECRET + '\n' }, [SECRET], 'x'])
      await assert.rejects(control.setObjectStorageKey(wrong as never), (error: unknown) => {
        assert.ok(error instanceof ConfigurationError)
        assert.doesNotMatch(error.message, /Needle/)
        return true
      })
    await assert.rejects(engine.query(sql))
    writeConfiguration(directory, configured('bucket-b'))
    await assert.rejects(control.reload(), /a bucket that is new\) cannot change without a restart/)
    writeConfiguration(directory, {
      ...configured('bucket-a'),
      objectStorage: { ...configured('bucket-a').objectStorage, region: 'other' },
    })
    await control.reload()
    assert.equal(await hasKey(), true)
    await engine.end('SIGKILL')
    for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      const path = join(directory, name)
      if (statSync(path).isFile()) assert.ok(!readFileSync(path).includes('Needle'), name)
    }
    await startEngine(t, directory, MODULES)
    assert.equal(await hasKey(), false)
  },
)

const ROWS = 300_000
/** From before its first row to after its last one. */
const KILLED_AFTER_MS = [0, 300, 700, 1500]

test(
  'a load is whole or not there, whenever the process is killed; an unfinished one is cancelled and its label free',
  { skip: skipWithoutObjects },
  async (t) => {
    const store = await objectStoreServer(t, ['bucket-a'])
    const { endpoint, region, keyId, secret } = store
    const directory = engineDirectory(t, {
      modules: ['httpfs'],
      objectStorage: {
        endpoint,
        region,
        prefixes: [{ name: 'oss://bucket-a/', rights: ['read', 'list'] }],
      },
    })
    await putObject(store, 'bucket-a/a.csv', '1\tabc\n'.repeat(ROWS))
    let engine = await startEngine(t, directory, MODULES)
    await engine.query(
      'CREATE DATABASE d; CREATE TABLE d.t (k INT, v VARCHAR(10)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
    )
    let whole = 0
    for (const afterMs of KILLED_AFTER_MS) {
      await engineControl(directory).setObjectStorageKey({ keyId, secret })
      const sql = `LOAD LABEL d.l${whole} (DATA INFILE ('oss://bucket-a/a.csv') INTO TABLE t) WITH BROKER`
      await engine.query(sql)
      await pause(afterMs)
      await engine.end('SIGKILL')
      engine = await startEngine(t, directory, MODULES)
      const [[count] = []] = await engine.query('SELECT count(*) FROM d.t')
      const [[state, message] = []] = await engine.query(
        `SELECT STATE, ERROR_MSG FROM information_schema.loads WHERE LABEL = 'l${whole}' ORDER BY JOB_ID DESC LIMIT 1`,
      )
      if (state === 'FINISHED') whole++
      else
        assert.deepEqual(
          [state, message],
          ['CANCELLED', 'type:LOAD_RUN_FAIL; msg:the engine was restarted'],
        )
      assert.equal(Number(count), whole * ROWS, `after ${afterMs} ms`)
    }
  },
)

/** Before its first part is on its way, while parts are, and near its end. */
const WRITE_KILLED_AFTER_MS = [300, 1000, 2000]

test(
  'what INSERT INTO FILES had not finished when its process was killed no reader takes, and the next one writes it',
  { skip: skipWithoutObjects },
  async (t) => {
    const store = await objectStoreServer(t, ['bucket-a'])
    const { endpoint, region, keyId, secret } = store
    const directory = engineDirectory(t, {
      modules: ['httpfs'],
      objectStorage: {
        endpoint,
        region,
        prefixes: [{ name: 'oss://bucket-a/', rights: ['read', 'write', 'list'] }],
      },
    })
    let engine = await startEngine(t, directory, MODULES)
    await engine.query(
      'CREATE DATABASE d; CREATE TABLE d.t (k INT, v VARCHAR(100)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
    )
    await engine.query(
      `INSERT INTO d.t SELECT n, concat(md5(n), md5(n + 1), md5(n * 3)) FROM TABLE(generate_series(1, ${ROWS})) AS g(n)`,
    )
    for (const afterMs of WRITE_KILLED_AFTER_MS) {
      await engineControl(directory).setObjectStorageKey({ keyId, secret })
      const files = (verb: string) =>
        `${verb} FILES('path' = 'oss://bucket-a/o${afterMs}/${verb === 'INSERT INTO' ? '' : '*'}', 'format' = 'parquet')`
      const writing = engine.query(`${files('INSERT INTO')} SELECT * FROM d.t`).then(
        () => true,
        () => false,
      )
      await pause(afterMs)
      await engine.end('SIGKILL')
      const isWritten = await writing
      engine = await startEngine(t, directory, MODULES)
      await engineControl(directory).setObjectStorageKey({ keyId, secret })
      const found = await engine.query(files('SELECT count(*) FROM')).then(
        (rows) => Number(rows[0]?.[0]),
        (problem: Error) => problem.message,
      )
      if (found !== ROWS) {
        assert.match(String(found), /No files were found/, `after ${afterMs} ms: ${found}`)
        assert.equal(isWritten, false)
        await engine.query(`${files('INSERT INTO')} SELECT * FROM d.t`)
        const [[count] = []] = await engine.query(files('SELECT count(*) FROM'))
        assert.equal(Number(count), ROWS)
      }
    }
  },
)
