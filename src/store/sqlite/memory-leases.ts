/**
 * Leases of the embedded store. They are in memory alone: one process owns the file, so that a lease would be of nobody once it has ended, and a
 * lease that is not written down is no commit. Work items themselves are rows.
 */
import { randomInt } from 'node:crypto'
import { statements } from '../statement.ts'
import { keyOf, MAX_TOKEN, type Announce, type Leases } from '../sql/work-item.ts'
import type { WorkItem } from '../work-item.ts'
import type { Connection } from './connection.ts'

export interface MemoryLeases extends Leases {
  /** The batch counts. */
  kept(): void
  /** When the first work is due that nobody holds, of what `reading` sees. */
  nextDueMs(reading: Connection): number | undefined
  /** When the first lease ends. */
  nextEndMs(): number | undefined
}

interface Lease {
  readonly token: number
  readonly untilMs: number
}

export function memoryLeases(connection: Connection, announce: Announce): MemoryLeases {
  const held = new Map<string, Lease>()
  /** What there was before, of each change of this batch. */
  let log: (readonly [key: string, before: Lease | undefined])[] = []
  let marked = 0
  const set = (key: string, lease: Lease | undefined) => {
    log.push([key, held.get(key)])
    put(key, lease)
  }
  const put = (key: string, lease: Lease | undefined) => {
    if (lease) held.set(key, lease)
    else held.delete(key)
  }
  const undoTo = (length: number) => {
    for (const [key, before] of log.splice(length).toReversed()) put(key, before)
  }
  const isHeldBy = ({ kind, id, token }: WorkItem) => held.get(keyOf(kind, id))?.token === token
  return {
    async lease({ nowMs, wallMs, leaseMs, limit, noneEnded = false }) {
      if (!noneEnded)
        for (const [key, { untilMs }] of held) if (untilMs <= wallMs) set(key, undefined)
      const rows = connection.all(statements.due, [nowMs, limit + held.size])
      const free = rows.filter((row) => !held.has(keyOf(row['kind'], row['id']))).slice(0, limit)
      const before = randomInt(MAX_TOKEN)
      return free.map((row, at) => {
        const token = before + at + 1
        set(keyOf(row['kind'], row['id']), { token, untilMs: wallMs + leaseMs })
        return { ...row, token } as unknown as WorkItem
      })
    },
    async complete(item) {
      if (!isHeldBy(item)) return false
      const { kind, id, version } = item
      set(keyOf(kind, id), undefined)
      if (connection.run(statements.drop, [kind, id, version]) > 0) return true
      // Enqueued again while it was leased: the item stays, free to be leased.
      announce(0)
      return true
    },
    async requeue(item, dueMs, failed) {
      if (!isHeldBy(item)) return false
      const { kind, id, version, attempt } = item
      set(keyOf(kind, id), undefined)
      const values = [version, failed ? attempt + 1 : 0, version, dueMs, kind, id]
      connection.run(statements.putOff, values)
      announce(dueMs)
      return true
    },
    clear() {
      for (const key of held.keys()) set(key, undefined)
    },
    begin: () => undoTo(0),
    mark() {
      marked = log.length
    },
    undo: () => undoTo(marked),
    kept() {
      log = []
    },
    nextDueMs(reading) {
      const rows = reading.all(statements.firstDue, [held.size + 1])
      const first = rows.find((row) => !held.has(keyOf(row['kind'], row['id'])))
      return first && Number(first['due'])
    },
    nextEndMs() {
      if (held.size === 0) return undefined
      return Math.min(...[...held.values()].map(({ untilMs }) => untilMs))
    },
  }
}
