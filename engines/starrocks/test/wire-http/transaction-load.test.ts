import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { testDirectory } from '../support/open-engine.ts'
import { ask, testPorts } from '../support/open-ports.ts'

const TABLE = 'CREATE TABLE t (k INT, s VARCHAR(20)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)'
const one = { label: 'one', table: 't' }

describe('transactions of loads', () => {
  test('begin, loads and commit make one load with its keys', async (t) => {
    const { client, transact } = await testPorts(t)
    await client.run(TABLE)
    const begun = await transact('begin', one)
    assert.deepEqual(Object.keys(begun.json ?? {}), [
      'Status',
      'Message',
      'Label',
      'TxnId',
      'BeginTxnTimeMs',
    ])
    const csv = { ...one, column_separator: ',', columns: 's, k' }
    const first = await transact('load', csv, 'a,1\nb,2')
    assert.deepEqual(Object.keys(first.json ?? {}), [
      'Status',
      'Message',
      'Label',
      'TxnId',
      'LoadBytes',
      'StreamLoadPlanTimeMs',
      'ReceivedDataTimeMs',
    ])
    await transact('load', csv, 'c,3\n')
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
    const { json = {} } = await transact('commit', one)
    assert.deepEqual(
      [json.Status, json.Label, json.NumberTotalRows, json.NumberLoadedRows, json.LoadBytes],
      ['OK', 'one', 3, 3, 11],
    )
    assert.equal(json.TxnId, begun.json?.TxnId)
    assert.equal(json.TxnId, first.json?.TxnId)
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ])
    const again = await transact('begin', one)
    assert.deepEqual(
      [again.json?.Status, again.json?.ExistingJobStatus],
      ['LABEL_ALREADY_EXISTS', 'FINISHED'],
    )
    assert.equal((await transact('commit', one)).json?.Status, 'OK')
  })

  test('a rollback drops the rows and releases the label', async (t) => {
    const { client, transact } = await testPorts(t)
    await client.run(TABLE)
    for (const verb of ['load', 'prepare', 'commit', 'rollback']) {
      const reply = await transact(verb, one, verb === 'load' ? '1\ta' : undefined)
      assert.equal(reply.json?.Status, 'TXN_NOT_EXISTS', verb)
    }
    await transact('begin', one)
    const twice = await transact('begin', one)
    assert.deepEqual(
      [twice.json?.Status, twice.json?.ExistingJobStatus],
      ['LABEL_ALREADY_EXISTS', 'RUNNING'],
    )
    await transact('load', one, '1\ta')
    assert.equal((await transact('rollback', one)).json?.Status, 'OK')
    assert.equal((await transact('begin', one)).json?.Status, 'OK')
    const early = await transact('commit', one)
    assert.equal(early.json?.Status, 'INTERNAL_ERROR')
    assert.match(String(early.json?.Message), /hasn't send any data/)
    await transact('load', one, '2\tb')
    await transact('prepare', one)
    assert.equal((await transact('rollback', one)).json?.Status, 'OK')
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
  })

  test('a prepared transaction is finished after a restart, an open one is gone', async (t) => {
    const directory = await testDirectory(t)
    const first = await testPorts(t, { directory })
    await first.client.run(TABLE)
    for (const label of ['kept', 'dropped', 'open']) {
      await first.transact('begin', { ...one, label })
      await first.transact('load', { ...one, label }, `1\t${label}`)
      if (label !== 'open') await first.transact('prepare', { ...one, label })
    }
    await first.ports.close()
    await first.engine.close()
    const second = await testPorts(t, { directory })
    const kept = await second.transact('commit', { ...one, label: 'kept' })
    assert.deepEqual([kept.json?.Status, kept.json?.NumberLoadedRows], ['OK', 1])
    assert.equal(
      (await second.transact('rollback', { ...one, label: 'dropped' })).json?.Status,
      'OK',
    )
    assert.equal(
      (await second.transact('commit', { ...one, label: 'open' })).json?.Status,
      'TXN_NOT_EXISTS',
    )
    assert.deepEqual(await second.client.rows('SELECT s FROM t'), [['kept']])
    const late = await second.transact('rollback', { ...one, label: 'kept' })
    assert.equal(late.json?.Status, 'FAILED')
    assert.match(String(late.json?.Message), /already VISIBLE/)
  })

  test('bad rows end the transaction, with their reasons', async (t) => {
    const { client, transact } = await testPorts(t)
    await client.run(TABLE)
    await transact('begin', one)
    await transact('load', one, '1\ta\textra\n')
    const reply = await transact('commit', one)
    assert.equal(reply.json?.Status, 'FAILED')
    const log = await ask(String(reply.json?.ErrorURL))
    assert.match(log.text, /column count/)
    assert.equal((await transact('commit', one)).json?.Status, 'TXN_NOT_EXISTS')
    assert.equal((await transact('begin', one)).json?.Status, 'OK')
  })

  test('one request at a time works on a transaction', async (t) => {
    const { client, transact, back } = await testPorts(t)
    await client.run(TABLE)
    await transact('begin', one)
    const slow = new Readable({ read() {} })
    slow.push('1\ta\n')
    const loading = ask(`${back}/api/transaction/load`, {
      method: 'PUT',
      auth: 'admin:',
      headers: { db: 'd', ...one },
      body: slow,
    })
    await once(slow, 'resume')
    for (const verb of ['commit', 'rollback', 'prepare']) {
      const reply = await transact(verb, one)
      assert.deepEqual([reply.json?.Status, reply.json?.Label], ['TXN_IN_PROCESSING', 'one'], verb)
    }
    slow.push(null)
    assert.equal((await loading).json?.Status, 'OK')
    assert.equal((await transact('commit', one)).json?.NumberLoadedRows, 1)
  })

  test('a transaction in which nothing happens, or that is over its time, is aborted', async (t) => {
    const clock = manualClock()
    const { client, engine, transact } = await testPorts(t, { clock })
    await client.run(TABLE)
    await transact('begin', { ...one, idle_transaction_timeout: '10' })
    clock.advance(9_000)
    await transact('load', one, '1\ta')
    clock.advance(9_000)
    assert.equal(engine.findLoad('d', 'one')?.state, 'PREPARE')
    clock.advance(1_000)
    assert.equal((await transact('commit', one)).json?.Status, 'TXN_NOT_EXISTS')
    assert.equal(engine.findLoad('d', 'one'), undefined)
    await transact('begin', { ...one, timeout: '20' })
    await transact('load', { ...one, timeout: '20' }, '1\ta')
    clock.advance(20_000)
    assert.equal((await transact('commit', one)).json?.Status, 'TXN_NOT_EXISTS')
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
  })

  test('what is missing, foreign or unsupported is refused', async (t) => {
    const { client, transact, front, back } = await testPorts(t)
    await client.run(`${TABLE}; CREATE USER bob; GRANT INSERT ON TABLE d.t TO USER bob`)
    const cases: readonly [string, Record<string, string>, RegExp][] = [
      ['begin', { table: 't' }, /empty label/],
      ['begin', { label: 'x' }, /empty table/],
      ['begin', { label: 'x', table: 'none' }, /none/],
      ['begin', { label: 'x', table: 't', transaction_type: 'multi' }, /transaction_type/],
      ['begin', { label: 'bad label!', table: 't' }, /Label format/],
    ]
    for (const [verb, headers, message] of cases) {
      const { json } = await transact(verb, headers)
      assert.equal(json?.Status, 'FAILED')
      assert.match(String(json?.Message), message)
    }
    await transact('begin', one)
    const asBob = await ask(`${back}/api/transaction/commit`, {
      method: 'POST',
      auth: 'bob:',
      headers: { db: 'd', ...one },
    })
    assert.equal(asBob.json?.Status, 'TXN_NOT_EXISTS')
    const other = await transact('load', { ...one, table: 'u' }, '1')
    assert.match(String(other.json?.Message), /not equal transaction table/)
    await transact('load', one, '1\ta')
    const changed = await transact('load', { ...one, column_separator: ',' }, '1,a')
    assert.match(String(changed.json?.Message), /same headers/)
    const denied = await ask(`${front}/api/transaction/begin`, { method: 'POST', auth: 'admin:no' })
    assert.equal(denied.status, 401)
    for (const path of ['finish', 'load/x', '']) {
      assert.equal((await ask(`${back}/api/transaction/${path}`, { method: 'POST' })).status, 404)
    }
  })
})
