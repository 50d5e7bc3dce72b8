/** The ledger: entries that are only added, and the sum of each account's. */
import type { Entry } from '../domain/ledger.ts'

/** The latest first; a member that is left out is any. */
export interface LedgerListing {
  readonly account?: string
  readonly cluster?: string
  readonly order?: string
  /** Start behind this entry of an earlier page. */
  readonly behindSeq?: number
  readonly limit: number
}

export type Posted = Entry & { readonly seq: number }

export interface LedgerReader {
  /** The sum of the account's entries. */
  balance(account: string): Promise<number>
  ledger(listing: LedgerListing): Promise<readonly Posted[]>
}

export interface LedgerWriter {
  /** Throws Conflict when the ledger has an entry of the same key. */
  post(entries: readonly Entry[]): Promise<void>
}
