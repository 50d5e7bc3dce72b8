/** A statement that runs: what reading it needs, and the guarded way to DuckDB. */
import type { Property } from '../sql/ast.ts'
import type { Point } from '../sql/point-form.ts'
import type { Link } from '../storage/link.ts'
import type { ResourceGroupEntry } from '../catalog/resource-group.ts'
import type { Guard } from './guard.ts'
import type { TransactionSlot } from './open-transaction.ts'
import type { StatementContext } from './statement-context.ts'

export interface Execution extends StatementContext {
  /** Guarded: fails once the statement is cancelled. */
  readonly link: Link
  readonly guard: Guard
  /** The statement's own text. */
  readonly text: string
  readonly queryId: string
  /** The properties of each FILES() that the statement itself reads. */
  readonly fileLists?: readonly (readonly Property[])[]
  readonly transaction: TransactionSlot
  /** Of a query for one key. */
  readonly point?: Point | undefined
  /** Of those statements that are work for a warehouse. */
  readonly group?: ResourceGroupEntry
}
