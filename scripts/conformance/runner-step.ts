/** `function:` steps, which call the suite's own runner: those that only wait are done here, the others look into StarRocks' plans. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Step } from './case-file.ts'
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

/** Whether a step that does not apply would have changed something, which is missing from there on. */
export function leavesOut({ kind }: Step, statement: string): boolean {
  if (kind === 'function') return statement.startsWith('prepare_data')
  if (kind === 'block')
    return statement.split('\n').some((line) => line.startsWith('shell: ') || isChange(line))
  return kind === 'shell' || isChange(statement) || /^\s*admin enable failpoint\b/i.test(statement)
}

export const isChange = (statement: string): boolean =>
  /^\s*(\/\*.*?\*\/\s*)?(create|alter|drop|insert|update|delete|truncate|load|use|set|refresh|submit|grant|revoke|execute|prepare|begin|commit)\b/is.test(
    statement,
  )

/**
 * Waits until the view that is named was refreshed and no view of its database has been for a while: one refresh makes the next one
 * begin. Other changes of the engine are done when they are answered.
 */
export async function waitFor(client: Client, call: string, timeoutMs: number): Promise<void> {
  if (!/materialized_view|mv_refresh/.test(call)) return
  const until = performance.now() + Math.min(timeoutMs, WAIT_MS_MAX)
  const [database, view] = [...call.matchAll(/["']([^"']*)["']/g)].map((found) => found[1] ?? '')
  const sql =
    `SELECT count(if(TABLE_NAME = '${view ?? ''}' AND coalesce(LAST_REFRESH_STATE, '') NOT IN ('SUCCESS', 'MERGED'), 1, NULL)),` +
    ` max(LAST_REFRESH_FINISHED_TIME) FROM information_schema.materialized_views WHERE TABLE_SCHEMA = '${database ?? ''}'`
  let seen = ''
  let quietSince = performance.now()
  for (;;) {
    const { text } = await client.ask(sql, timeoutMs)
    if (text !== seen) quietSince = performance.now()
    seen = text
    const quiet = performance.now() - quietSince > QUIET_MS
    if (text.startsWith('E: ') || performance.now() > until) return
    if (quiet && text.startsWith('0\t')) return
    await sleep(250)
  }
}

/** Longer than the engine waits before it follows a change. */
const QUIET_MS = 1600
const WAIT_MS_MAX = 12_000
