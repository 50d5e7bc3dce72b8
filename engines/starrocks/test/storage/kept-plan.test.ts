import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement } from '@duckdb/node-api'
import { linkOf, sharedState } from '../../src/storage/link.ts'
import type { Link } from '../../src/storage/link.ts'

const COUNT = 'SELECT count(*) FROM t WHERE a < 1000'
const BEYOND = 'INSERT INTO t SELECT (i + 5000)::INTEGER, 1 FROM range(20) r (i)'

/** Links of one database with a table of ten rows. */
async function openLinks(t: TestContext, count: number) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const shared = sharedState()
  const links = await Promise.all(
    Array.from({ length: count }, async () =>
      linkOf(await instance.connect(), { onFatal() {} }, (text) => text, shared),
    ),
  )
  await links[0]?.run('CREATE TABLE t AS SELECT i::INTEGER AS a, i % 3 AS b FROM range(10) r (i)')
  t.after(async () => {
    await Promise.all(links.map((link) => link.close()))
    instance.closeSync()
  })
  return { links, cache: shared.plans }
}

const rowsOf = async (link: Link, sql: string): Promise<string> => textOf(await link.again(sql))

function textOf(chunks: Awaited<ReturnType<Link['whole']>>): string {
  const rows = chunks.flatMap((chunk) => chunk.getRows())
  return rows.map((row) => row.map(String).join(',')).join(' ')
}

/** What DuckDB is asked to plan, and the runs of plans that are kept. */
function planning(t: TestContext) {
  const run = t.mock.method(DuckDBConnection.prototype, 'run')
  const prepare = t.mock.method(DuckDBConnection.prototype, 'prepare')
  const again = t.mock.method(DuckDBPreparedStatement.prototype, 'run')
  return () => {
    const counts = [run, prepare, again].map((each) => each.mock.callCount())
    for (const each of [run, prepare, again]) each.mock.resetCalls()
    return counts
  }
}

test('a query that is asked again is planned no more, until something is written', async (t) => {
  const { links } = await openLinks(t, 2)
  const [reader, writer] = links
  assert.ok(reader && writer)
  const asked = planning(t)
  assert.equal(await rowsOf(reader, COUNT), '10')
  assert.deepEqual(asked(), [1, 0, 0], 'at first')
  assert.equal(await rowsOf(reader, COUNT), '10')
  assert.deepEqual(asked(), [3, 1, 1], 'explained, its plan made, and measured')
  for (let times = 0; times < 3; times++) assert.equal(await rowsOf(reader, COUNT), '10')
  assert.deepEqual(asked(), [0, 0, 3], 'as it was planned')
  await writer.run(BEYOND)
  asked()
  // By its statistics the plan had left the condition out.
  assert.equal(await rowsOf(reader, COUNT), '10')
  assert.deepEqual(asked(), [1, 0, 0], 'at first again')
  await writer.run('INSERT INTO t VALUES (7, 1)')
  for (let times = 0; times < 4; times++) assert.equal(await rowsOf(reader, COUNT), '11')
})

test('a plan that ran while something was written answers nothing', async (t) => {
  const { links } = await openLinks(t, 2)
  const [reader, writer] = links
  assert.ok(reader && writer)
  for (let times = 0; times < 3; times++) assert.equal(await rowsOf(reader, COUNT), '10')
  const prototype = DuckDBPreparedStatement.prototype
  const run = prototype.run
  const late = t.mock.method(prototype, 'run', async function (this: DuckDBPreparedStatement) {
    await writer.run(BEYOND)
    return run.call(this)
  })
  assert.equal(await rowsOf(reader, COUNT), '10')
  assert.equal(late.mock.callCount(), 1)
})

test('in a transaction, and beside a write, a query is planned each time', async (t) => {
  const { links } = await openLinks(t, 2)
  const [reader, writer] = links
  assert.ok(reader && writer)
  for (let times = 0; times < 3; times++) await rowsOf(reader, COUNT)
  const asked = planning(t)
  await reader.run('BEGIN TRANSACTION')
  await reader.run(BEYOND)
  asked()
  for (let times = 0; times < 3; times++) assert.equal(await rowsOf(reader, COUNT), '10')
  assert.deepEqual(asked(), [3, 0, 0])
  await reader.run('ROLLBACK')
  const slow = writer.run(
    'INSERT INTO t SELECT 5000, sum(i) % 7 FROM range(20000000) r (i) HAVING sum(i) > 0',
  )
  asked()
  for (let times = 0; times < 3; times++) assert.equal(await rowsOf(reader, COUNT), '10')
  assert.deepEqual(asked(), [3, 0, 0])
  await slow
})

