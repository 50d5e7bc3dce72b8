import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { random } from '../../../../src/kernel/random.ts'
import type { LoadRow, TextFormat } from '../../src/load-sink.ts'
import { cutBlocks, decodedRows, encodeRow, randomDelimiters } from '../../src/load/row-encoding.ts'

const value = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constant(''),
)

function encoded(rows: readonly LoadRow[], format: TextFormat): Buffer {
  return Buffer.from(rows.map((row) => encodeRow(row, format)).join(format.rowDelimiter))
}

test('rows come out of DuckDB as they went in, whatever their values hold', async (t) => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  t.after(() => instance.closeSync())
  t.after(() => connection.closeSync())
  const rows = fc
    .integer({ min: 1, max: 4 })
    .chain((width) =>
      fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1 }),
    )
  await fc.assert(
    fc.asyncProperty(rows, async (wanted) => {
      const format = randomDelimiters(random())
      const blocks = cutBlocks(encoded(wanted, format), format)
      await connection.run('CREATE OR REPLACE TEMP TABLE raw (block VARCHAR, number BIGINT)')
      const appender = await connection.createAppender('raw', null)
      for (const [number, block] of blocks.entries()) {
        appender.appendVarchar(block.toString('utf8'))
        appender.appendBigInt(BigInt(number))
        appender.endRow()
      }
      appender.closeSync()
      const width = wanted[0]?.length ?? 0
      const found = await connection.runAndReadAll(`FROM ${decodedRows('raw', width, format)}`)
      assert.deepEqual(
        found.getRows().map((row) => row.slice(0, -1)),
        wanted.map((row) => [...row, BigInt(width)]),
      )
      const places = found.getRows().map((row) => row.at(-1) as bigint)
      assert.ok(places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0n)))
    }),
  )
})

test('two loads have different separators, and a block ends with a whole row', () => {
  const [one, other] = [randomDelimiters(random()), randomDelimiters(random())]
  for (const name of ['columnSeparator', 'rowDelimiter', 'nullText'] as const) {
    assert.notEqual(one[name], other[name])
  }
  const rows = Array.from({ length: 500 }, (_, row) => [String(row), 'x'.repeat(20)])
  const blocks = cutBlocks(encoded(rows, one), one)
  assert.ok(blocks.length > 2)
  assert.equal(blocks.join(one.rowDelimiter), encoded(rows, one).toString('utf8'))
  for (const block of blocks) assert.match(block.toString('utf8'), /x{20}$/)
})
