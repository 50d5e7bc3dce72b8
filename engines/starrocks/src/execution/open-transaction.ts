/** What a session's open transaction holds between its statements. */
import type { TableColumn, TableEntry } from '../catalog/catalog.ts'

export interface StagedRows {
  /** A FROM item of the accepted rows. */
  readonly accepted: string
  readonly table: string
  readonly total: number
  readonly filtered: number
  /** The first reasons, with the row's number in the batch. */
  readonly reasons: readonly string[]
  drop(): Promise<void>
}

export interface PendingInsert {
  readonly table: TableEntry
  readonly staged: StagedRows
  readonly columns: readonly TableColumn[]
}

export interface OpenTransaction {
  readonly id: number
  readonly label: string
  readonly pending: PendingInsert[]
  /** Its rows went with a connection that was left to itself: it can only be rolled back. */
  isLost?: boolean
}

/** BEGIN … COMMIT of a session: at most one at a time. */
export interface TransactionSlot {
  open: OpenTransaction | undefined
}
