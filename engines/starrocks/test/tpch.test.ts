import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { temporaryDirectory } from '../../../test/support/process/directory.ts'
import { engineDirectory, startEngine } from './support/engine-process.ts'
import { fillTpch, tpchDefinitions, tpchTables } from './support/tpch.ts'
import { tpchQueries } from './support/tpch-query.ts'

const SCALE = 0.01
/** From the fourth time on a query is run as it was planned before. */
const TIMES = 5

test('the 22 queries of TPC-H answer over the wire what DuckDB answers on the same rows', async (t) => {
  const files = temporaryDirectory(t)
  const duck = await DuckDBInstance.create(':memory:', { threads: '2' })
  t.after(() => duck.closeSync())
  const direct = await duck.connect()
  await fillTpch(direct, SCALE)
  const engine = await startEngine(t, engineDirectory(t))
  await engine.query(`CREATE DATABASE d; USE d; ${tpchDefinitions.join('; ')}`)
  for (const table of Object.keys(tpchTables)) {
    const file = join(files, `${table}.csv`)
    await direct.run(`COPY ${table} TO '${file}' (HEADER false, DELIMITER '|', QUOTE '')`)
    const { json } = await engine.load(table, readFileSync(file), { column_separator: '|' })
    assert.equal(json?.['Status'], 'Success', JSON.stringify(json))
  }
  assert.equal(tpchQueries.length, 22)
  for (const [index, sql] of tpchQueries.entries()) {
    const wanted = await (await direct.run(sql)).getRows()
    assert.ok(wanted.length > 0 && wanted[0]?.at(-1) !== null, `query ${index + 1} finds rows`)
    for (let times = 0; times < TIMES; times++) {
      const rows = await engine
        .query(`USE d; ${sql}`)
        .then((all) => all.at(-1) as unknown as unknown[][])
      assert.equal(rows.length, wanted.length, `rows of query ${index + 1}`)
      for (const [at, row] of rows.entries())
        isSame(row, wanted[at] ?? [], `query ${index + 1}, row ${at + 1}`)
    }
  }
})

/** Averages and quotients are DECIMAL with eight digits or more behind the point here, and DOUBLE in DuckDB. */
function isSame(row: readonly unknown[], wanted: readonly unknown[], where: string): void {
  assert.equal(row.length, wanted.length, where)
  for (const [at, value] of row.entries()) {
    const ours = value instanceof Date ? value.toISOString().slice(0, 10) : String(value)
    const theirs = String(wanted[at])
    if (ours === theirs) continue
    const [one, other] = [Number(ours), Number(theirs)]
    const near = Math.abs(one - other) <= Math.max(1e-8, 1e-9 * Math.abs(other))
    assert.ok(near, `${where}, column ${at + 1}: ${ours}, and ${theirs} in DuckDB`)
  }
}
