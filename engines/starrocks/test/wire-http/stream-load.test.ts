import assert from 'node:assert/strict'
import { createConnection } from 'node:net'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { gzipSync, deflateSync, zstdCompressSync } from 'node:zlib'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { ask, testPorts } from '../support/open-ports.ts'

const TABLE = 'CREATE TABLE t (k INT, s VARCHAR(20)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)'
const KEYS = [
  'TxnId',
  'Label',
  'Status',
  'Message',
  'NumberTotalRows',
  'NumberLoadedRows',
  'NumberFilteredRows',
  'NumberUnselectedRows',
  'LoadBytes',
  'LoadTimeMs',
  'BeginTxnTimeMs',
  'StreamLoadPlanTimeMs',
  'ReadDataTimeMs',
  'WriteDataTimeMs',
  'CommitAndPublishTimeMs',
]

describe('Stream Load', () => {
  test('the FE sends a load on to the BE, without credentials in the address', async (t) => {
    const { client, front, back } = await testPorts(t)
    await client.run(TABLE)
    const reply = await ask(`${front}/api/d/t/_stream_load?x=1`, {
      method: 'PUT',
      auth: 'admin:',
      body: '1,a',
    })
    assert.equal(reply.status, 307)
    assert.equal(reply.headers.location, `${back}/api/d/t/_stream_load?x=1`)
    assert.equal(reply.headers.connection, 'close')
  })

  test('a load is answered with all of its keys in their order, and its rows are there', async (t) => {
    const { client, load } = await testPorts(t)
    await client.run(TABLE)
    const reply = await load('t', '1,a\n2,\\N\n3,\n', { label: 'one', column_separator: ',' })
    assert.equal(reply.status, 200)
    assert.match(reply.headers['content-type'] ?? '', /^application\/json/)
    assert.deepEqual(Object.keys(reply.json ?? {}), KEYS)
    const { Label, Status, Message, NumberTotalRows, NumberLoadedRows, LoadBytes } =
      reply.json ?? {}
    assert.deepEqual(
      [Label, Status, Message, NumberTotalRows, NumberLoadedRows, LoadBytes],
      ['one', 'Success', 'OK', 3, 3, 12],
    )
    assert.deepEqual(await client.rows('SELECT * FROM t ORDER BY k'), [
      [1, 'a'],
      [2, null],
      [3, ''],
    ])
  })

  test('a label counts once, and says so', async (t) => {
    const { client, load } = await testPorts(t)
    await client.run(TABLE)
    await load('t', '1\ta', { label: 'one' })
    const again = await load('t', '2\tb', { label: 'one' })
    assert.equal(again.status, 200)
    assert.equal(again.json?.Status, 'Label Already Exists')
    assert.equal(again.json?.ExistingJobStatus, 'FINISHED')
    assert.deepEqual(Object.keys(again.json ?? {}).slice(2, 5), [
      'Status',
      'ExistingJobStatus',
      'Message',
    ])
    assert.match(String(again.json?.Message), /Label \[one\] has already been used/)
    assert.deepEqual(await client.rows('SELECT k FROM t'), [[1]])
  })

  test('a failed load releases its label and names its bad rows at ErrorURL', async (t) => {
    const { client, load, back } = await testPorts(t)
    await client.run(TABLE)
    const headers = { label: 'one', column_separator: ',' }
    const failed = await load('t', `1,a\n2\n3,${'x'.repeat(21)}\n`, headers)
    assert.equal(failed.json?.Status, 'Fail')
    assert.match(String(failed.json?.Message), /too many filtered rows/)
    assert.deepEqual(
      [
        failed.json?.NumberTotalRows,
        failed.json?.NumberLoadedRows,
        failed.json?.NumberFilteredRows,
      ],
      [3, 0, 2],
    )
    const url = String(failed.json?.ErrorURL)
    assert.ok(url.startsWith(`${back}/api/_load_error_log?file=error_log_`), url)
    const log = await ask(url)
    assert.equal(log.status, 200)
    assert.equal(log.text.split('\n').length, 3)
    assert.match(log.text, /Value count does not match column count/)
    assert.match(log.text, /too long/)
    const other = await load('t', '1,a\n2\n', { ...headers, max_filter_ratio: '0.5' })
    assert.equal(other.json?.Status, 'Success')
    assert.equal(other.json?.NumberFilteredRows, 1)
    assert.match(String(other.json?.ErrorURL), /_load_error_log/)
  })

  test('only own error logs are handed out, and they expire', async (t) => {
    const { back } = await testPorts(t)
    for (const file of ['', 'error_log_0', '../../etc/passwd', '/etc/passwd', '%2e%2e/lock']) {
      const reply = await ask(`${back}/api/_load_error_log?file=${file}`)
      assert.deepEqual([reply.status, reply.text], [404, ''])
    }
  })

  test('without 100-continue the FE refuses over HTTP/1.1 and redirects over HTTP/1.0', async (t) => {
    const { client, front, back, ports } = await testPorts(t)
    await client.run(TABLE)
    const reply = await ask(`${front}/api/d/t/_stream_load`, {
      method: 'PUT',
      auth: 'admin:',
      expect: false,
      body: '1\ta'.repeat(100_000),
    })
    assert.equal(reply.status, 200)
    assert.deepEqual(reply.json, {
      Status: 'FAILED',
      Message: 'class com.starrocks.common.DdlException: There is no 100-continue header',
    })
    const old = createConnection(ports.front.port, '127.0.0.1')
    const auth = Buffer.from('admin:').toString('base64')
    old.write(`PUT /api/d/t/_stream_load HTTP/1.0\r\nAuthorization: Basic ${auth}\r\n\r\n`)
    let text = ''
    old.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    await once(old, 'end')
    old.destroy()
    assert.match(text, /^HTTP\/1\.1 307 /)
    assert.ok(text.includes(`Location: ${back}/api/d/t/_stream_load\r\n`))
  })

  test('the FE lets in whom it knows and who may INSERT; the BE answers in its own way', async (t) => {
    const { client, front, back } = await testPorts(t)
    await client.run(`${TABLE}; CREATE USER bob IDENTIFIED BY 'secret'`)
    const path = '/api/d/t/_stream_load'
    for (const auth of [undefined, 'admin:wrong', 'nobody:x', 'bob:', 'bob:secret']) {
      const reply = await ask(`${front}${path}`, { method: 'PUT', auth, body: '' })
      assert.equal(reply.status, 401, auth)
      assert.equal(reply.headers['www-authenticate'], 'Basic realm=""')
      assert.equal(reply.json?.status, 'FAILED')
      const direct = await ask(`${back}${path}`, { method: 'PUT', auth, body: '' })
      assert.deepEqual([direct.status, direct.json?.Status], [200, 'Fail'], auth)
      assert.ok(!direct.text.includes('secret'))
    }
    await client.run('GRANT INSERT ON TABLE d.t TO USER bob')
    const granted = await ask(`${front}${path}`, { method: 'PUT', auth: 'bob:secret', body: '' })
    assert.equal(granted.status, 307)
    const loaded = await ask(`${back}${path}`, { method: 'PUT', auth: 'bob:secret', body: '1\ta' })
    assert.equal(loaded.json?.Status, 'Success')
  })

  test('a table that is not there is reported by the BE, a missing name by the FE', async (t) => {
    const { load, front } = await testPorts(t)
    const reply = await load('none', '1')
    assert.deepEqual([reply.status, reply.json?.Status], [200, 'Fail'])
    assert.match(String(reply.json?.Message), /none/)
    for (const [path, message] of [
      ['/api//t/_stream_load', 'No database selected.'],
      ['/api/d//_stream_load', 'No table selected.'],
    ] as const) {
      const missing = await ask(`${front}${path}`, { method: 'PUT', auth: 'admin:', body: '' })
      assert.equal(missing.status, 200)
      assert.match(String(missing.json?.Message), new RegExp(message))
    }
  })

  test('other paths are not found, on both ports', async (t) => {
    const { front, back } = await testPorts(t)
    for (const url of [
      `${front}/`,
      `${front}/api/d/t`,
      `${back}/x`,
      `${back}/api/d/t/_stream_load`,
    ]) {
      const reply = await ask(url)
      assert.deepEqual([reply.status, reply.text], [404, ''], url)
    }
    const encoded = await ask(`${back}/api/%ff/t/_stream_load`, { method: 'PUT', body: '' })
    assert.equal(encoded.status, 404)
  })

  test('compressed bodies are read, and what is not what it says fails', async (t) => {
    const { client, load } = await testPorts(t)
    await client.run(TABLE)
    const text = Buffer.from('1\ta\n2\tb\n')
    const cases: readonly [Record<string, string>, Buffer, string][] = [
      [{ compression: 'gzip' }, gzipSync(text), 'Success'],
      [{ compression: 'gzip' }, Buffer.concat([gzipSync(text), gzipSync(text)]), 'Success'],
      [{ 'Content-Encoding': 'deflate' }, deflateSync(text), 'Success'],
      [{ compression: 'ZSTD' }, zstdCompressSync(text), 'Success'],
      [{ format: 'gzip' }, gzipSync(text), 'Success'],
      [{ compression: 'gzip' }, text, 'Fail'],
      [{ compression: 'gzip' }, gzipSync(text).subarray(0, 20), 'Fail'],
      [{ compression: 'zstd' }, zstdCompressSync(text).subarray(0, 10), 'Fail'],
      [{ compression: 'lz4_frame' }, text, 'Fail'],
      [{ compression: 'bzip2' }, text, 'Fail'],
      [{ compression: 'gzip', 'Content-Encoding': 'gzip' }, gzipSync(text), 'Fail'],
    ]
    for (const [headers, body, status] of cases) {
      const reply = await load('t', body, headers)
      assert.equal(reply.json?.Status, status, `${JSON.stringify(headers)} ${reply.text}`)
    }
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[12]])
  })

  test('a client that leaves in the middle leaves nothing behind', async (t) => {
    const { client, engine, ports } = await testPorts(t)
    await client.run(TABLE)
    const socket = createConnection(ports.back.port, '127.0.0.1')
    const auth = Buffer.from('admin:').toString('base64')
    socket.write(
      `PUT /api/d/t/_stream_load HTTP/1.1\r\nHost: x\r\nlabel: gone\r\nAuthorization: Basic ${auth}\r\nContent-Length: 1000\r\n\r\n1\ta\n2\tb\n`,
    )
    while (engine.findLoad('d', 'gone')?.state !== 'PREPARE') {
      await new Promise((resolve) => setImmediate(resolve))
    }
    socket.destroy()
    while (engine.findLoad('d', 'gone')) await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
  })

  test('a body over its limits is refused, before it comes or on its way', async (t) => {
    const limits = { bodyBytes: 200_000, jsonBytes: 1000, rowBytes: 50_000, blockBytes: 1000 }
    const { client, load } = await testPorts(t, { limits })
    await client.run(TABLE)
    const announced = await load('t', Buffer.alloc(200_001))
    assert.match(String(announced.json?.Message), /exceed limit: 200000/)
    const rows = Readable.from(Array.from({ length: 3 }, () => '1\ta\n'.repeat(25_000)))
    const streamed = await load('t', rows)
    assert.match(String(streamed.json?.Message), /exceed limit: 200000/)
    const row = await load('t', `1\t${'x'.repeat(60_000)}`)
    assert.match(String(row.json?.Message), /CSV line length exceed limit 50000/)
    const json = JSON.stringify({ k: 1, s: 'x'.repeat(1000) })
    const batch = await load('t', json, { format: 'json' })
    assert.match(String(batch.json?.Message), /ignore_json_size/)
    const ignored = await load('t', json, { format: 'json', ignore_json_size: 'true' })
    assert.match(String(ignored.json?.Message), /too many filtered rows/)
    assert.deepEqual(await client.rows('SELECT count(*) FROM t'), [[0]])
  })

  test('a load that fails on its way is answered after all of its body was taken', async (t) => {
    const limits = { rowBytes: 10_000, blockBytes: 1000, lingerBytes: 1000, lingerMs: 1 }
    const { client, load, transact, back } = await testPorts(t, { limits })
    await client.run(TABLE)
    const bad = () => {
      let pieces = 0
      const body = Readable.from(
        (function* () {
          for (; pieces < 300; pieces++) yield Buffer.alloc(65_536, 'x')
        })(),
      )
      return { body, taken: () => pieces }
    }
    const first = bad()
    const reply = await load('t', first.body)
    assert.match(String(reply.json?.Message), /CSV line length/)
    assert.equal(first.taken(), 300)
    await transact('begin', { label: 'x', table: 't' })
    const second = bad()
    const added = await ask(`${back}/api/transaction/load`, {
      method: 'PUT',
      auth: 'admin:',
      headers: { db: 'd', table: 't', label: 'x' },
      body: second.body,
    })
    assert.match(String(added.json?.Message), /CSV line length/)
    assert.equal(second.taken(), 300)
  })

  test('more bodies than may be read at once are refused with a retry message', async (t) => {
    const { client, load, back } = await testPorts(t, { limits: { bodies: 1 } })
    await client.run(TABLE)
    const slow = new Readable({ read() {} })
    slow.push('1\ta\n')
    const first = ask(`${back}/api/d/t/_stream_load`, {
      method: 'PUT',
      auth: 'admin:',
      body: slow,
      headers: { label: 'slow' },
    })
    await once(slow, 'resume')
    const second = await load('t', '2\tb')
    assert.match(String(second.json?.Message), /http concurrent limit 1/)
    slow.push(null)
    assert.equal((await first).json?.Status, 'Success')
  })

  test('a sender that stalls is cut off after the load’s timeout', async (t) => {
    const clock = manualClock()
    const { client, load, engine } = await testPorts(t, { clock })
    await client.run(TABLE)
    const stalled = new Readable({ read() {} })
    stalled.push('1\ta\n')
    const answered = load('t', stalled, { timeout: '100', label: 'stalled' })
    await once(stalled, 'resume')
    clock.advance(100_000)
    const reply = await answered
    assert.equal(reply.json?.Status, 'Fail')
    assert.match(String(reply.json?.Message), /time/)
    assert.equal(engine.findLoad('d', 'stalled'), undefined)
    stalled.destroy()
  })
})
