/** Work items of one connection. */
import { randomInt } from 'node:crypto'
import { statements } from '../statement.ts'
import type { WorkItem, WorkItemReader, WorkItemWriter } from '../work-item.ts'
import { answers, type SqlConnection } from './connection.ts'

export function workItemReader(connection: SqlConnection): WorkItemReader {
  return {
    async unqueued(kind, states, limit) {
      const sql = statements.unqueued.replace('{states}', states.map(() => '?').join(', '))
      const rows = await connection.all(sql, [kind, ...states, limit])
      return rows.map((row) => String(row['id']))
    },
  }
}

/** `randomInt` has 48 bits: enough that no two leases share a token. */
const MAX_TOKEN = 2 ** 48 - 1

/** `announce` is called with the due time of whatever became free to be leased. */
export function workItemWriter(
  connection: SqlConnection,
  announce: (dueMs: number) => void,
): WorkItemWriter {
  return {
    async enqueue(kind, id, dueMs) {
      await connection.run(statements.enqueue, [kind, id, dueMs])
      announce(dueMs)
    },
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
