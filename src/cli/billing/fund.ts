/** `emrys funds` and `emrys ledger`: balances of accounts, and the movements behind them. */
import type { Command } from 'commander'
import type { EntryRow, FundsRow } from '../../admin/billing/fund.ts'
import { adminClient } from '../admin-client.ts'
import { accountsToName } from '../identity/account.ts'
import { printFacts } from '../output.ts'
import {
  accountFilterCommand,
  listing,
  meant,
  serverCommand,
  type OutputOptions,
} from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'
import { clustersToName, ordersToName } from './order.ts'

const EXAMPLES = `
Examples:
  emrys funds 1000000000000001                                   its balance and what it owes
  emrys funds 1000000000000001 --credit 0                        it may spend its balance, and no more
  emrys funds 1000000000000001 --pay 500.00 --reference may      records a payment; each reference counts once
  emrys funds 1000000000000001 --credit unlimited                the default again`

const LEDGER_EXAMPLES = `
Examples (EMRYS_ACCOUNT can stand for --account):
  emrys ledger --account 1000000000000001                        what it was charged, paid and refunded
  emrys ledger --cluster c-76a                                   of one cluster; as much of its id as is unique will do
  emrys ledger --json | jq -r 'select(.kind == "charge") | .amount'`

interface FundsOptions extends OutputOptions {
  readonly credit?: string
  readonly pay?: string
  readonly reference?: string
}

export function fundsCommand(out: Terminal): Command {
  return serverCommand('funds')
    .summary('the balance of an account')
    .description('Shows the balance of an account, records a payment, or sets its credit limit.')
    .argument('<account>')
    .option('--credit <amount>', 'how much it may owe, or `unlimited`')
    .option('--pay <amount>', 'a payment into it')
    .option('--reference <text>', 'of the payment; a payment with the same one counts once')
    .addHelpText('after', EXAMPLES)
    .action(async (typed: string, { credit, pay, reference, ...options }: FundsOptions) => {
      const client = adminClient(options)
      const account = await meant(typed, accountsToName, { client, options })
      const page = `funds/${encodeURIComponent(account)}`
      if (credit !== undefined) await client.send('PUT', page, { credit })
      if (pay !== undefined) await client.send('POST', `${page}/pay`, { amount: pay, reference })
      const value = (await client.get(page)) as FundsRow
      const { balance, accrued } = value
      const facts = { account, balance, credit: value.credit ?? 'unlimited', accrued }
      printFacts(out, facts, { value, json: options.json })
    })
}

export function ledgerCommand(out: Terminal): Command {
  const command = accountFilterCommand('ledger')
    .summary('every movement of money')
    .description('Lists every movement of money, the latest first.')
    .option('--cluster <id>', 'only those of one cluster')
    .option('--order <id>', 'only those of one order')
    .addHelpText('after', LEDGER_EXAMPLES)
  return listing<EntryRow>(command, out, {
    page: 'ledger',
    filters: ['account', 'cluster', 'order'],
    among: { cluster: clustersToName, order: ordersToName },
    none: 'no movements',
    columns: [
      { title: 'AT', text: (row) => row.at },
      { title: 'ACCOUNT', text: (row) => row.account, whole: true },
      { title: 'KIND', text: (row) => row.kind },
      { title: 'AMOUNT', text: (row) => `${row.amount} ${row.currency}`, whole: true },
      { title: 'CLUSTER', text: (row) => row.cluster, whole: true },
      { title: 'WHAT', text: (row) => row.text },
    ],
  })
}