const repeatable: readonly string[] = [
  'SELECT sum(a), avg(b), min(a), max(a) FROM t WHERE a > 2',
  'SELECT b, count(a) FROM t GROUP BY b ORDER BY b LIMIT 9',
  'SELECT a % 4, sum(b + 1) FROM t GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 2',
  'SELECT sum(x.a * y.b) FROM t x JOIN t y ON x.a = y.a WHERE y.b > 0',
  'SELECT * FROM (SELECT a FROM t WHERE b = 2) LIMIT 2',
]

/** Those that keep the rows of their last run, or fail the second time. */
const other: readonly string[] = [
  'SELECT len(list(a)) FROM t',
  'SELECT count(DISTINCT b) FROM t',
  'SELECT count(*) FROM t x LEFT JOIN t y ON x.a = y.b',
  'SELECT count(*) FROM t x JOIN t y ON x.a > y.a AND x.a < y.a + y.b + 2',
  'SELECT count(*) FROM t x WHERE x.a > (SELECT avg(y.a) FROM t y WHERE y.b = x.b)',
  'WITH c AS MATERIALIZED (SELECT a FROM t) SELECT count(*) FROM c x, c y WHERE x.a = y.a',
  'SELECT max(r) FROM (SELECT row_number() OVER (PARTITION BY b ORDER BY a) AS r FROM t)',
]

test('plans are kept of operators that can run again, and of no others', async (t) => {
  const { links } = await openLinks(t, 1)
  const [link] = links
  assert.ok(link)
  const asked = planning(t)
  for (const sql of [...repeatable, ...other]) {
    const rows = textOf(await link.whole(sql))
    assert.notEqual(rows, '')
    for (let times = 0; times < 5; times++) assert.equal(await rowsOf(link, sql), rows, sql)
    assert.deepEqual(asked(), repeatable.includes(sql) ? [5, 1, 4] : [7, 0, 0], sql)
  }
})

test('a plan that fails is given up', async (t) => {
  const { links } = await openLinks(t, 1)
  const [link] = links
  assert.ok(link)
  const failing = `SELECT sum(CASE WHEN a > 8 THEN error('late') ELSE 1 END) FROM t`
  for (let times = 0; times < 4; times++)
    await assert.rejects(rowsOf(link, failing), /late/, String(times))
  assert.equal(await rowsOf(link, COUNT), '10')
})

test('a plan that keeps much of its last run is given up', async (t) => {
  const { links, cache } = await openLinks(t, 1)
  const [link] = links
  assert.ok(link)
  await link.run(`CREATE TABLE w AS SELECT i, repeat('x', 100000) || i AS v FROM range(200) r (i)`)
  const asked = planning(t)
  const wide = 'SELECT i FROM w ORDER BY v LIMIT 200'
  for (let times = 0; times < 5; times++)
    assert.equal((await rowsOf(link, wide)).split(' ').length, 200)
  assert.deepEqual(asked(), [7, 1, 1])
  assert.equal(cache.idle.size, 0)
})

test('when memory is out, no plan is kept', async (t) => {
  const { links, cache } = await openLinks(t, 1)
  const [link] = links
  assert.ok(link)
  for (let times = 0; times < 3; times++) await rowsOf(link, COUNT)
  assert.equal(cache.idle.size, 1)
  await link.run(`SET memory_limit = '20MB'`)
  await link.run("SET max_temp_directory_size = '0KB'")
  await assert.rejects(
    link.whole('SELECT list(i ORDER BY i DESC) FROM range(10000000) r (i)'),
    /exceed limit/,
  )
  assert.equal(cache.idle.size, 0)
})

test('few plans are kept, whichever connections have them, and none when memory is to be released', async (t) => {
  const { links, cache } = await openLinks(t, 3)
  const destroyed = t.mock.method(DuckDBPreparedStatement.prototype, 'destroySync')
  const ask = async (link: Link, from: number, times = 3) => {
    for (let at = from; at < from + 8; at++)
      for (let time = 0; time < times; time++)
        assert.equal(await rowsOf(link, `SELECT count(*) + ${at} FROM t`), String(10 + at))
  }
  for (const link of links) await ask(link, 0)
  assert.equal(cache.idle.size, 16)
  assert.equal(destroyed.mock.callCount(), 8, 'those of the first connection')
  const [first, second] = links
  assert.ok(first && second)
  await second.close()
  assert.equal(cache.idle.size, 8)
  cache.clear()
  assert.equal(cache.idle.size, 0)
  await ask(first, 0, 1)
  assert.equal(cache.idle.size, 8, 'it is known that they can run again')
  await ask(first, 2)
  await ask(first, 4)
  await ask(first, 6)
  assert.ok(cache.idle.size <= 16)
})
