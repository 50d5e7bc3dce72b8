/** `emrys funds` and `emrys ledger`: what accounts have, and how it came to that. */
import { Command } from 'commander'
import type { EntryRow, FundsRow } from '../../admin/billing/fund.ts'
import { adminClient } from '../admin-client.ts'
import { asks, asksAnyAccount, rowsOf, show, showFacts, type Shown } from '../identity/listing.ts'
import type { Terminal } from '../terminal.ts'

const EXAMPLES = `
Examples:
  emrys funds 1000000000000001                                   what it has and owes
  emrys funds 1000000000000001 --credit 0                        it may spend what it has, and no more
  emrys funds 1000000000000001 --pay 500.00 --reference may      money comes in; a reference is taken once
  emrys funds 1000000000000001 --credit unlimited                as it was in the beginning`

interface FundsOptions extends Shown {
  readonly credit?: string
  readonly pay?: string
  readonly reference?: string
}

export function fundsCommand(out: Terminal): Command {
  return asks(new Command('funds'))
    .summary('what an account has')
    .description('Tells what an account has, takes a payment, or bounds what it may owe.')
    .argument('<account>')
    .option('--credit <amount>', 'how much it may owe, or `unlimited`')
    .option('--pay <amount>', 'a payment into it')
    .option('--reference <text>', 'of the payment; the same one is not taken twice')
    .addHelpText('after', EXAMPLES)
    .action(async (account: string, { credit, pay, reference, ...options }: FundsOptions) => {
      const client = adminClient(options)
      const page = `funds/${encodeURIComponent(account)}`
      if (credit !== undefined) await client.send('PUT', page, { credit })
      if (pay !== undefined) await client.send('POST', `${page}/pay`, { amount: pay, reference })
      const value = (await client.ask(page)) as FundsRow
      const { balance, accrued } = value
      const facts = { account, balance, credit: value.credit ?? 'unlimited', accrued }
      showFacts(out, facts, { value, json: options.json })
    })
}

interface LedgerOptions extends Shown {
  readonly account?: string
  readonly cluster?: string
  readonly order?: string
}

export function ledgerCommand(out: Terminal): Command {
  return asksAnyAccount(new Command('ledger'))
    .summary('every movement of money')
    .description('Lists every movement of money, the latest first.')
    .option('--cluster <id>', 'only those of one cluster')
    .option('--order <id>', 'only those of one order')
    .action(async ({ account, cluster, order, ...options }: LedgerOptions) => {
      const filters = { account, cluster, order }
      show(out, await rowsOf<EntryRow>(adminClient(options), 'ledger', filters), {
        json: options.json,
        none: 'no movements',
        columns: [
          { title: 'AT', text: (row) => row.at },
          { title: 'ACCOUNT', text: (row) => row.account },
          { title: 'KIND', text: (row) => row.kind },
          { title: 'AMOUNT', text: (row) => `${row.amount} ${row.currency}` },
          { title: 'CLUSTER', text: (row) => row.cluster },
          { title: 'WHAT', text: (row) => row.text },
        ],
      })
    })
}
