/** What an account can spend, as it stands in a transaction. Most accounts are without a bound: then nothing is summed up. */
import type { Funds } from '../domain/ledger.ts'
import type { Reader } from '../store/port.ts'

export async function fundsOf(tx: Reader, account: string): Promise<Funds> {
  const credit = (await tx.find('wallet', account, account))?.document.credit ?? null
  return { credit, balance: credit === null ? 0 : await tx.balance(account) }
}
