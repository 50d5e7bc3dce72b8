import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { CsvFormat } from '../../src/wire-http/csv-format.ts'
import { recordReader } from '../../src/wire-http/csv-record.ts'
import { textCutter } from '../../src/wire-http/csv-text.ts'

type Row = readonly (string | null)[]

const plain: CsvFormat = {
  kind: 'csv',
  columnSeparator: ',',
  rowDelimiter: '\n',
  skipHeader: 0,
  trimSpace: false,
  enclose: undefined,
  escape: undefined,
}

/** Reads `bytes` in pieces of the sizes given, over and over. */
function records(bytes: Buffer, fields: number, more: Partial<CsvFormat>, sizes = [1 << 16]) {
  const rows: Row[] = []
  const refused: string[] = []
  const sink = { row: (row: Row) => rows.push(row), refuse: (why: string) => refused.push(why) }
  const reader = recordReader(
    { ...plain, ...more },
    { fields, rowBytes: 1 << 20 },
    { row: (row) => void sink.row(row), refuse: (why) => void sink.refuse(why) },
  )
  for (const piece of pieces(bytes, sizes)) reader.push(piece)
  reader.end()
  return { rows, refused }
}

function blocks(bytes: Buffer, more: Partial<CsvFormat>, sizes: number[], blockBytes = 16) {
  const refused: string[] = []
  const cutter = textCutter(
    { ...plain, ...more },
    { blockBytes, rowBytes: 1 << 20, refuse: (why) => void refused.push(why) },
  )
  const texts = pieces(bytes, sizes).map((piece) => cutter.push(piece)?.rows.toString('utf8'))
  texts.push(cutter.end()?.rows.toString('utf8'))
  return { texts: texts.filter((text) => text !== undefined), refused }
}

function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    found.push(bytes.subarray(at, at + size))
    at += size
  }
  return found
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const separators = fc.constantFrom(
  [',', '\n'],
  ['\t', '\r\n'],
  ['||', '\n'],
  ['\x01', '\x02'],
  ['ab', 'ac'],
  ['|', '|\n'],
  ['，', '。'],
)
const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const value = fc.string({
  unit: fc.constantFrom(...'abc,"\\\n\r\t| N，。ü€\u{1f600}\x01\x02'),
  maxLength: 8,
})

