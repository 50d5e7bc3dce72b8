/** `emrys order`: what was bought. */
import { Command, Option } from 'commander'
import type { OrderRow } from '../../admin/billing/order.ts'
import { adminClient } from '../admin-client.ts'
import { asks, asksAnyAccount, rowsOf, show, tell, type Shown } from '../identity/listing.ts'
import type { Terminal } from '../terminal.ts'

const EXAMPLES = `
Examples:
  emrys order list --state unpaid              what waits for its payment
  emrys order pay 123456789012345              pays it: its cluster is made
  emrys order cancel 123456789012345
  emrys order renew c-0104730e9de40215         one more term; a stopped cluster comes back
  emrys order refund c-0104730e9de40215        ends a subscription and pays back what is left`

interface ListOptions extends Shown {
  readonly account?: string
  readonly cluster?: string
  readonly state?: string
}

export function orderCommand(out: Terminal): Command {
  return new Command('order')
    .summary('what was bought')
    .description('Lists orders, pays and cancels them, renews subscriptions and gives them back.')
    .addHelpText('after', EXAMPLES)
    .addCommand(listCommand(out))
    .addCommand(verbCommand(out, 'pay', 'pay an unpaid order', (id) => `orders/${id}/pay`))
    .addCommand(verbCommand(out, 'cancel', 'cancel an unpaid order', (id) => `orders/${id}/cancel`))
    .addCommand(
      verbCommand(out, 'renew', "buy one more term of a cluster's subscription", (id) => {
        return `clusters/${id}/renew`
      }),
    )
    .addCommand(
      verbCommand(out, 'refund', "end a cluster's subscription and pay back the rest", (id) => {
        return `clusters/${id}/refund`
      }),
    )
}

function listCommand(out: Terminal): Command {
  return asksAnyAccount(new Command('list'))
    .description('list orders, the latest first')
    .option('--cluster <id>', 'only those of one cluster')
    .addOption(new Option('--state <state>').choices(['unpaid', 'paid', 'cancelled', 'refunded']))
    .action(async ({ account, cluster, state, ...options }: ListOptions) => {
      const filters = { account, cluster, state }
      show(out, await rowsOf<OrderRow>(adminClient(options), 'orders', filters), {
        json: options.json,
        none: 'no orders',
        columns: [
          { title: 'ORDER', text: (row) => row.order },
          { title: 'KIND', text: (row) => row.kind },
          { title: 'STATE', text: (row) => row.state },
          { title: 'CLUSTER', text: (row) => row.cluster },
          { title: 'TOTAL', text: totalText },
          { title: 'UNTIL', text: (row) => row.until ?? '' },
        ],
      })
    })
}

function totalText({ total, currency, months, used, kind }: OrderRow): string {
  if (months !== null || kind === 'refund') return `${total} ${currency}`
  return `${total} ${currency} an hour${used === null ? '' : `, ${used} so far`}`
}

function verbCommand(
  out: Terminal,
  verb: string,
  description: string,
  place: (id: string) => string,
): Command {
  return asks(new Command(verb))
    .description(description)
    .argument('<id>', verb === 'renew' || verb === 'refund' ? "the cluster's id" : "the order's id")
    .action(async (id: string, options: Shown) => {
      const page = place(encodeURIComponent(id))
      const value = (await adminClient(options).send('POST', page, {})) as OrderRow
      const { order, state, total, currency } = value
      tell(out, `order ${order}: ${state}, ${total} ${currency}`, { value, json: options.json })
    })
}
