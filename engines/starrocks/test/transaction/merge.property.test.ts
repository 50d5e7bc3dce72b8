import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { connect, testEngine } from '../support/open-engine.ts'
import type { Client } from '../support/open-engine.ts'

/** A row of the test table: a key of two parts and three values. */
interface Row {
  readonly a: number
  readonly b: string | null
  readonly x: number | null
  readonly y: string | null
  readonly z: number | null
}

type Step =
  | { readonly kind: 'insert'; readonly rows: readonly Row[] }
  | { readonly kind: 'delete'; readonly a: number }
  | { readonly kind: 'update'; readonly a: number; readonly x: number | null }
  | { readonly kind: 'overwrite'; readonly rows: readonly Row[] }

const value = fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: null })
const word = fc.constantFrom('', 'a', "it's", 'ü', '\\', '%')
const row = (nullableKey: boolean): fc.Arbitrary<Row> =>
  fc.record({
    a: fc.integer({ min: 0, max: 4 }),
    b: nullableKey ? fc.option(word, { nil: null }) : word,
    x: value,
    y: fc.option(word, { nil: null }),
    z: value,
  })

const steps = (nullableKey: boolean): fc.Arbitrary<Step[]> => {
  const rows = fc.array(row(nullableKey), { minLength: 1, maxLength: 8 })
  return fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('insert' as const), rows }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('overwrite' as const), rows }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), a: fc.nat(4) }) },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('update' as const), a: fc.nat(4), x: value }),
      },
    ),
    { minLength: 1, maxLength: 6 },
  )
}

type Model = 'DUPLICATE' | 'UNIQUE' | 'PRIMARY' | 'AGGREGATE'

/** What the table must hold, computed the plain way. */
function expected(model: Model, done: readonly Step[]): Row[] {
  let rows: Row[] = []
  for (const step of done) {
    if (step.kind === 'delete') rows = rows.filter((entry) => entry.a !== step.a)
    else if (step.kind === 'update') {
      if (model === 'PRIMARY') {
        rows = rows.map((entry) => (entry.a === step.a ? { ...entry, x: step.x } : entry))
      }
    } else {
      if (step.kind === 'overwrite') rows = []
      for (const added of step.rows) rows = put(model, rows, added)
    }
  }
  return rows
}

function put(model: Model, rows: readonly Row[], added: Row): Row[] {
  const at = rows.findIndex((entry) => entry.a === added.a && entry.b === added.b)
  const old = rows[at]
  if (model === 'DUPLICATE' || !old) return [...rows, added]
  const folded =
    model === 'AGGREGATE'
      ? {
          ...added,
          x: old.x === null ? added.x : old.x + (added.x ?? 0),
          y: added.y,
          z: old.z === null ? added.z : Math.max(old.z, added.z ?? old.z),
        }
      : added
  return rows.with(at, folded)
}

const sql = (cell: string | number | null): string => {
  if (cell === null) return 'NULL'
  return typeof cell === 'number'
    ? String(cell)
    : `'${cell.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

const valuesOf = (rows: readonly Row[]): string =>
  rows.map(({ a, b, x, y, z }) => `(${[a, b, x, y, z].map(sql).join(', ')})`).join(', ')

async function perform(client: Client, model: Model, step: Step): Promise<void> {
  if (step.kind === 'insert') await client.run(`INSERT INTO t VALUES ${valuesOf(step.rows)}`)
  if (step.kind === 'overwrite')
    await client.run(`INSERT OVERWRITE t VALUES ${valuesOf(step.rows)}`)
  if (step.kind === 'delete') await client.run(`DELETE FROM t WHERE a = ${step.a}`)
  if (step.kind === 'update' && model === 'PRIMARY') {
    await client.run(`UPDATE t SET x = ${sql(step.x)} WHERE a = ${step.a}`)
  }
}

const values: Readonly<Record<Model, string>> = {
  DUPLICATE: 'x BIGINT, y STRING, z INT',
  UNIQUE: 'x BIGINT, y STRING, z INT',
  PRIMARY: 'x BIGINT, y STRING, z INT',
  AGGREGATE: 'x BIGINT SUM, y STRING REPLACE, z INT MAX',
}

for (const model of ['DUPLICATE', 'UNIQUE', 'PRIMARY', 'AGGREGATE'] as const) {
  test(`${model} KEY: any mix of writes leaves what a plain model says`, async (t) => {
    const engine = await testEngine(t)
    const client = await connect(engine)
    await client.run('CREATE DATABASE d; USE d')
    const nullableKey = model !== 'PRIMARY'
    await fc.assert(
      fc.asyncProperty(steps(nullableKey), async (done) => {
        const key = nullableKey ? 'b VARCHAR(10)' : 'b VARCHAR(10) NOT NULL'
        await client.run(`DROP TABLE IF EXISTS t;
          CREATE TABLE t (a INT, ${key}, ${values[model]}) ${model} KEY(a, b) DISTRIBUTED BY HASH(a)`)
        for (const step of done) await perform(client, model, step)
        const found = (await client.rows('SELECT a, b, x, y, z FROM t')).map((cells) =>
          JSON.stringify(cells),
        )
        const wanted = expected(model, done).map(({ a, b, x, y, z }) =>
          JSON.stringify([a, b, x, y, z]),
        )
        assert.deepEqual(found.sort(), wanted.sort())
      }),
      { numRuns: 25 },
    )
  })
}
