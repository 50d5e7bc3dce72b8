/** SQL by HTTP, of servers that answer as ClickHouse 18.16 and Trino 476 do. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readAll } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import type { Cell, Field } from '../../../src/cli/connect/cell.ts'
import { openClickHouse } from '../../../src/cli/connect/clickhouse-session.ts'
import type { SqlSession } from '../../../src/cli/connect/session.ts'
import { openTrino } from '../../../src/cli/connect/trino-session.ts'
import { cleanUp } from '../../support/process/clean-up.ts'

interface Asked {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

async function serverOf(t: TestContext, answer: (asked: Asked) => Answer) {
  const all: Asked[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '', 'http://a')
      const body = await readAll(request)
      const asked = { method: request.method ?? '', url, headers: request.headers, body }
      all.push(asked)
      const { status = 200, headers = {}, body: said } = answer(asked)
      response.writeHead(status, headers).end(said)
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp(t, () => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { all, at: { host: '127.0.0.1', port } }
}

async function resultOf(session: SqlSession, sql: string) {
  const fields: Field[] = []
  const rows: (readonly Cell[])[] = []
  const done = await session.run(sql, {
    fields: (all) => void fields.push(...all),
    row: (cells) => void rows.push(cells),
    end() {},
  })
  return { fields, rows, done }
}

test('ClickHouse: names, types, NULL and escapes of a result, in one session of the server, with the password in no address', async (t) => {
  const { all, at } = await serverOf(t, ({ body }) => {
    if (body.startsWith('select version')) return { body: 'version()\nString\n18.16.1\n' }
    if (body.startsWith('create')) return { body: '' }
    if (body.endsWith('JSON')) return { body: '{\n}\n' }
    if (body.includes('nowhere')) return { status: 404, body: 'Code: 60, nowhere\n' }
    return {
      body: 'a\tb\\\\c\nNullable(UInt64)\tString\n18446744073709551615\tx\\ty\\n\n\\N\t\n',
    }
  })
  const session = await openClickHouse({ ...at, user: 'default', password: 'Only^4Tests' })
  assert.equal(session.version, 'ClickHouse 18.16.1')
  assert.deepEqual(await resultOf(session, 'select a'), {
    fields: [
      { name: 'a', numeric: true },
      { name: String.raw`b\c`, numeric: false },
    ],
    rows: [
      ['18446744073709551615', 'x\ty\n'],
      [null, ''],
    ],
    done: { rows: 2, affected: 0 },
  })
  const made = await resultOf(session, 'create table x (a UInt8) engine = Memory')
  assert.deepEqual(made.done, { rows: undefined, affected: 0 })
  const own = await resultOf(session, 'select a format JSON')
  assert.deepEqual([own.fields[0]?.name, own.rows], ['JSON', [['{'], ['}']]])
  await assert.rejects(resultOf(session, 'select * from nowhere'), {
    name: 'SqlProblem',
    message: 'Code: 60, nowhere',
  })
  const sessions = new Set(all.slice(1).map(({ url }) => url.searchParams.get('session_id')))
  assert.equal(sessions.size, 1)
  for (const { url, headers } of all) {
    assert.ok(!url.href.includes('Only'), url.href)
    assert.equal(headers['x-clickhouse-key'], 'Only^4Tests')
  }
})

test('ClickHouse: who may not log in is told so, and so is nobody who answers', async (t) => {
  const { at } = await serverOf(t, () => ({ status: 500, body: 'Code: 193, Wrong password' }))
  const target = { ...at, user: 'default', password: 'x' }
  await assert.rejects(openClickHouse(target), /default cannot log in at .*Code: 193/)
  await assert.rejects(openClickHouse({ ...target, port: 1 }), /nothing answers at 127\.0\.0\.1:1/)
})

test('Trino: pages become one result with every digit, and what a session remembers is sent again', async (t) => {
  const { all, at } = await serverOf(t, ({ method, url, body }) => {
    if (url.pathname === '/v1/info') return { body: '{"nodeVersion":{"version":"476"}}' }
    const page = (members: object) => ({ body: JSON.stringify(members) })
    if (method === 'POST' && body.startsWith('use'))
      return {
        headers: { 'x-trino-set-catalog': 'tpch', 'x-trino-set-schema': 'tiny' },
        ...page({ updateType: 'USE', columns: [{ name: 'result', type: 'boolean' }] }),
      }
    if (method === 'POST' && body.startsWith('set'))
      return { headers: { 'x-trino-set-session': 'a=1%20x' }, ...page({ updateType: 'SET' }) }
    if (method === 'POST' && body.startsWith('reset'))
      return { headers: { 'x-trino-clear-session': 'a' }, ...page({ updateType: 'RESET' }) }
    if (method === 'POST' && body.startsWith('insert'))
      return page({
        updateType: 'INSERT',
        updateCount: 25,
        columns: [{ name: 'rows', type: 'bigint' }],
        data: [[25]],
      })
    if (method === 'POST' && body.includes('nowhere'))
      return page({ error: { errorName: 'TABLE_NOT_FOUND', message: 'it is not there' } })
    // The address of the next page is as the server knows itself.
    if (method === 'POST') return page({ nextUri: 'http://elsewhere:1/v1/statement/1?slug=x' })
    return {
      body: '{"columns":[{"name":"a","type":"bigint"},{"name":"b","type":"array(bigint)"}],"data":[[9223372036854775807,[9007199254740993]],[null,null]]}',
    }
  })
  const session = await openTrino({ ...at, user: 'ann' })
  assert.equal(session.version, 'Trino 476')
  assert.deepEqual(await resultOf(session, 'select a'), {
    fields: [
      { name: 'a', numeric: true },
      { name: 'b', numeric: false },
    ],
    rows: [
      ['9223372036854775807', '[9007199254740993]'],
      [null, null],
    ],
    done: { rows: 2, affected: 0 },
  })
  assert.equal(all.at(-1)?.url.href, 'http://a/v1/statement/1?slug=x')
  assert.equal(all.at(-1)?.headers['x-trino-user'], 'ann')
  const used = await resultOf(session, 'use tpch.tiny')
  assert.deepEqual([used.fields, used.done], [[], { rows: undefined, affected: 0 }])
  await resultOf(session, "set session a = '1 x'")
  const insert = await resultOf(session, 'insert into t values 1')
  assert.deepEqual(insert, { fields: [], rows: [], done: { rows: undefined, affected: 25 } })
  const { 'x-trino-catalog': catalog, 'x-trino-schema': schema } = all.at(-1)?.headers ?? {}
  assert.deepEqual([catalog, schema], ['tpch', 'tiny'])
  assert.equal(all.at(-1)?.headers['x-trino-session'], 'a=1%20x')
  await resultOf(session, 'reset session a')
  await assert.rejects(resultOf(session, 'select * from nowhere'), {
    name: 'SqlProblem',
    message: 'ERROR TABLE_NOT_FOUND: it is not there',
  })
  assert.equal(all.at(-1)?.headers['x-trino-session'], undefined)
})
