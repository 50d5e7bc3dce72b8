import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../../src/kernel/clock.ts'
import { jsonRows } from '../../src/wire-http/json-row.ts'
import { LONG_JSON, jsonThread } from '../../src/wire-http/json-thread.ts'
import { readQueryBody } from '../../src/wire-http/query-body.ts'
import { ask, testPorts } from '../support/open-ports.ts'

const long = (element: string): string => element.repeat(LONG_JSON / element.length + 1)

const DEEP = 200_000

test('the thread reads a row as it is read without it', async (t) => {
  const thread = jsonThread(systemClock())
  t.after(() => thread.stop())
  const options = {
    fields: ['a', 'b', 'j'],
    jsonFields: new Set(['j']),
    paths: [['a'], ['b', 1], ['j']],
  }
  const texts = [
    `{"a":1.50,"b":[1,"x"],"j":[${long('0.10,')}1]}`,
    `{"a":12345678901234567890,"b":[],"j":"${long('é\\"')}"}`,
    `{"a":"${long('\\u20ac')}","b":{"1":2},"j":{"\\"":1,"\\\\":2}}`,
    `{"a":true,"b":[1,null],"j":null,"x":"${long('x')}"}`,
    `[${long('1,')}1]`,
    `{"a":1,"j":[${long('1,')}]}`,
    `{"a":1,"j":"${long('\xff')}`,
    `{"a":${'['.repeat(DEEP)}1${']'.repeat(DEEP)}}`,
  ]
  for (const text of texts) {
    const bytes = Buffer.from(text, text.includes('\xff') ? 'latin1' : 'utf8')
    assert.deepEqual(
      await thread.row(bytes, options, { user: 'a' }),
      jsonRows(options)(bytes),
      text.slice(0, 40),
    )
  }
})

test('the thread reads the body of a query as it is read without it', async (t) => {
  const thread = jsonThread(systemClock())
  t.after(() => thread.stop())
  const many = Array.from({ length: 5_000 }, (_, at) => `"v${at}":1`).join()
  for (const text of [
    `{"query":"SELECT 1","sessionVariables":{"a":1,"b":[1,2]},"onlyOutputResultRaw":true,"x":"${long('x')}"}`,
    `{"query":"SELECT '${long('x')}'"}`,
    `{"query":"SELECT 1","sessionVariables":{${many}}}`,
    `{"query":" ","x":"${long('x')}"}`,
    `{"query":[${long('1,')}]}`,
    `[${long('1,')}1]`,
  ]) {
    const body = Buffer.from(text)
    assert.deepEqual(await thread.queryBody(body, { user: 'a' }), readQueryBody(body))
  }
})

test('long rows and short ones keep their order, and so do the reasons of those that are filtered', async (t) => {
  const { client, load } = await testPorts(t)
  await client.run('CREATE TABLE last (k INT, n INT) PRIMARY KEY(k)')
  const row = (n: number) => `{"k":1,"n":${n}${n % 3 === 0 ? `,"x":[${long('1,')}1]` : ''}}\n`
  const rows = Array.from({ length: 40 }, (_, n) => row(n))
  const loaded = await load('last', rows.join(''), { format: 'json' })
  assert.equal(loaded.json?.['NumberLoadedRows'], 40)
  assert.deepEqual(await client.rows('SELECT n FROM last'), [[39]])
  const failed = await load('last', `{"n":[${long('1,')}]}\n{"n":tru}\n`, { format: 'json' })
  const { text } = await ask(String(failed.json?.['ErrorURL']))
  const [first = '', second = ''] = text.split('\n')
  assert.match(first, /Unexpected token '\]'/)
  assert.match(second, /tru/)
})
