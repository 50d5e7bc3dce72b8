import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { temporaryDirectory } from '../../../test/support/process/directory.ts'
import { fillSsb, ssbDefinitions } from './support/ssb.ts'
import { engineDirectory, startEngine } from './support/engine-process.ts'
import { ssbQueries, ssbTables } from './support/corpus.ts'

const SIZE = { orders: 60_000, customers: 300, suppliers: 100, parts: 4_000 }
/** From the fourth time on a query is run as it was planned before. */
const TIMES = 5

test('the 13 queries of the Star Schema Benchmark answer over the wire what DuckDB answers on the same rows', async (t) => {
  const files = temporaryDirectory(t)
  const duck = await DuckDBInstance.create(':memory:', { threads: '2' })
  t.after(() => duck.closeSync())
  const direct = await duck.connect()
  await fillSsb(direct, SIZE)
  const engine = await startEngine(t, engineDirectory(t))
  await engine.query(`CREATE DATABASE d; USE d; ${ssbDefinitions.join('; ')}`)
  for (const table of Object.keys(ssbTables)) {
    const file = join(files, `${table}.csv`)
    await direct.run(`COPY ${table} TO '${file}' (HEADER false, DELIMITER '|', QUOTE '')`)
    const { json } = await engine.load(table, readFileSync(file), { column_separator: '|' })
    assert.equal(json?.['Status'], 'Success', JSON.stringify(json))
    const [[count] = []] = await engine.query(`SELECT count(*) FROM d.${table}`)
    const [[wanted] = []] = await (await direct.run(`SELECT count(*) FROM ${table}`)).getRows()
    assert.equal(String(count), String(wanted))
  }
  assert.equal(ssbQueries.length, 13)
  for (const [index, sql] of ssbQueries.entries()) {
    const wanted = await (await direct.run(sql)).getRows()
    assert.ok(wanted.length > 0 && wanted[0]?.at(-1) !== null, `query ${index + 1} finds rows`)
    for (let times = 0; times < TIMES; times++) {
      const rows = await engine
        .query(`USE d; ${sql}`)
        .then((all) => all.at(-1) as unknown as unknown[][])
      assert.deepEqual(textOf(rows), textOf(wanted), `query ${index + 1}`)
    }
  }
})

/** Rows that compare equal under ORDER BY may come in any order. */
function textOf(rows: readonly (readonly unknown[])[]): readonly string[] {
  return rows.map((row) => row.map(String).join('|')).sort()
}
