/** Work items of one connection, and leases that stand in the database beside them. */
import { randomInt } from 'node:crypto'
import { forRows, portionsOf, statements, unqueuedSql } from '../statement.ts'
import type { WorkItem, WorkItemReader, WorkItemWriter } from '../work-item.ts'
import { answers, type SqlConnection, type Value } from './connection.ts'
import type { LateWrites } from './late-writes.ts'

export function workItemReader(connection: SqlConnection): WorkItemReader {
  return {
    async unqueued(kind, states, limit) {
      const rows = await connection.all(unqueuedSql(states), [kind, ...states, limit])
      return rows.map((row) => String(row['id']))
    },
  }
}

/** What is enqueued is written down once for all units of a batch. */
export interface WorkItemBuffer extends WorkItemReader, WorkItemWriter, LateWrites {}

/** The part of the port that is about leases. */
export interface Leases extends Pick<WorkItemWriter, 'lease' | 'complete' | 'requeue'> {
  /** A batch begins, or begins again: what was done since the last one that was kept is undone. */
  begin(): void
  /** What was done up to now is kept when what follows is undone. */
  mark(): void
  /** What was done since the mark is undone. */
  undo(): void
  /** Every item is gone. */
  clear(): void
}

/** Called with the due time of whatever became free to be leased. */
export type Announce = (dueMs: number) => void

export function workItemBuffer(
  connection: SqlConnection,
  { leases, announce }: { readonly leases: Leases; readonly announce: Announce },
): WorkItemBuffer {
  const { unqueued } = workItemReader(connection)
  let waiting: Enqueued[] = []
  let marked: readonly Enqueued[] = []
  const flush = async () => {
    // Enqueued twice, an item is due when it was said last.
    const all = [...new Map(waiting.map(({ key, row }) => [key, row])).values()]
    waiting = []
    for (const rows of portionsOf(all))
      await connection.run(forRows(statements.enqueue, rows), rows.flat())
  }
  /** Nothing of the item itself waits. */
  const settled = async ({ kind, id }: WorkItem) => {
    const key = keyOf(kind, id)
    if (waiting.some((each) => each.key === key)) await flush()
  }
  return {
    async unqueued(...request) {
      await flush()
      return unqueued(...request)
    },
    async enqueue(kind, id, dueMs) {
      waiting.push({ key: keyOf(kind, id), row: [kind, id, 1, 0, dueMs, 0, 0] })
      announce(dueMs)
    },
    async lease(request) {
      await flush()
      return leases.lease(request)
    },
    async complete(item) {
      await settled(item)
      return leases.complete(item)
    },
    async requeue(item, dueMs, failed) {
      await settled(item)
      return leases.requeue(item, dueMs, failed)
    },
    flush,
    mark() {
      marked = [...waiting]
    },
    undo() {
      waiting = [...marked]
    },
    clear() {
      waiting = []
    },
  }
}

interface Enqueued {
  readonly key: string
  readonly row: readonly Value[]
}

export function keyOf(kind: unknown, id: unknown): string {
  return `${String(kind)}/${String(id)}`
}

/** `randomInt` has 48 bits: enough that no two leases share a token. */
export const MAX_TOKEN = 2 ** 48 - 1

/** Of several servers, none of which knows what the others hold. */
export function storedLeases(connection: SqlConnection, announce: Announce): Leases {
  return {
    // They go with their rows.
    begin() {},
    mark() {},
    undo() {},
    clear() {},
    async lease({ nowMs, wallMs, leaseMs, limit, noneEnded = false }) {
      const before = randomInt(MAX_TOKEN)
      const [, rows] = await answers([
        noneEnded ? 0 : connection.run(statements.endPastLeases, [wallMs]),
        connection.all(statements.lease, [nowMs, limit, wallMs + leaseMs, before]),
      ])
      // What an update returns has no order; the longest overdue has the first token.
      return (rows as unknown as readonly WorkItem[]).toSorted((a, b) => a.token - b.token)
    },
    async complete({ kind, id, version, token }) {
      const completed = await connection.run(statements.complete, [kind, id, token, version])
      if (completed > 0) return true
      // Enqueued again while it was leased: the item stays, free to be leased.
      const freed = (await connection.run(statements.endLease, [kind, id, token])) > 0
      if (freed) announce(0)
      return freed
    },
    async requeue({ kind, id, version, attempt, token }, dueMs, failed) {
      const values = [version, failed ? attempt + 1 : 0, version, dueMs, kind, id, token]
      if ((await connection.run(statements.requeue, values)) === 0) return false
      announce(dueMs)
      return true
    },
  }
}
