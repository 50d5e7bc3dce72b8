import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { SqlError } from '../../src/session.ts'
import { jsonLines } from '../../src/wire-http/json-line.ts'
import { jsonScan } from '../../src/wire-http/json-scan.ts'
import { ask, testPorts } from '../support/open-ports.ts'

const FIELDS = ['k', 's', 'j']

/** What goes where, in its order: `lines` as they are, `row` by the scan. */
function read(body: Buffer, cut: number, limits: { blockBytes?: number; rowBytes?: number } = {}) {
  const { blockBytes = 64, rowBytes = 1 << 20 } = limits
  const found: { readonly lines?: string; readonly row?: string }[] = []
  const row = (text: Buffer) => void found.push({ row: text.toString('utf8') })
  const scan = jsonScan({ root: [], stripOuterArray: false, rowBytes, row })
  const documents = ({ rows }: { rows: Buffer }) =>
    void found.push({ lines: rows.toString('utf8') })
  const lines = jsonLines({ fields: FIELDS, blockBytes, rowBytes, scan, documents })
  for (let at = 0; at < body.length; at += cut) lines.push(body.subarray(at, at + cut))
  lines.end()
  return found
}

const rowsOf = (found: ReturnType<typeof read>) =>
  found.flatMap(({ lines, row = '' }) => lines?.split('\n').map((line) => line.trimEnd()) ?? [row])

const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.nat(99_999)).map((two) => two.join('.')),
  fc.constantFrom('-0', '0.0', '1e3', '1E-7', '0.00001', '0.0001', '123456789012345678', '-0.5'),
)
const text = fc.string({ unit: 'binary', maxLength: 8 }).map((value) => JSON.stringify(value))
const plain = fc.string({ maxLength: 8 }).map((value) => JSON.stringify(value))
const value = fc.oneof(
  number,
  plain,
  text,
  fc.constantFrom('true', 'false', 'null', '[1, {"k": 2}]', '{"a": [1.50]}', '"a, \\"b"'),
)
/** Members twice, missing, in any order, and further ones. */
const members = fc.array(fc.tuple(fc.constantFrom('s', 'j', 'S', 'x', 'é'), value), {
  maxLength: 5,
})
const usual = fc.tuple(plain, number).map(([s, j]): [string, string][] => [
  ['s', s],
  ['j', j],
])
const document = (entries: readonly (readonly string[])[], index: number) =>
  `{${[['k', String(index)], ...entries].map(([name, what]) => `"${name}": ${what}`).join(', ')}}`
const documents = fc
  .array(fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: members }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((all) => all.map(document))

describe('lines of JSON', () => {
  test('are the rows that the scan finds, in their order, however they are cut', () => {
    fc.assert(
      fc.property(
        documents,
        fc.constantFrom('\n', '\r\n', ' \n\n'),
        fc.integer({ min: 1, max: 90 }),
        (rows, between, cut) => {
          const found = read(Buffer.from(rows.join(between)), cut)
          assert.deepEqual(rowsOf(found), rows)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('go as they are when they are plain, and no further', () => {
    const line = '{"k": 1, "s": "a", "j": 0.25}'
    const all = `${`${line}\n`.repeat(20)}{"k": 1,\n "s": [2]}\n${`${line}\n`.repeat(20)}`
    const found = read(Buffer.from(all), 7)
    assert.ok(found.filter(({ lines }) => lines !== undefined).length > 2)
    assert.deepEqual(
      found.filter(({ row }) => row !== undefined),
      [{ row: '{"k": 1,\n "s": [2]}' }],
    )
    for (const other of [
      '{"k": 1,}',
      '{"k": NaN}',
      '{"k": 01}',
      '{"k": 1.0}',
      '{"k": -0}',
      '{"k": 1e2}',
      '{"k": "\t"}',
      '{"k": "\\u0041"}',
      '{"\\u006b": 1}',
      '{"k": [1]}',
      '{}',
      '7',
      '{"k": 1} {"k": 2}',
    ]) {
      const rows = read(Buffer.from(`${other}\n`), 100)
      assert.ok(
        rows.every(({ lines }) => lines === undefined),
        other,
      )
    }
  })

  test('with other members than those before go row by row', () => {
    const body = '{"k":1,"s":"a","j":1}\n{"k":2}\n'.repeat(3)
    const found = read(Buffer.from(body), 22, { blockBytes: 1 })
    assert.deepEqual(rowsOf(found), body.trimEnd().split('\n'))
    assert.ok(found.some(({ row }) => row === '{"k":2}'))
  })

  test('a row over its bound is refused, and one that is not UTF-8 stays by itself', () => {
    const long = `{"k": "${'x'.repeat(200)}"}\n`
    assert.throws(() => read(Buffer.from(long), 50, { rowBytes: 100 }), SqlError)
    const broken = Buffer.concat([Buffer.from('{"k": "'), Buffer.from([0xff]), Buffer.from('"}\n')])
    const found = read(Buffer.concat([broken, Buffer.from('{"k": 1}\n')]), 100)
    assert.equal(found.length, 2)
  })
})

describe('lines of JSON in a table', () => {
  test('hold what the same rows hold that come one by one', async (t) => {
    const { client, load } = await testPorts(t)
    await client.run(
      'CREATE TABLE t (k INT, s STRING, j JSON) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)',
    )
    const loaded = async (body: string, strip: boolean) => {
      const headers = { format: 'json', strip_outer_array: String(strip) }
      const reply = await load('t', body, headers)
      assert.equal(reply.json?.Status, 'Success', reply.text)
      const rows = await client.rows('SELECT * FROM t ORDER BY k')
      await client.run('TRUNCATE TABLE t')
      return rows
    }
    await fc.assert(
      fc.asyncProperty(documents, async (rows) => {
        const lines = await loaded(`${rows.join('\n')}\n`, false)
        assert.deepEqual(lines, await loaded(`[${rows.join(',')}]`, true))
        assert.equal(lines.length, rows.length)
      }),
      { numRuns: 40 },
    )
  })

  test('keep their order beside rows that come one by one, and their numbers in the error log', async (t) => {
    const { client, load } = await testPorts(t)
    await client.run(
      'CREATE TABLE p (k INT, v STRING, n INT NOT NULL) PRIMARY KEY(k) DISTRIBUTED BY HASH(k)',
    )
    const row = (k: number, v: string) => `{"k": ${k}, "v": ${v}, "n": ${k}}`
    const body = [
      row(1, '"plain"'),
      row(2, '"\\u0041"'),
      row(1, '["later"]'),
      row(2, '"last"'),
      '{"k": 3, "v": "x", "n": null}',
      row(4, '"a"'),
      '{"k": 4, "v": "first", "v": "second", "n": 4}',
      '{"v": "no key", "n": 4}',
    ]
    const reply = await load('p', `${body.join('\n')}\n`, {
      format: 'json',
      max_filter_ratio: '0.5',
    })
    assert.equal(reply.json?.Status, 'Success', reply.text)
    assert.equal(reply.json?.NumberFilteredRows, 2)
    assert.deepEqual(await client.rows('SELECT k, v FROM p ORDER BY k'), [
      [1, '["later"]'],
      [2, 'last'],
      [4, 'second'],
    ])
    const log = await ask(String(reply.json?.ErrorURL))
    assert.match(log.text, /non-nullable column 'n'\. Row: 5$/m)
    assert.match(log.text, /non-nullable column 'k'\. Row: 8$/m)
  })
})
