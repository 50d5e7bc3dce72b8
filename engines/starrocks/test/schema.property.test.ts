import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testPorts } from './support/open-ports.ts'

/** How a type's values are written; what comes back is the same text. */
const TYPES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  INT: fc.integer().map(String),
  BIGINT: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  LARGEINT: fc.bigInt({ min: -(2n ** 126n), max: 2n ** 126n }).map(String),
  BOOLEAN: fc.constantFrom('0', '1'),
  'DECIMAL(18, 4)': fc
    .tuple(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 1000, max: 9999 }))
    .map(([whole, part]) => `${whole}.${part}`),
  DATE: fc
    .integer({ min: 0, max: 20_000 })
    .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
  DATETIME: fc
    .integer({ min: 0, max: 2_000_000_000 })
    .map((second) => new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ')),
  'VARCHAR(40)': fc
    .array(fc.constantFrom(...'aZ 0é你🐘\'";%_'))
    .map((letters) => letters.slice(0, 8).join('')),
}
/** Few values, so that keys meet. */
const KEY_TYPES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  INT: fc.constantFrom('0', '-1', '2147483647'),
  DATE: fc.constantFrom('2024-02-29', '1970-01-01'),
  'VARCHAR(10)': fc.constantFrom('', 'a', 'A', 'ü'),
}

type Model = 'DUPLICATE' | 'UNIQUE' | 'PRIMARY' | 'AGGREGATE'
type Row = readonly (string | null)[]

interface Column {
  readonly type: string
  /** Empty for keys and outside AGGREGATE KEY. */
  readonly aggregate: string
}

interface Story {
  readonly model: Model
  readonly keys: number
  readonly columns: readonly Column[]
  readonly batches: readonly { readonly how: 'insert' | 'csv'; readonly rows: readonly Row[] }[]
}

const story: fc.Arbitrary<Story> = fc
  .record({
    model: fc.constantFrom<Model>('DUPLICATE', 'UNIQUE', 'PRIMARY', 'AGGREGATE'),
    keyTypes: fc.array(fc.constantFrom(...Object.keys(KEY_TYPES)), { minLength: 1, maxLength: 3 }),
    valueTypes: fc.array(fc.constantFrom(...Object.keys(TYPES)), { minLength: 1, maxLength: 5 }),
    aggregates: fc.array(fc.constantFrom('REPLACE', 'REPLACE_IF_NOT_NULL', 'MIN', 'MAX'), {
      minLength: 5,
      maxLength: 5,
    }),
  })
  .chain(({ model, keyTypes, valueTypes, aggregates }) => {
    const values = valueTypes.map((type, at): Column => {
      const named = aggregates[at] ?? 'REPLACE'
      // What is less depends on the type; the model below compares whole numbers only.
      const fits = type === 'BIGINT' || named.startsWith('REPLACE')
      return { type, aggregate: model === 'AGGREGATE' ? (fits ? named : 'REPLACE') : '' }
    })
    const columns = [...keyTypes.map((type): Column => ({ type, aggregate: '' })), ...values]
    const cells = columns.map(({ type }, at) => {
      const isKey = at < keyTypes.length
      const cell = (isKey ? KEY_TYPES : TYPES)[type] ?? fc.constant('')
      return isKey ? cell : fc.option(cell, { freq: 4 })
    })
    const rows = fc.array(fc.tuple(...cells), { minLength: 1, maxLength: 12 })
    const batch = fc.record({ how: fc.constantFrom('insert' as const, 'csv' as const), rows })
    return fc
      .array(batch, { minLength: 1, maxLength: 5 })
      .map((batches) => ({ model, keys: keyTypes.length, columns, batches }))
  })

test('random tables hold after random inserts and loads what a plain model holds', async (t) => {
  const { client, load } = await testPorts(t)
  await fc.assert(
    fc.asyncProperty(story, async (history) => {
      await client.run('DROP TABLE IF EXISTS t')
      await client.run(definitionOf(history))
      for (const { how, rows } of history.batches) {
        if (how === 'insert')
          await client.run(`INSERT INTO t VALUES ${rows.map(valuesOf).join(', ')}`)
        else {
          const { json, text } = await load('t', csvOf(rows), { column_separator: '\\x01' })
          assert.equal(json?.['Status'], 'Success', text)
          assert.equal(json?.['NumberLoadedRows'], rows.length)
        }
      }
      const { rows } = await client.run('SELECT * FROM t')
      const found = rows.map((row) =>
        JSON.stringify(row.map((cell) => (cell === null ? null : String(cell)))),
      )
      assert.deepEqual(
        found.sort(),
        expectedOf(history)
          .map((row) => JSON.stringify(row))
          .sort(),
      )
    }),
    { numRuns: process.env['EMRYS_LONG'] === '1' ? 500 : 40 },
  )
})

function definitionOf({ model, keys, columns }: Story): string {
  const names = columns.map((_, at) => `c${at}`)
  const written = columns.map(
    ({ type, aggregate }, at) => `c${at} ${type} ${at < keys ? 'NOT NULL' : aggregate}`,
  )
  return `CREATE TABLE t (${written.join(', ')}) ${model} KEY (${names.slice(0, keys).join(', ')}) DISTRIBUTED BY HASH (c0)`
}

const valuesOf = (row: Row): string =>
  `(${row.map((cell) => (cell === null ? 'NULL' : `'${cell.replaceAll("'", "''")}'`)).join(', ')})`

const csvOf = (rows: readonly Row[]): string =>
  rows.map((row) => `${row.map((cell) => cell ?? String.raw`\N`).join('\u0001')}\n`).join('')

function expectedOf({ model, keys, columns, batches }: Story): readonly Row[] {
  const all = batches.flatMap(({ rows }) => rows)
  if (model === 'DUPLICATE') return all
  const held = new Map<string, Row>()
  for (const row of all) {
    const key = JSON.stringify(row.slice(0, keys))
    const old = held.get(key)
    held.set(
      key,
      old
        ? row.map((cell, at) => folded(columns[at]?.aggregate ?? '', old[at] ?? null, cell))
        : row,
    )
  }
  return [...held.values()]
}

function folded(aggregate: string, old: string | null, added: string | null): string | null {
  if (aggregate === '' || aggregate === 'REPLACE') return added
  if (old === null || added === null) return old ?? added
  if (aggregate === 'REPLACE_IF_NOT_NULL') return added
  const isLess = BigInt(added) < BigInt(old)
  return isLess === (aggregate === 'MIN') ? added : old
}
