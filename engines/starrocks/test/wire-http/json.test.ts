import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { readJsonPath, readJsonPaths } from '../../src/wire-http/json-path.ts'
import { jsonRows } from '../../src/wire-http/json-row.ts'
import { jsonScan } from '../../src/wire-http/json-scan.ts'
import { SqlError } from '../../src/session.ts'

interface ScanCase {
  readonly root?: readonly string[]
  readonly strip?: boolean
  readonly rowBytes?: number
}

function scan(text: string, { root = [], strip = false, rowBytes = 1 << 20 }: ScanCase, cut = 7) {
  const rows: string[] = []
  const scanner = jsonScan({
    root,
    stripOuterArray: strip,
    rowBytes,
    row: (row) => void rows.push(row.toString('utf8')),
  })
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += cut) scanner.push(bytes.subarray(at, at + cut))
  scanner.end()
  return rows
}

const cut = fc.integer({ min: 1, max: 50 })

describe('rows of a JSON body', () => {
  test('random documents are found one after the other, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.jsonValue().filter((value) => !Array.isArray(value)),
          { maxLength: 6 },
        ),
        fc.constantFrom('\n', ' ', '\r\n\t'),
        cut,
        (documents, between, size) => {
          const text = documents.map((document) => JSON.stringify(document)).join(between)
          const rows = scan(text, {}, size)
          assert.deepEqual(
            rows.map((row) => JSON.parse(row) as unknown),
            documents.map((document) => JSON.parse(JSON.stringify(document)) as unknown),
          )
        },
      ),
      { numRuns: 500 },
    )
  })

  test('random arrays are stripped, at the top and below a path', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 6 }),
        fc.jsonValue(),
        cut,
        fc.boolean(),
        (values, other, size, isDeep) => {
          const nested = { before: other, a: { x: other, b: values, y: [other] }, after: other }
          const root = isDeep ? ['a', 'b'] : []
          const text = JSON.stringify(isDeep ? nested : values, null, size % 3)
          const rows = scan(`${text}\n${text}`, { root, strip: true }, size)
          const once = JSON.parse(JSON.stringify(values)) as unknown[]
          assert.deepEqual(
            rows.map((row) => JSON.parse(row) as unknown),
            [...once, ...once],
          )
        },
      ),
      { numRuns: 500 },
    )
  })

  test('what is no JSON, and what is not where the headers say, is refused', () => {
    const cases: readonly [string, ScanCase][] = [
      ['{"a":1', {}],
      ['{"a":1}]', {}],
      [',', {}],
      ['[{"a":1}]', {}],
      ['{"a":1}', { strip: true }],
      ['[1 2]', { strip: true }],
      ['[1,', { strip: true }],
      ['[1,]', { strip: true }],
      ['{"a":1,}', { root: ['a'] }],
      ['{"a":1}', { root: ['b'] }],
      ['{"a":1}', { root: ['a', 'b'] }],
      ['[1]', { root: ['a'] }],
      ['{"a" 1}', { root: ['a'] }],
      ['{a:1}', { root: ['a'] }],
      ['{"a":"x', {}],
    ]
    for (const [text, reading] of cases) {
      for (const size of [1, 100]) assert.throws(() => scan(text, reading, size), SqlError, text)
    }
    assert.throws(() => scan(`{"a":"${'x'.repeat(200)}"}`, { rowBytes: 100 }), /longer than 100/)
  })

  test('what is skipped may be longer than a row', () => {
    const text = `{"other":"${'x'.repeat(1000)}","a":{"k":1}}`
    assert.deepEqual(scan(text, { root: ['a'], rowBytes: 100 }), ['{"k":1}'])
  })

  test('no rows are no error', () => {
    assert.deepEqual(scan('', {}), [])
    assert.deepEqual(scan(' \n ', { strip: true }), [])
    assert.deepEqual(scan('[]', { strip: true }), [])
  })
})