describe('CSV with enclosed and escaped values', () => {
  test('random rows come out as they went in, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.option(value), { minLength: 2, maxLength: 2 }), { maxLength: 8 }),
        separators,
        sizes,
        fc.boolean(),
        (rows, [column = '', row = ''], cuts, escapes) => {
          const encode = (text: string | null) => {
            if (text === null) return '\\N'
            if (!escapes) return `"${text.replaceAll('"', '""')}"`
            return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
          }
          // Enclosed or not, these two characters are NULL to StarRocks.
          const wanted = rows.map((values) => values.map((text) => (text === '\\N' ? null : text)))
          const text = rows.map((values) => values.map(encode).join(column)).join(row)
          const format = {
            columnSeparator: bytesOf(column),
            rowDelimiter: bytesOf(row),
            enclose: '"',
            ...(escapes && { escape: '\\' }),
          }
          const read = records(Buffer.from(text), 2, format, cuts)
          assert.deepEqual(read, { rows: wanted, refused: [] })
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('what encloses, escapes and trims does what the documentation says', () => {
    const quotes = { enclose: '"', escape: '\\' }
    const cases: readonly [string, Partial<CsvFormat>, Row[]][] = [
      ['"a ""quoted"" c",1\n', { enclose: '"' }, [['a "quoted" c', '1']]],
      ['"say \\"Hello\\"",1\n', quotes, [['say "Hello"', '1']]],
      ['a, b\\, c\n', { escape: '\\' }, [['a', ' b, c']]],
      [
        'a\\\nb,1\nc,2',
        { escape: '\\' },
        [
          ['a\nb', '1'],
          ['c', '2'],
        ],
      ],
      ['\\N,\\n\n', { escape: '\\' }, [[null, '\\n']]],
      ['"",""\n', { enclose: '"' }, [['', '']]],
      ['"x","a\nb,c"', { enclose: '"' }, [['x', 'a\nb,c']]],
      ['a"b,"c"d\n', { enclose: '"' }, [['a"b', 'cd']]],
      ['  a ,  " b " \n', { trimSpace: true, enclose: '"' }, [['a', ' b ']]],
      ["'a,b',1\n", { enclose: "'" }, [['a,b', '1']]],
      [
        'a,b\n\n\nc,d\n',
        { enclose: '"' },
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
      ],
      ['h1,h2,h3\na,b', { enclose: '"', skipHeader: 1 }, [['a', 'b']]],
    ]
    for (const [text, format, rows] of cases) {
      for (const cuts of [[1], [2, 3], [1000]]) {
        const read = records(Buffer.from(text), 2, format, cuts)
        assert.deepEqual(read, { rows, refused: [] }, text)
      }
    }
  })

  test('rows of another width and of another encoding are refused one by one', () => {
    const bytes = Buffer.concat([
      Buffer.from('a,b\nc\nd,e,f\n'),
      Buffer.from([0x67, 0x2c, 0xff, 0x0a]),
      Buffer.from('h,i'),
    ])
    const { rows, refused } = records(bytes, 2, { enclose: '"' })
    assert.deepEqual(rows, [
      ['a', 'b'],
      ['h', 'i'],
    ])
    assert.equal(refused.length, 3)
    assert.match(
      refused[0] ?? '',
      /Target column count: 2 doesn't match source value column count: 1/,
    )
    assert.match(refused[2] ?? '', /Invalid UTF-8/)
    assert.throws(() => records(Buffer.from('"a,b\nc,d'), 2, { enclose: '"' }), /end is missing/)
  })

  test('a row over its limit ends the reading', () => {
    const reader = recordReader(
      { ...plain, enclose: '"' },
      { fields: 1, rowBytes: 1000 },
      { row() {}, refuse() {} },
    )
    assert.throws(() => {
      for (let piece = 0; piece < 100; piece++) reader.push(Buffer.alloc(100, 'x'))
    }, /CSV line length exceed limit 1000/)
  })
})

describe('plain CSV', () => {
  test('blocks hold the same rows in the same order, however they are cut', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab,ü€\u{1f600} '), maxLength: 12 })
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 12 }),
        separators,
        sizes,
        (lines, [, row = ''], cuts) => {
          fc.pre(lines.every((line) => !line.includes(row) && !line.endsWith('a')))
          const read = blocks(Buffer.from(lines.join(row)), { rowDelimiter: bytesOf(row) }, cuts)
          assert.deepEqual(
            read.texts.flatMap((block) => block.split(row)),
            lines.filter((line) => line !== ''),
          )
          assert.deepEqual(read.refused, [])
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('header rows are skipped, also across blocks, and more than there are leave nothing', () => {
    const text = Buffer.from(Array.from({ length: 20 }, (_, index) => `row ${index}`).join('\n'))
    for (const skipHeader of [0, 1, 7, 19, 20, 1000]) {
      const { texts } = blocks(text, { skipHeader }, [3])
      const rows = texts.flatMap((block) => block.split('\n'))
      assert.equal(rows.length, Math.max(0, 20 - skipHeader))
      if (rows.length > 0) assert.equal(rows[0], `row ${skipHeader}`)
    }
  })

  test('only rows that are not UTF-8 are refused', () => {
    const bytes = Buffer.concat([
      Buffer.from('ü1\n'),
      Buffer.from([0xc3, 0x0a]),
      Buffer.from('ü2\n'),
    ])
    for (const cuts of [[1], [100]]) {
      const { texts, refused } = blocks(bytes, {}, cuts, 2)
      assert.deepEqual(
        texts.flatMap((text) => text.split('\n')),
        ['ü1', 'ü2'],
      )
      assert.equal(refused.length, 1)
    }
  })
})
