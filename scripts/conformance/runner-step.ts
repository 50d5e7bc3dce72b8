/** `function:` steps, which call the suite's own runner: those that only wait are done here, the others look into StarRocks' plans. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from './client.ts'

/** Why a step does not apply; undefined when it is a wait. */
export function runnerOnly(call: string): string | undefined {
  if (/^wait_(refresh_dictionary|global_dict|for_pipe|analyze|compaction)/.test(call))
    return 'the inside of a StarRocks cluster'
  if (/^wait_|^assert_table_partitions_num/.test(call)) return undefined
  if (/hit_materialized_view/.test(call)) return 'query rewriting to materialized views'
  if (/explain|trace|assert_equal_result|cardinality/.test(call)) return 'texts of plans'
  return 'the inside of a StarRocks cluster'
}

/** Waits until no refresh is running. Other changes of the engine are done when they are answered. */
export async function waitFor(client: Client, call: string, timeoutMs: number): Promise<void> {
  if (!/materialized_view|mv_refresh/.test(call)) return
  const until = performance.now() + Math.min(timeoutMs, WAIT_MS_MAX)
  const database = /\(\s*["']([^"']+)["']/.exec(call)?.[1]
  const where =
    database === undefined ? 'TABLE_SCHEMA = database()' : `TABLE_SCHEMA = '${database}'`
  const sql =
    `SELECT count(*) FROM information_schema.materialized_views WHERE ${where}` +
    ` AND IS_ACTIVE = 'true' AND REFRESH_TYPE = 'ASYNC' AND coalesce(LAST_REFRESH_STATE, '') NOT IN ('SUCCESS', 'MERGED')`
  for (;;) {
    const { text } = await client.ask(sql, timeoutMs)
    if (text === '0' || text.startsWith('E: ') || performance.now() > until) return
    await sleep(250)
  }
}

const WAIT_MS_MAX = 8000
