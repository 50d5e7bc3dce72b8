/** Settings of a running engine: each test shows that the engine does what it did not do before. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { engineControl } from '../../src/process/control-client.ts'
import type { EngineConfiguration } from '../../src/process/configuration.ts'
import {
  engineDirectory,
  healthOf,
  startEngine,
  writeConfiguration,
} from '../support/engine-process.ts'

type Settings = NonNullable<EngineConfiguration['settings']>

const table = (name: string, columns: string) =>
  `CREATE TABLE IF NOT EXISTS d.${name} (${columns}) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)`

async function running(t: Parameters<typeof engineDirectory>[0]) {
  const directory = engineDirectory(t)
  const engine = await startEngine(t, directory)
  await engine.query('CREATE DATABASE d')
  await engine.query(table('t', 'k INT, v INT'))
  const set = async (settings: Settings) => {
    writeConfiguration(directory, { settings })
    await engineControl(directory).reload()
  }
  const load = async (body: string, headers: Readonly<Record<string, string>> = {}) => {
    const { text: answer } = await engine.load('t', body, {
      expect: '100-continue',
      column_separator: ',',
      ...headers,
    })
    return JSON.parse(answer) as { readonly Status: string; readonly Message: string }
  }
  return { directory, engine, set, load }
}

test('what was set is shown, and what is a mode of the instance with it', async (t) => {
  const { engine, set } = await running(t)
  const shown = (like: string) => engine.query(`ADMIN SHOW FRONTEND CONFIG LIKE '${like}'`)
  assert.deepEqual(await shown('run_mode'), [
    ['run_mode', '[]', 'shared_nothing', 'String', 'false', ''],
  ])
  assert.equal((await shown('label_keep_max_second'))[0]?.[2], '259200')
  await set({ frontend: { label_keep_max_second: '60' } })
  assert.deepEqual(await shown('label\\_keep\\_max\\_s%'), [
    ['label_keep_max_second', '[]', '60', 'int', 'true', ''],
  ])
  assert.ok((await engine.query('ADMIN SHOW FRONTEND CONFIG')).length > 50)
  assert.deepEqual(await shown('nothing'), [])
})

test('a finished label is forgotten after the time that was set', async (t) => {
  const { engine, set, load } = await running(t)
  assert.equal((await load('1,2', { label: 'once' })).Status, 'Success')
  assert.equal((await load('1,2', { label: 'once' })).Status, 'Label Already Exists')
  await set({ frontend: { label_keep_max_second: '1' } })
  await new Promise((resolve) => void setTimeout(resolve, 1_100))
  assert.equal((await load('1,2', { label: 'once' })).Status, 'Success')
  assert.deepEqual(await engine.query('SELECT count(*) FROM d.t'), [[2]])
})

test('timeouts of loads are bound by what was set', async (t) => {
  const { set, load } = await running(t)
  assert.equal((await load('1,2', { timeout: '100' })).Status, 'Success')
  await set({
    frontend: { max_stream_load_timeout_second: '50', stream_load_default_timeout_second: '40' },
  })
  assert.match((await load('1,2', { timeout: '100' })).Message, /between 1 and 50 seconds/)
  assert.equal((await load('1,2')).Status, 'Success')
  await set({ frontend: { min_load_timeout_second: '30' } })
  assert.match((await load('1,2', { timeout: '10' })).Message, /between 30 and 259200 seconds/)
  // Of one that names none, the default is judged.
  await set({
    frontend: { stream_load_default_timeout_second: '10', min_load_timeout_second: '20' },
  })
  assert.match((await load('1,2')).Message, /between 20 and 259200 seconds/)
})

test('bodies are as long as was set', async (t) => {
  const { set, load } = await running(t)
  const csv = '1,2\n'.repeat(300_000)
  const json = JSON.stringify(Array.from({ length: 60_000 }, () => ({ k: 1, v: 1_234_567 })))
  const asJson = { format: 'json', strip_outer_array: 'true', column_separator: '' }
  assert.equal((await load(csv)).Status, 'Success')
  assert.equal((await load(json, asJson)).Status, 'Success')
  await set({ backend: { streaming_load_max_batch_size_mb: '1' } })
  assert.match((await load(json, asJson)).Message, /exceed the max size \[1048576\] of json/)
  assert.equal((await load(csv)).Status, 'Success')
  await set({ backend: { streaming_load_max_mb: '1' } })
  assert.match((await load(csv)).Message, /exceed limit: 1048576/)
})

test('so many transactions are open in a database as was set', async (t) => {
  const { engine, set } = await running(t)
  await engine.query('CREATE DATABASE e')
  await engine.query(table('t', 'k INT').replace('d.t', 'e.t'))
  const begin = async (label: string, db = 'd') => {
    const { text } = await engine.transact('begin', { label, db, table: 't' })
    return (JSON.parse(text) as { readonly Message: string }).Message
  }
  await set({ frontend: { max_running_txn_num_per_db: '1' } })
  assert.equal(await begin('a'), '')
  assert.match(await begin('b'), /current running txns on db d is 1, larger than limit 1/)
  assert.equal(await begin('b', 'e'), '')
  await set({})
  assert.equal(await begin('c'), '')
})

test('tables and materialized views are made as far as was set', async (t) => {
  const { engine, set } = await running(t)
  const view = 'CREATE MATERIALIZED VIEW d.m REFRESH MANUAL AS SELECT k FROM d.t'
  await set({ frontend: { enable_materialized_view: 'false', max_column_number_per_table: '2' } })
  await assert.rejects(engine.query(view), /enable_materialized_view is false/)
  await assert.rejects(
    engine.query(table('wide', 'k INT, a INT, b INT')),
    /must be less than or equal to 2, /,
  )
  await set({})
  await engine.query(view)
  await engine.query(table('wide', 'k INT, a INT, b INT'))
})

test('what needs a restart is refused while it runs, and in force after it', async (t) => {
  const { directory, engine, set } = await running(t)
  const settings = { frontend: { qe_max_connection: '1', sys_log_level: 'ERROR' } }
  await assert.rejects(
    set(settings),
    /qe_max_connection, sys_log_level cannot change without a restart/,
  )
  await engine.end('SIGTERM')
  const lines = () => readFileSync(join(directory, 'engine.log'), 'utf8').length
  const before = lines()
  const again = await startEngine(t, directory)
  const ask = () =>
    again.query('SELECT sleep(4)').then(String, (problem: unknown) => (problem as Error).message)
  const answers = (await Promise.all([ask(), ask()])).toSorted()
  assert.match(answers[0] ?? '', /^(1|true)$/)
  assert.match(answers[1] ?? '', /connections/)
  assert.equal(lines(), before)
})

test('what the engine does not act on, and what is no value of an item, is refused', async (t) => {
  const { directory, set } = await running(t)
  const { generation } = await healthOf(directory)
  const refused = [
    [{ frontend: { expr_depth_limit: '10' } }, /expr_depth_limit is no frontend item/],
    [{ frontend: { streaming_load_max_mb: '10' } }, /is no frontend item/],
    [{ frontend: { toString: '10' } }, /toString is no frontend item/],
    [{ frontend: { label_keep_max_second: '0' } }, /should be in range \[1, 31536000\]/],
    [{ frontend: { label_keep_max_second: '1e3' } }, /should be in range/],
    [{ frontend: { enable_materialized_view: 'yes' } }, /should be true or false/],
    [{ frontend: { sys_log_level: 'FATAL' } }, /should be one of INFO, WARN, ERROR/],
  ] as const
  for (const [settings, message] of refused) await assert.rejects(set(settings), message)
  assert.equal((await healthOf(directory)).generation, generation)
})

test('an administrator sets items by SQL: at once, until the configuration or the end of the process says otherwise', async (t) => {
  const { directory, engine, set, load } = await running(t)
  const view = 'CREATE MATERIALIZED VIEW d.m REFRESH MANUAL AS SELECT k FROM d.t'
  const frontend = (item: string, value: string) =>
    engine.query(`ADMIN SET FRONTEND CONFIG ("${item}" = "${value}")`)
  await frontend('enable_materialized_view', 'false')
  await frontend('label_keep_max_second', '1')
  await assert.rejects(engine.query(view), /enable_materialized_view is false/)
  assert.equal((await load('1,2', { label: 'once' })).Status, 'Success')
  await new Promise((resolve) => void setTimeout(resolve, 1_100))
  assert.equal((await load('1,2', { label: 'once' })).Status, 'Success')
  // A change of other items leaves them; of one of them, it says what holds.
  await set({ frontend: { label_keep_max_second: '70' } })
  await assert.rejects(engine.query(view), /enable_materialized_view is false/)
  assert.equal(
    (await engine.query("ADMIN SHOW FRONTEND CONFIG LIKE 'label_keep_max_s%'"))[0]?.[2],
    '70',
  )
  await engine.end('SIGTERM')
  const again = await startEngine(t, directory)
  await again.query(view)
})

test('items of the back end are read and set as a table, and shown as a page', async (t) => {
  const { directory, engine, load } = await running(t)
  const item = (name: string) =>
    engine.query(`SELECT BE_ID, VALUE, \`DEFAULT\`, MUTABLE FROM information_schema.be_configs
      WHERE NAME = '${name}'`)
  assert.deepEqual(await item('streaming_load_max_mb'), [[10_001, '102400', '102400', 1]])
  await engine.query(
    "UPDATE information_schema.be_configs SET VALUE = '1' WHERE NAME = 'streaming_load_max_mb'",
  )
  assert.deepEqual(await item('streaming_load_max_mb'), [[10_001, '1', '102400', 1]])
  assert.match((await load('1,2\n'.repeat(300_000))).Message, /exceed limit: 1048576/)
  const { ports } = await healthOf(directory)
  const page = await (await fetch(`http://127.0.0.1:${ports.back}/varz`)).text()
  assert.match(page, /^streaming_load_max_mb=1$/m)
})

test('what cannot be set by SQL is refused, whole', async (t) => {
  const { engine } = await running(t)
  const refused = [
    ['ADMIN SET FRONTEND CONFIG ("nothing" = "1")', /'nothing' does not exist or is not mutable/],
    ['ADMIN SET FRONTEND CONFIG ("qe_max_connection" = "1")', /is not mutable/],
    ['ADMIN SET FRONTEND CONFIG ("expr_depth_limit" = "1")', /expr_depth_limit/],
    [
      'ADMIN SET FRONTEND CONFIG ("label_keep_max_second" = "5", "min_load_timeout_second" = "0")',
      /should be in range/,
    ],
    ["UPDATE information_schema.be_configs SET VALUE = '1'", /be_configs but/],
    ["UPDATE information_schema.be_configs SET NAME = '1' WHERE NAME = 'x'", /be_configs but/],
    ["UPDATE information_schema.be_configs SET VALUE = '1' WHERE NAME = 'x'", /does not exist/],
  ] as const
  for (const [sql, message] of refused) await assert.rejects(engine.query(sql), message, sql)
  assert.equal(
    (await engine.query("ADMIN SHOW FRONTEND CONFIG LIKE 'label_keep_max_s%'"))[0]?.[2],
    '259200',
  )
})
