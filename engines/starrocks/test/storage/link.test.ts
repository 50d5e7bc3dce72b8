import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { inAnyOrder, linkOf, sharedState } from '../../src/storage/link.ts'
import type { Link } from '../../src/storage/link.ts'

const QUERY = 'SELECT count(*) FROM t WHERE a < 1000'

/** Two links of a database, and what is done between planning and running each stream of the first. */
async function openLinks(t: TestContext) {
  const instance = await DuckDBInstance.create(':memory:')
  const shared = sharedState()
  const linked = (connection: DuckDBConnection): Link =>
    linkOf(connection, { onFatal() {} }, (text) => text, shared)
  const between: (() => Promise<unknown>)[] = []
  const connection = await instance.connect()
  const prepare = connection.prepare.bind(connection)
  connection.prepare = async (sql) => {
    const statement = await prepare(sql)
    await between.shift()?.()
    return statement
  }
  const [reader, writer] = [linked(connection), linked(await instance.connect())]
  await writer.run('CREATE TABLE t AS SELECT i::INTEGER AS a FROM range(10) r (i)')
  t.after(async () => {
    await Promise.all([reader.close(), writer.close()])
    instance.closeSync()
  })
  return { reader, writer, between }
}

async function countOf(link: Link): Promise<number> {
  let count = 0
  for await (const chunk of await link.stream(QUERY)) count += Number(chunk.getRows()[0]?.[0])
  return count
}

const beyond = 'INSERT INTO t SELECT (i + 5000)::INTEGER FROM range(20) r (i)'

test('rows that were committed while a stream was planned are judged by its condition', async (t) => {
  const { reader, writer, between } = await openLinks(t)
  between.push(() => writer.run(beyond))
  assert.equal(await countOf(reader), 10)
  assert.equal(await countOf(reader), 10)
})

test('so are those of a write that runs all the while, and its transaction ends with the stream', async (t) => {
  const { reader, writer, between } = await openLinks(t)
  let write = Promise.resolve(0)
  const slow = `INSERT INTO t SELECT (5000 + x)::INTEGER FROM (SELECT sum(i) % 7 AS x FROM range(20000000) r (i))`
  write = writer.run(slow)
  between.push(() => write)
  assert.equal(await countOf(reader), 10)
  await assert.rejects(reader.run('COMMIT'), /no transaction is active/)
})

test('a stream that is left in the middle, or fails, leaves no transaction open', async (t) => {
  const { reader, writer, between } = await openLinks(t)
  between.push(() => writer.run(beyond))
  for await (const chunk of await reader.stream('SELECT i FROM range(100000) r (i)')) {
    assert.ok(chunk.rowCount > 0)
    break
  }
  await reader.run('SELECT 1')
  await assert.rejects(reader.run('COMMIT'), /no transaction is active/)
  between.push(() => writer.run(beyond))
  const failing = `SELECT CASE WHEN i > 50000 THEN error('late') END FROM range(100000) r (i)`
  await assert.rejects(async () => {
    for await (const chunk of await reader.stream(failing)) assert.ok(chunk.rowCount > 0)
  }, /late/)
  await assert.rejects(reader.run('COMMIT'), /no transaction is active/)
})

test('a stream in a transaction of its own connection stays in it', async (t) => {
  const { reader, writer, between } = await openLinks(t)
  await reader.run('BEGIN TRANSACTION')
  await reader.run('INSERT INTO t VALUES (1)')
  between.push(() => writer.run(beyond))
  assert.equal(await countOf(reader), 11)
  await reader.run('ROLLBACK')
  assert.equal(await countOf(reader), 10)
})

test('what is written in any order leaves the session, and others, as they were', async (t) => {
  const { reader, writer } = await openLinks(t)
  const kept = async (link: Link) =>
    (await link.rows("SELECT current_setting('preserve_insertion_order')"))[0]?.[0]
  assert.deepEqual(await inAnyOrder(reader, async () => [await kept(reader), await kept(writer)]), [
    false,
    true,
  ])
  assert.equal(await kept(reader), true)
  await assert.rejects(
    inAnyOrder(reader, () => reader.run('INSERT INTO nowhere VALUES (1)')),
    /nowhere/,
  )
  assert.equal(await kept(reader), true)
})

test('a defect of DuckDB fails its statement, is reported, and is no end', async (t) => {
  const instance = await DuckDBInstance.create(':memory:')
  const defects: string[] = []
  const onFatal = () => assert.fail('DuckDB can go on')
  const link = linkOf(
    await instance.connect(),
    { onFatal, onDefect: (reason) => void defects.push(reason) },
    (text) => text,
  )
  t.after(async () => {
    await link.close()
    instance.closeSync()
  })
  await link.run('CREATE TABLE t AS SELECT 1 AS a')
  // DuckDB 1.5.5 does not find a column that it groups by inside of TRY. The engine writes no such thing.
  await assert.rejects(
    link.rows('SELECT TRY(a * 2) FROM t GROUP BY a'),
    /^SqlError: Internal error/,
  )
  assert.deepEqual(defects.length, 1)
  assert.match(defects[0] ?? '', /^INTERNAL Error: Failed to bind column reference "a"[^\n]*$/)
  assert.deepEqual(await link.rows('SELECT a FROM t'), [[1]])
})
