/**
 * BEGIN … COMMIT. As in StarRocks, a transaction holds INSERTs only, its own rows are not visible to it, and all of them
 * become visible together at COMMIT. Rows are staged when each INSERT runs; nothing is locked until COMMIT.
 * reference: StarRocks documentation, "SQL transaction".
 */
import type { Result } from '../session.ts'
import { SqlError } from '../session.ts'
import type { TableColumn, TableEntry } from './catalog.ts'
import { dataChanged } from './core.ts'
import { stillThere } from './resolve.ts'
import type { Run } from './run.ts'
import type { Staged } from './stage.ts'
import { done } from './statement-run.ts'
import { scopeOf } from './statement-scope.ts'
import { writeRows } from './write-rows.ts'

export interface PendingInsert {
  readonly table: TableEntry
  readonly staged: Staged
  readonly columns: readonly TableColumn[]
}

export interface OpenTransaction {
  readonly id: number
  readonly label: string
  readonly pending: PendingInsert[]
}

/** INSERTs of one transaction; each holds a temporary table. */
const PENDING_MAX = 1000

export async function begin(run: Run, label: string | undefined): Promise<Result> {
  // As in MySQL, BEGIN inside a transaction commits the open one.
  if (run.transaction.open) await commit(run)
  const id = run.core.labels.newId()
  const chosen = label ?? `txn_insert_${run.queryId}`
  run.transaction.open = { id, label: chosen, pending: [] }
  return done(0, transactionInfo(chosen, 'PREPARE', id))
}

export function addPending(open: OpenTransaction, insert: PendingInsert): void {
  if (open.pending.length >= PENDING_MAX) {
    throw new SqlError(`A transaction holds at most ${PENDING_MAX} INSERT statements`)
  }
  open.pending.push(insert)
}

export async function commit(run: Run): Promise<Result> {
  const open = run.transaction.open
  if (!open) return done()
  run.transaction.open = undefined
  const { core, link } = run
  try {
    if (open.pending.length > 0) {
      await core.store.change(link, async (draft) => {
        for (const insert of open.pending) {
          const table = stillThere(draft.catalog, insert.table)
          const scope = scopeOf(run, { catalog: draft.catalog, trusted: true })
          const source = insert.staged.accepted
          await writeRows({ core, link, draft, table, source, columns: insert.columns, scope })
        }
      })
      dataChanged(core, [...new Set(open.pending.map((insert) => insert.table.id))])
    }
  } finally {
    await dropPending(open)
  }
  return done(0, transactionInfo(open.label, 'VISIBLE', open.id))
}

export async function rollback(run: Run): Promise<Result> {
  const open = run.transaction.open
  if (!open) return done()
  run.transaction.open = undefined
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
export function refuseInTransaction(run: Run, kind: string): void {
  if (!run.transaction.open) return
  throw new SqlError(
    `Explicit transaction only support begin, commit, rollback, insert and select statements; '${kind}' is none of them`,
    5303,
    '25P01',
  )
}
