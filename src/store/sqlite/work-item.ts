/** Work items of one SQLite connection. */
import { randomInt } from 'node:crypto'
import { statements } from '../statement.ts'
import type { WorkItem, WorkItemReader, WorkItemWriter } from '../work-item.ts'
import type { Connection } from './connection.ts'

export function workItemReader(connection: Connection): WorkItemReader {
  return {
    async unqueued(kind, states, limit) {
      const sql = statements.unqueued.replace('{states}', states.map(() => '?').join(', '))
      return connection.all(sql, [kind, ...states, limit]).map((row) => String(row['id']))
    },
  }
}

/** `randomInt` has 48 bits: enough that no two leases of an item share a token. */
const MAX_TOKEN = 2 ** 48 - 1

/** `announce` is called with the due time of whatever became free to be leased. */
export function workItemWriter(
  connection: Connection,
  announce: (dueMs: number) => void,
): WorkItemWriter {
  return {
    async enqueue(kind, id, dueMs) {
      connection.run(statements.enqueue, [kind, id, dueMs])
      announce(dueMs)
    },
    async lease({ nowMs, wallMs, leaseMs, limit }) {
      connection.run(statements.endPastLeases, [wallMs])
      const due = connection.all(statements.leasable, [nowMs, limit])
      if (due.length === 0) return []
      return due.map((row) => {
        const token = randomInt(1, MAX_TOKEN)
        const item = { ...row, token } as unknown as WorkItem
        connection.run(statements.lease, [wallMs + leaseMs, token, item.kind, item.id])
        return item
      })
    },
    async complete({ kind, id, version, token }) {
      if (connection.run(statements.complete, [kind, id, token, version]) > 0) return true
      // Enqueued again while it was leased: the item stays, free to be leased.
      const freed = connection.run(statements.endLease, [kind, id, token]) > 0
      if (freed) announce(0)
      return freed
    },
    async requeue({ kind, id, version, attempt, token }, dueMs, failed) {
      const values = [version, failed ? attempt + 1 : 0, version, dueMs, kind, id, token]
      if (connection.run(statements.requeue, values) === 0) return false
      announce(dueMs)
      return true
    },
  }
}
