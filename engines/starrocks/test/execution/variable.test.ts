/** System variables against StarRocks 3.3.7's SessionVariable, GlobalVariable and SetStmtAnalyzer. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { variableDefinitions } from '../../src/execution/variable.ts'
import { connect, testClient, testEngine } from '../support/open-engine.ts'

test('every default is a value that its variable can hold, and no name stands twice', async (t) => {
  const { client } = await testClient(t)
  const names = variableDefinitions.flatMap(({ name, aliases = [] }) => [name, ...aliases])
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) < index),
    [],
  )
  assert.ok(variableDefinitions.length > 370)
  for (const { name, sort, scope, initial } of variableDefinitions) {
    if ((sort !== 'tuning' && sort !== 'fixed') || initial === '') continue
    const global = scope === 'global'
    await client.run(`SET ${global ? 'GLOBAL ' : ''}${name} = '${initial}'`)
    const [[value] = []] = await client.rows(
      `SELECT CAST(@@${global ? 'GLOBAL.' : ''}${name} AS STRING)`,
    )
    const shown = initial
      .replace(/^true$/, '1')
      .replace(/^false$|\.0$/, (end) => (end === '.0' ? '' : '0'))
    assert.equal(value, shown, name)
  }
})

test('what has no effect keeps its value, is shown and warns; the global value reaches new sessions', async (t) => {
  const engine = await testEngine(t)
  const client = await connect(engine)
  const shown = (name: string) => client.rows(`SHOW VARIABLES LIKE '${name}'`)
  assert.deepEqual(await shown('scan_use_query_mem_ratio'), [['scan_use_query_mem_ratio', '0.3']])
  await client.run('SET scan_use_query_mem_ratio = 1')
  assert.deepEqual(await shown('scan_use_query_mem_ratio'), [['scan_use_query_mem_ratio', '1.0']])
  await client.run('SET interleaving_group_size = -10')
  assert.equal((await client.rows('SHOW WARNINGS')).length, 1)
  await client.run('SET GLOBAL interleaving_group_size = 4')
  const sized = [['interleaving_group_size', '4']]
  assert.deepEqual(await shown('interleaving_group_size'), sized)
  const fresh = await connect(engine)
  assert.deepEqual(await fresh.rows("SHOW VARIABLES LIKE 'interleaving_group_size'"), sized)
})

test('hidden variables show when asked for; another name is another way to the same value', async (t) => {
  const { client } = await testClient(t)
  const shown = () => client.rows("SHOW VARIABLES LIKE 'chunk_size'")
  assert.deepEqual(await shown(), [])
  await client.run('SET chunk_size = 100')
  await client.run('SET enable_show_all_variables = true')
  assert.deepEqual(await shown(), [['chunk_size', '100']])
  await client.run('SET enable_pipeline = off, cbo_cte_reuse_rate_v2 = 0')
  assert.deepEqual(await client.rows("SHOW VARIABLES LIKE 'enable_pipeline_engine'"), [
    ['enable_pipeline_engine', 'false'],
  ])
  await client.run('SET enable_pipeline_engine = true')
  assert.deepEqual(await client.rows('SELECT @@enable_pipeline, @@cbo_cte_reuse_rate'), [[1, 0]])
})

test('a number must fit its type, a size has a unit, and a word is one of the known', async (t) => {
  const { client } = await testClient(t)
  assert.equal((await client.refusal('SET pipeline_dop = 2147483648')).errno, 1232)
  assert.equal((await client.refusal('SET pipeline_dop = 1.5')).errno, 1232)
  assert.equal((await client.refusal("SET spill_mem_limit_threshold = 'x'")).errno, 1232)
  await client.run("SET exec_mem_limit = '3G'")
  assert.deepEqual(await client.rows('SELECT @@exec_mem_limit'), [[3_221_225_472]])
  assert.match(
    (await client.refusal('SET exec_mem_limit = 1024')).message,
    /exec_mem_limit must be equal or greater than 2097152\.$/,
  )
  assert.match((await client.refusal("SET exec_mem_limit = '3X'")).message, /invalid unit:X\.$/)
  assert.match(
    (await client.refusal("SET count_distinct_implementation = 'x'")).message,
    /Unsupported count distinct implementation mode: x, supported list is DEFAULT,NDV,MULTI_COUNT_DISTINCT\.$/,
  )
})

test('what would change answers takes only its own value, in a hint too', async (t) => {
  const { client } = await testClient(t)
  await client.run("SET cbo_eq_base_type = 'DECIMAL'")
  for (const sql of [
    "SET cbo_eq_base_type = 'double'",
    'SET enable_groupby_use_output_alias = true',
    'SELECT /*+ SET_VAR(enable_strict_order_by = false) */ 1',
  ]) {
    assert.match((await client.refusal(sql)).message, /is not supported by this engine/)
  }
  assert.match((await client.refusal("SET cbo_eq_base_type = 'x'")).message, /list is \{varchar/)
  assert.equal((await client.refusal('SELECT @@batch_size')).errno, 1193)
})
