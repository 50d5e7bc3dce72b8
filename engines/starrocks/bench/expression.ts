/**
 * Expressions that are translated to something else than DuckDB's own: how much longer they take, in turns on the same engine; and
 * how long a condition of thousands of terms takes to be planned.
 */
import type { Connection } from 'mysql2/promise'
import type { EngineChild } from './engine-child.ts'
import { median, report } from './report.ts'

const ROWS = 1_000_000
const PAIRS = 2_000
const ROUNDS = 5

/** StarRocks' function, and the one of the same cost that is passed on as it is. */
const beside = [
  ['max(lower(concat(v, k)))', 'max(lower_utf8(concat(v, k)))'],
  ['max(upper(concat(v, k)))', 'max(upper_utf8(concat(v, k)))'],
] as const

export async function expressions(engine: EngineChild): Promise<void> {
  const client = await engine.connect()
  try {
    await client.query(
      `CREATE DATABASE expression; USE expression;
       CREATE TABLE t (k INT, v VARCHAR(32)) DUPLICATE KEY (k) DISTRIBUTED BY HASH (k);
       INSERT INTO t SELECT g, concat('Some Text ', g) FROM TABLE(generate_series(1, ${ROWS})) s (g);
       CREATE TABLE pair (a VARCHAR(32), b VARCHAR(32)) DUPLICATE KEY (a) DISTRIBUTED BY HASH (a)`,
    )
    for (const [ours, own] of beside) await compare(client, ours, own)
    const terms = Array.from({ length: PAIRS }, (_, at) => `(a = '${at}' AND b = '${at}')`)
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round++)
      times.push(await timed(client, `SELECT a FROM pair WHERE ${terms.join(' OR ')}`))
    report({
      what: `An OR of ${PAIRS} pairs on an empty table`,
      found: `${median(times).toFixed(0)} ms (slowest ${Math.max(...times).toFixed(0)})`,
      aim: 'under 1 s',
    })
  } finally {
    client.destroy()
  }
}

async function compare(client: Connection, ours: string, own: string): Promise<void> {
  const times: Record<'ours' | 'own', number[]> = { ours: [], own: [] }
  for (let round = 0; round < ROUNDS; round++) {
    times.ours.push(await timed(client, `SELECT ${ours} FROM t`))
    times.own.push(await timed(client, `SELECT ${own} FROM t`))
  }
  const ratio = median(times.ours) / median(times.own)
  report({
    what: `\`${ours}\`, ${ROWS} rows`,
    found: `${median(times.ours).toFixed(0)} ms, ${ratio.toFixed(2)} of \`${own}\``,
    aim: 'at most 1.5',
  })
}

async function timed(client: Connection, sql: string): Promise<number> {
  const startedMs = performance.now()
  await client.query(sql)
  return performance.now() - startedMs
}
