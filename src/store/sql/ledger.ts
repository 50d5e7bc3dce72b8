/** The ledger: entries that are only added, and each account's sum, which is kept beside them in the same transaction. */
import type { Entry } from '../../domain/ledger.ts'
import { statements } from '../statement.ts'
import type { LedgerListing, LedgerReader, LedgerWriter, Posted } from '../ledger.ts'
import { Conflict } from '../port.ts'
import { answers, type SqlConnection } from './connection.ts'

export function ledgerReader(connection: SqlConnection): LedgerReader {
  return {
    balance: async (account) =>
      Number((await connection.first(statements.balance, [account]))?.['amount'] ?? 0),
    async ledger({ account, cluster, order, behindSeq, limit }: LedgerListing) {
      const given = Object.entries({ account, cluster, order_id: order }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      )
      const where = given.map(([column]) => ` and ${column} = ?`).join('')
      const sql = statements.ledger.replace('{where}', where)
      const from = behindSeq ?? Number.MAX_SAFE_INTEGER
      const values = [from, ...given.map(([, value]) => value), limit]
      return (await connection.all(sql, values)) as unknown as readonly Posted[]
    },
  }
}

export function ledgerWriter(connection: SqlConnection): LedgerWriter {
  return {
    async post(entries: readonly Entry[]) {
      for (const it of entries) {
        const { key, atMs, account, kind, amount, currency, order, cluster, text } = it
        if (await connection.first(statements.findEntry, [key]))
          throw new Conflict(`the ledger has an entry ${key}`)
        const row = [key, atMs, account, kind, amount, currency, order, cluster, text]
        await answers([
          connection.run(statements.addEntry, row),
          connection.run(statements.addToBalance, [account, amount]),
        ])
      }
    },
  }
}
