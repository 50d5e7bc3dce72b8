/**
 * BEGIN … COMMIT. As in StarRocks, a transaction holds INSERTs only, its own rows are not visible to it, and all of them
 * become visible together at COMMIT. Rows are staged when each INSERT runs; nothing is locked until COMMIT.
 * reference: StarRocks documentation, "SQL transaction".
 */
import type { Result } from '../session.ts'
import { SqlError } from '../session.ts'
import { dataChanged } from '../execution/engine-context.ts'
import { stillThere } from '../catalog/lookup.ts'
import type { Execution } from '../execution/execution.ts'
import { done } from '../execution/result.ts'
import type { TableEntry } from '../catalog/catalog.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { scopeOf } from '../resolution/statement-scope.ts'
import { writeRows } from './write-rows.ts'
import type { OpenTransaction, PendingInsert } from '../execution/open-transaction.ts'

/** INSERTs of one transaction; each holds a temporary table. */
const PENDING_MAX = 1000

export async function begin(execution: Execution, label: string | undefined): Promise<Result> {
  // As in MySQL, BEGIN inside a transaction commits the open one.
  if (execution.transaction.open) await commit(execution)
  const id = execution.engine.labels.newId()
  const chosen = label ?? `txn_insert_${execution.queryId}`
  execution.transaction.open = { id, label: chosen, pending: [] }
  return done(0, transactionInfo(chosen, 'PREPARE', id))
}

export function addPending(open: OpenTransaction, insert: PendingInsert): void {
  if (open.pending.length >= PENDING_MAX) {
    throw new SqlError(`A transaction holds at most ${PENDING_MAX} INSERT statements`)
  }
  open.pending.push(insert)
}

/** What a transaction has changed it does not see, so it may not read it either. reference: StarRocks 3.5, ErrorCode. */
export const refuseChanged =
  ({ transaction }: Execution) =>
  ({ id }: { readonly id: number }): void => {
    if (transaction.open?.pending.some(({ table }) => table.id === id))
      throw new SqlError(
        'NOT allowed to read or write tables that have been subjected to DML operations before',
        5303,
        '25P01',
      )
  }

/** All rows of a transaction are written by one of DuckDB's. */
export function refuseOtherPlace({ pending }: OpenTransaction, { volume }: TableEntry): void {
  if (pending.some(({ table }) => table.volume !== volume))
    throw unsupportedByEngine('A transaction with tables of several storage volumes')
}

export async function commit(execution: Execution): Promise<Result> {
  const open = execution.transaction.open
  if (!open) return done()
  execution.transaction.open = undefined
  const { engine, link } = execution
  if (open.isLost)
    throw new SqlError('The transaction was rolled back when a statement of it was given up')
  try {
    if (open.pending.length > 0) {
      await engine.store.change(link, async (draft) => {
        for (const insert of open.pending) {
          const table = stillThere(draft.catalog, insert.table)
          const scope = scopeOf(execution, { catalog: draft.catalog, trusted: true })
          const source = insert.staged.accepted
          await writeRows({ engine, link, draft, table, source, columns: insert.columns, scope })
        }
      })
      dataChanged(engine, [...new Set(open.pending.map((insert) => insert.table.id))])
    }
  } finally {
    await dropPending(open)
  }
  return done(0, transactionInfo(open.label, 'VISIBLE', open.id))
}

export async function rollback(execution: Execution): Promise<Result> {
  const open = execution.transaction.open
  if (!open) return done()
  execution.transaction.open = undefined
  await dropPending(open)
  return done(0, transactionInfo(open.label, 'ABORTED', open.id))
}

export async function dropPending(open: OpenTransaction): Promise<void> {
  for (const insert of open.pending) await insert.staged.drop().catch(() => undefined)
}

/** What StarRocks puts into the OK packet of a load. */
export function transactionInfo(label: string, status: string, id: number): string {
  return `{'label':'${label}', 'status':'${status}', 'txnId':'${id}'}`
}

/** Statements that may run between BEGIN and COMMIT. */
export function refuseInTransaction(execution: Execution, kind: string): void {
  if (!execution.transaction.open) return
  throw new SqlError(
    `Explicit transaction only support begin, commit, rollback, insert and select statements; '${kind}' is none of them`,
    5303,
    '25P01',
  )
}
