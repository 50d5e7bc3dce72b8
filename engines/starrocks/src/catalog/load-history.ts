/**
 * Loads that no label keeps: statements that wrote rows, and loads that failed. Kept in memory, the last ones only, as nothing but lists of
 * loads asks for them; beside them what was wrong with the rows of any load.
 */
import type { LoadRecord } from './label-registry.ts'

export interface LoadHistory {
  /** Oldest first. */
  list(): readonly LoadRecord[]
  add(record: LoadRecord): void
  /** What was wrong with rows of this load; nothing is kept of an empty list. */
  keepReasons(id: number, reasons: readonly string[]): void
  reasonsOf(id: number): readonly string[]
}

/** StarRocks: label_keep_max_num, there for each database. */
const RECORDS_MAX = 1000
/** 50 reasons of a kilobyte each at most: 5 MiB. */
const REASONED_MAX = 100
const REASON_MAX = 1024

export function loadHistory(): LoadHistory {
  const records: LoadRecord[] = []
  const reasons = new Map<number, readonly string[]>()
  return {
    list: () => records,
    add(record) {
      records.push({ ...record, message: record.message.slice(0, REASON_MAX) })
      if (records.length > RECORDS_MAX) records.shift()
    },
    keepReasons(id, found) {
      if (found.length === 0) return
      reasons.set(
        id,
        found.map((reason) => reason.slice(0, REASON_MAX)),
      )
      const [oldest] = reasons.keys()
      if (reasons.size > REASONED_MAX && oldest !== undefined) reasons.delete(oldest)
    },
    reasonsOf: (id) => reasons.get(id) ?? [],
  }
}
