import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { testClient } from '../support/open-engine.ts'
import { request, writeRows } from './request.ts'

const DUPLICATE =
  'CREATE TABLE t (k INT, s VARCHAR(5), n INT NOT NULL) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)'

const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, row) => [String(row), 'a', String(row)])

describe('loads into tables that only append', () => {
  test('a bad row fails the load with the reasons of all, and leaves no row', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(DUPLICATE)
    const load = await engine.beginLoad(request({ label: 'bad', strict: true }))
    await writeRows(load, [...rowsOf(3000), ['x', 'a', '1'], ['1', 'toolong', '1']], 9)
    await assert.rejects(load.commit(), /too many filtered rows\. Error: Value 'x' .*Row: 3001/)
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
    assert.deepEqual(
      await client.rows(
        "SELECT STATE, SCAN_ROWS, FILTERED_ROWS FROM information_schema.loads WHERE LABEL = 'bad'",
      ),
      [['CANCELLED', 3002, 2]],
    )
    const again = await engine.beginLoad(request({ label: 'bad', maxFilterRatio: 0.5 }))
    await writeRows(again, [...rowsOf(1), ['1', 'a', null]], 9)
    const { loaded, filtered, reasons } = await again.commit()
    assert.deepEqual([loaded, filtered, reasons.length], [1, 1, 1])
  })

  test('a row that could not even be read counts', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(DUPLICATE)
    const load = await engine.beginLoad(request())
    await writeRows(load, rowsOf(3), 9)
    load.refuse('Error: Invalid UTF-8 row')
    await assert.rejects(load.commit(), /too many filtered rows\. Error: Invalid UTF-8 row/)
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
  })

  test('a table that was changed since the load began gets its rows once', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(DUPLICATE)
    const load = await engine.beginLoad(request({ label: 'x' }))
    await writeRows(load, rowsOf(10), 9)
    await client.run("ALTER TABLE t COMMENT = 'changed'")
    assert.equal((await load.commit()).loaded, 10)
    assert.deepEqual(await client.rows('SELECT count(*), sum(n) FROM t'), [[10, 45]])
    assert.equal(engine.findLoad('d', 'x')?.loaded, 10)
  })

  test('rows outside of the partitions fail it, those of a partition that a load names do not', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k INT, s VARCHAR(5), n INT NOT NULL) DUPLICATE KEY(k) PARTITION BY RANGE(k) (PARTITION p1 VALUES LESS THAN ("10"), PARTITION p2 VALUES LESS THAN ("20")) DISTRIBUTED BY HASH(k)',
    )
    const load = async (more: Parameters<typeof request>[0], count: number) => {
      const begun = await engine.beginLoad(request(more))
      await writeRows(begun, rowsOf(count), 9)
      return (await begun.commit()).loaded
    }
    assert.equal(await load({}, 20), 20)
    await assert.rejects(load({}, 21), /out of partition ranges/)
    await assert.rejects(load({ partitions: ['p1'] }, 11), /out of partition ranges/)
    assert.equal(await load({ partitions: ['p1'] }, 10), 10)
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[30]])
  })

  test('many at once, beside a table that changes, are each there once', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(DUPLICATE)
    const loads = Array.from({ length: 6 }, async (_, at) => {
      const load = await engine.beginLoad(request({ label: `l${at}` }))
      await writeRows(load, rowsOf(2000), 9)
      return load.commit()
    })
    await Promise.all([...loads, client.run("ALTER TABLE t COMMENT = 'changed'")])
    assert.deepEqual(await client.rows('SELECT count(*), count(DISTINCT k) FROM t'), [
      [12_000, 2000],
    ])
    assert.deepEqual(
      await client.rows(
        "SELECT count(*), sum(SINK_ROWS) FROM information_schema.loads WHERE STATE = 'FINISHED'",
      ),
      [[6, 12_000]],
    )
  })
})
