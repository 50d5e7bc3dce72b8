import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { manualClock, systemClock } from '../../../../src/kernel/clock.ts'
import { LabelTakenError } from '../../src/load-sink.ts'
import { SqlError } from '../../src/session.ts'
import type { UserIdentity } from '../../src/session.ts'
import { connect, testClient, testDirectory, testEngine } from '../support/open-engine.ts'
import { PRIMARY, request, writeRows } from './request.ts'

const [admin, bob, nobody] = ['admin', 'bob', 'nobody'].map((user) => ({ user, host: '%' })) as [
  UserIdentity,
  UserIdentity,
  UserIdentity,
]

describe('loads', () => {
  test('rows become visible at commit, with their counts', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(PRIMARY)
    const load = await engine.beginLoad(request({ label: 'one' }))
    assert.deepEqual(load.fields, ['k', 'v', 's', 'n'])
    await writeRows(
      load,
      [
        ['1', '10', 'a', '1'],
        ['2', null, null, '2'],
      ],
      20,
    )
    await writeRows(load, [['1', '11', 'b', '3']], 10)
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
    const outcome = await load.commit()
    assert.deepEqual(
      { ...outcome, id: 0 },
      {
        id: 0,
        label: 'one',
        state: 'VISIBLE',
        total: 3,
        loaded: 3,
        filtered: 0,
        unselected: 0,
        bytes: 30,
        reasons: [],
      },
    )
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
      [1, 11, 'b', 3],
      [2, null, null, 2],
    ])
  })

  test('bad rows are filtered up to the ratio, and each has its reason', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(PRIMARY)
    const rows = [
      ['1', 'x', 'a', '1'],
      ['2', '2', 'toolong', '1'],
      ['3', '3', 'c', null],
      [null, '4', 'd', '1'],
      ['5', '5', 'e', '1'],
    ]
    const lenient = await engine.beginLoad(request({ maxFilterRatio: 0.6 }))
    await writeRows(lenient, rows, 0)
    const outcome = await lenient.commit()
    assert.deepEqual([outcome.total, outcome.loaded, outcome.filtered], [5, 2, 3])
    assert.equal(outcome.reasons.length, 3)
    assert.match(outcome.reasons[0] ?? '', /String \(length=7\) is too long.*Row: 2/)
    assert.deepEqual(await client.rows('SELECT k, v FROM t ORDER BY k'), [
      [1, null],
      [5, 5],
    ])
    const strict = await engine.beginLoad(
      request({ maxFilterRatio: 0.6, strict: true, label: 'strict' }),
    )
    await writeRows(strict, rows, 0)
    await assert.rejects(strict.commit(), /too many filtered rows/)
    assert.deepEqual(
      await client.rows(
        "SELECT STATE, TYPE, SCAN_ROWS, FILTERED_ROWS, ERROR_MSG LIKE 'too many filtered rows%' FROM information_schema.loads WHERE LABEL = 'strict'",
      ),
      [['CANCELLED', 'STREAM LOAD', 5, 4, 1]],
    )
    const [stream] = (await client.run("SHOW STREAM LOAD WHERE Label = 'strict'")).rows
    assert.deepEqual([stream?.[6], stream?.[12]], ['CANCELLED', '4'])
    const [[log] = []] = await client.rows(String(stream?.[24]))
    assert.match(String(log), /String \(length=7\) is too long.*Row: 2\n/)
    const again = await engine.beginLoad(
      request({ label: 'strict', maxFilterRatio: 0.8, strict: true }),
    )
    await writeRows(again, rows, 0)
    again.refuse('Error: a line that could not be read')
    await assert.rejects(again.commit(), /too many filtered rows/)
  })

  test('a finished label is found, a failed one is free, and it expires', async (t) => {
    const clock = manualClock()
    const { engine, client } = await testClient(t, { clock })
    await client.run(PRIMARY)
    const first = await engine.beginLoad(request({ label: 'x' }))
    await assert.rejects(engine.beginLoad(request({ label: 'x' })), (error: unknown) => {
      assert.ok(error instanceof LabelTakenError)
      assert.equal(error.existing.state, 'PREPARE')
      return true
    })
    await first.rollback()
    const second = await engine.beginLoad(request({ label: 'x' }))
    await writeRows(second, [['1', '1', 'a', '1']], 0)
    await second.commit()
    assert.equal(engine.findLoad('d', 'x')?.state, 'VISIBLE')
    await assert.rejects(engine.beginLoad(request({ label: 'x' })), LabelTakenError)
    clock.advance(3 * 86_400_000 + 1)
    assert.equal(engine.findLoad('d', 'x'), undefined)
    const third = await engine.beginLoad(request({ label: 'x' }))
    await third.rollback()
    await assert.rejects(engine.beginLoad(request({ label: 'bad label!' })), /Label format error/)
  })

  test('a load over its time fails and leaves nothing', async (t) => {
    const clock = manualClock()
    const { engine, client } = await testClient(t, { clock })
    await client.run(PRIMARY)
    const load = await engine.beginLoad(request({ label: 'slow', timeoutSeconds: 10 }))
    await writeRows(load, [['1', '1', 'a', '1']], 0)
    clock.advance(10_000)
    await assert.rejects(load.commit(), /timeout of 10 seconds/)
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
    assert.equal(engine.findLoad('d', 'slow'), undefined)
  })

  test('a prepared load survives closing, and is committed or aborted by label', async (t) => {
    const directory = await testDirectory(t)
    const clock = manualClock()
    const first = await testEngine(t, { directory, clock })
    const client = await connect(first)
    await client.run(`CREATE DATABASE d; USE d; ${PRIMARY}`)
    for (const label of ['keep', 'drop', 'expire']) {
      const load = await first.beginLoad(request({ label, timeoutSeconds: 1000 }))
      await writeRows(load, [[label === 'keep' ? '1' : '2', '1', 'a', '1']], 5)
      assert.equal((await load.prepare()).state, 'PREPARED')
    }
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
    await first.close()

    const second = await testEngine(t, { directory, clock })
    const after = await connect(second, 'admin', 'd')
    assert.equal(second.findLoad('d', 'keep')?.state, 'PREPARED')
    await assert.rejects(second.beginLoad(request({ label: 'keep' })), LabelTakenError)
    const outcome = await second.commitPrepared(admin, 'd', 'keep')
    assert.deepEqual([outcome.state, outcome.loaded, outcome.bytes], ['VISIBLE', 1, 5])
    assert.equal((await second.commitPrepared(admin, 'd', 'keep')).state, 'VISIBLE')
    await second.rollbackPrepared(admin, 'd', 'drop')
    await assert.rejects(second.commitPrepared(admin, 'd', 'drop'), /not prepared/)
    await assert.rejects(second.rollbackPrepared(admin, 'd', 'keep'), /already VISIBLE/)
    assert.deepEqual(await after.rows('SELECT k FROM t'), [[1]])
    clock.advance(1_000_000)
    while (second.findLoad('d', 'expire')) await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(await after.rows('SELECT k FROM t'), [[1]])
  })

  test('a second phase that is ended leaves the load prepared, and it expires as ever', async (t) => {
    const clock = systemClock()
    const { engine, client } = await testClient(t, { clock })
    await client.run(PRIMARY)
    const left = new AbortController()
    for (const label of ['again', 'expire']) {
      const load = await engine.beginLoad(request({ label, timeoutSeconds: 1000 }))
      await writeRows(load, [[label === 'again' ? '1' : '2', '1', 'a', '1']], 5)
      await load.prepare()
      const committed = engine.commitPrepared(admin, 'd', label, left.signal)
      left.abort()
      await assert.rejects(committed, { errno: 1317 })
      assert.equal(engine.findLoad('d', label)?.state, 'PREPARED')
    }
    assert.deepEqual(await client.rows('SELECT k FROM t'), [])
    assert.equal((await engine.commitPrepared(admin, 'd', 'again')).state, 'VISIBLE')
    clock.advance(1_000_000)
    while (engine.findLoad('d', 'expire')) await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(await client.rows('SELECT k FROM t'), [[1]])
  })

  test('a prepared load is committed or aborted, whoever asks for both at once', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(PRIMARY)
    for (const label of ['a', 'b']) {
      const load = await engine.beginLoad(request({ label }))
      await writeRows(load, [[label === 'a' ? '1' : '2', '1', 'a', '1']], 5)
      await load.prepare()
    }
    const commit = (label: string) => engine.commitPrepared(admin, 'd', label)
    const twice = await Promise.all([commit('a'), commit('a')])
    assert.deepEqual(
      twice.map(({ state, loaded }) => [state, loaded]),
      [
        ['VISIBLE', 1],
        ['VISIBLE', 1],
      ],
    )
    const abort = engine.rollbackPrepared(admin, 'd', 'b')
    const [committed, aborted] = await Promise.allSettled([commit('b'), abort])
    const isCommitted = committed.status === 'fulfilled'
    const lost = isCommitted ? aborted : committed
    assert.ok(lost.status === 'rejected')
    assert.match(String(lost.reason), isCommitted ? /already VISIBLE/ : /not prepared any more/)
    assert.equal(engine.labelState('d', 'b'), isCommitted ? 'VISIBLE' : 'ABORTED')
    const rows = await client.rows('SELECT k FROM t ORDER BY k')
    assert.deepEqual(rows, isCommitted ? [[1], [2]] : [[1]])
  })

  test('a load needs INSERT on the table', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(`${PRIMARY}; CREATE USER bob`)
    await assert.rejects(
      engine.beginLoad(request({ user: bob })),
      (error: unknown) => error instanceof SqlError && error.errno === 5203,
    )
    await assert.rejects(engine.beginLoad(request({ user: nobody })), /Access denied/)
    await client.run('GRANT INSERT ON TABLE d.t TO USER bob')
    await (await engine.beginLoad(request({ user: bob }))).rollback()
  })

  test('a load is planned again under its id and label, and drops the rows that came before', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(PRIMARY)
    const first = await engine.beginLoad(request({ label: 'x' }))
    await writeRows(first, [['1', '1', 'a', '1']], 9)
    const load = await engine.replan(first, request({ label: 'x', columns: 'k, v' }))
    assert.deepEqual([load.id, load.label, load.fields], [first.id, 'x', ['k', 'v']])
    await assert.rejects(writeRows(first, [['1', '1', 'a', '1']], 9), /is over/)
    await assert.rejects(engine.beginLoad(request({ label: 'x' })), LabelTakenError)
    await writeRows(load, [['2', '2']], 3)
    const outcome = await load.commit()
    assert.deepEqual([outcome.id, outcome.loaded, outcome.bytes], [first.id, 1, 3])
    assert.deepEqual(await client.rows('SELECT k FROM t'), [[2]])
    await assert.rejects(engine.replan(load, request()), /is over/)
    const other = await engine.beginLoad(request({ label: 'y' }))
    await assert.rejects(
      engine.replan(other, request({ label: 'y', columns: 'k, k' })),
      /Duplicate/,
    )
    assert.equal(engine.findLoad('d', 'y'), undefined)
  })

  test('a load says which of its fields are JSON, and whether it would be refused', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(
      'CREATE TABLE t (k INT, j JSON) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k); CREATE USER bob',
    )
    const load = await engine.beginLoad(request())
    assert.deepEqual([...load.jsonFields], ['j'])
    await load.rollback()
    engine.checkLoad(admin, 'd', 't')
    assert.throws(() => engine.checkLoad(bob, 'd', 't'), /Access denied/)
    assert.throws(() => engine.checkLoad(admin, 'd', 'none'), SqlError)
  })

  test('more text than waits in the appender arrives whole and in order', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run('CREATE TABLE t (k INT, s STRING) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    const text = { columnSeparator: ',', rowDelimiter: '\n', nullText: '\\N' }
    const load = await engine.beginLoad(request({ text }))
    const filler = 'x'.repeat(1000)
    const block = (first: number) =>
      Buffer.from(Array.from({ length: 1000 }, (_, row) => `${first + row},${filler}`).join('\n'))
    for (let first = 0; first < 20_000; first += 1000) await load.writeText(block(first), 1)
    assert.equal((await load.commit()).loaded, 20_000)
    assert.deepEqual(
      await client.rows('SELECT count(*), count(DISTINCT k), sum(length(s)) FROM t'),
      [[20_000, 20_000, 20_000_000]],
    )
  })

  test('dropping the table during a load fails the load', async (t) => {
    const { engine, client } = await testClient(t)
    await client.run(PRIMARY)
    const load = await engine.beginLoad(request({ label: 'x' }))
    await writeRows(load, [['1', '1', 'a', '1']], 0)
    await client.run('DROP TABLE t')
    await assert.rejects(load.commit(), /dropped/)
    assert.equal(engine.findLoad('d', 'x'), undefined)
  })
})