describe('values of a JSON row', () => {
  const read = (text: string, more: Partial<Parameters<typeof jsonRows>[0]> = {}) =>
    jsonRows({ fields: ['a', 'b'], jsonFields: new Set(), paths: undefined, ...more })(
      Buffer.from(text, 'latin1'),
    )

  test('numbers keep every digit, text and JSON stay what they are', () => {
    const cases: readonly [string, readonly (string | null)[]][] = [
      ['{"a":1,"b":"x"}', ['1', 'x']],
      ['{"b":null,"a":true}', ['true', null]],
      ['{"c":1}', [null, null]],
      [
        '{"a":170141183460469231731687303715884105727,"b":1.10}',
        ['170141183460469231731687303715884105727', '1.10'],
      ],
      ['{"a":1e400,"b":-0}', ['1e400', '-0']],
      [
        '{"a":{"x":[1.50,"y"]},"b":[12345678901234567890]}',
        ['{"x":[1.50,"y"]}', '[12345678901234567890]'],
      ],
      ['{"a":"","b":"\\u00e4\\n"}', ['', 'ä\n']],
      ['{"__proto__":1,"a":2}', ['2', null]],
      [
        '{"a":{"x":[],"\\\\":0},"b":{"x":1,"\\"":2.50}}',
        ['{"x":[],"\\\\":0}', '{"x":1,"\\"":2.50}'],
      ],
    ]
    for (const [text, row] of cases) assert.deepEqual(read(text), { row }, text)
    assert.deepEqual(read('{"a":"x","b":"y"}', { jsonFields: new Set(['a']) }), {
      row: ['"x"', 'y'],
    })
  })

  test('every number comes back as it was written, wherever it stands', () => {
    const digits = (most: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: most })
    const whole = fc.oneof(
      fc.constant('0'),
      digits(20).map((text) => `1${text}`),
    )
    const number = fc
      .tuple(
        fc.constantFrom('', '-'),
        whole,
        fc.option(digits(12), { nil: '' }),
        fc.constantFrom('', 'e5', 'E-3'),
      )
      .map(([sign, int, part, power]) => `${sign}${int}${part && `.${part}`}${power}`)
    const gap = fc.constantFrom('', ' ', '\t\n')
    fc.assert(
      fc.property(number, number, gap, (one, other, space) => {
        assert.deepEqual(
          read(`{"x":"1.50, -0","a":${space}${one},"b":[${space}"-0",${space}${other}]}`),
          {
            row: [one, `["-0",${other}]`],
          },
        )
      }),
    )
  })

  test('paths are taken in order', () => {
    const paths = readJsonPaths('jsonpaths', '["$.x.y[1]", "$"]')
    assert.deepEqual(read('{"x":{"y":[1,2]}}', { paths }), { row: ['2', '{"x":{"y":[1,2]}}'] })
    assert.deepEqual(read('{"x":{"y":{"1":2}}}', { paths }), { row: [null, '{"x":{"y":{"1":2}}}'] })
  })

  test('a row that is nested deeper than can be written down is a problem of the row', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"x":', '}'],
      ['{"\\"":', '}'],
    ] as const) {
      const depth = 200_000
      const text = `{"a":${open.repeat(depth)}1${close.repeat(depth)}}`
      assert.deepEqual(read(text), { problem: 'Error: The row is nested too deep' }, open)
    }
  })

  test('what is no object, no JSON or no UTF-8 is a problem of the row', () => {
    for (const text of ['1', '"x"', '[1]', 'null', '{"a":}', '{"a":tru}', '{"a":"\xff"}']) {
      assert.ok('problem' in read(text), text)
    }
  })
})

test('paths are names and positions, and everything else is refused', () => {
  const cases: readonly [string, readonly (string | number)[]][] = [
    ['$', []],
    ['$.a', ['a']],
    ['$.a.b[0][12].c', ['a', 'b', 0, 12, 'c']],
    ['$."a.b"."c\\"d"', ['a.b', 'c"d']],
    ['$["a b"].c', ['a b', 'c']],
    ['$.中文', ['中文']],
  ]
  for (const [text, path] of cases) assert.deepEqual(readJsonPath('json_root', text), path)
  for (const text of [
    '',
    'a',
    '$a',
    '$.',
    '$.a[*]',
    '$..a',
    '$.*',
    '$.a[-1]',
    '$.a[',
    '$.a]',
    '$["a',
  ]) {
    assert.throws(() => readJsonPath('json_root', text), /Invalid json_root/, text)
  }
  for (const text of ['', '[', '{}', '[]', '[1]', '["a"]']) {
    assert.throws(() => readJsonPaths('jsonpaths', text), /Invalid jsonpaths/, text)
  }
})
