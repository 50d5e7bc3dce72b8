/** `emrys order`: purchases, and what can be done about them. */
import { Command, Option } from 'commander'
import type { OrderRow } from '../../admin/billing/order.ts'
import { clusterIds } from '../id.ts'
import {
  accountFilterCommand,
  change,
  listing,
  readRows,
  serverCommand,
  type Among,
} from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

const EXAMPLES = `
Examples:
  emrys order list --state unpaid              orders that await payment
  emrys order pay 123456789012345              pays it: its cluster is created
  emrys order cancel 123456789012345
  emrys order renew c-0104730e9de40215         one more term; a stopped cluster comes back
  emrys order refund c-0104730e9de40215        ends a subscription and refunds the rest`

export const clustersToName: Among<unknown> = {
  nouns: 'clusters',
  list: 'emrys clusters',
  ids: clusterIds,
}

export const ordersToName: Among<unknown> = {
  nouns: 'orders',
  list: 'emrys order list',
  ids: async (client) =>
    (await readRows<OrderRow>(client, 'orders', {})).map(({ order, kind, cluster }) => ({
      id: order,
      label: `${kind} ${cluster}`,
    })),
}

export function orderCommand(out: Terminal): Command {
  return new Command('order')
    .summary('manage orders')
    .description('Lists orders, pays and cancels them, renews and refunds subscriptions.')
    .addHelpText('afterAll', EXAMPLES)
    .addCommand(listCommand(out))
    .addCommand(orderVerb(out, 'pay', 'pay an unpaid order'))
    .addCommand(orderVerb(out, 'cancel', 'cancel an unpaid order'))
    .addCommand(clusterVerb(out, 'renew', "buy one more term of a cluster's subscription"))
    .addCommand(clusterVerb(out, 'refund', "end a cluster's subscription and refund the rest"))
}

function listCommand(out: Terminal): Command {
  const command = accountFilterCommand('list')
    .description('list orders, the latest first')
    .option('--cluster <id>', 'only those of one cluster')
    .addOption(new Option('--state <state>').choices(['unpaid', 'paid', 'cancelled', 'refunded']))
  return listing<OrderRow>(command, out, {
    page: 'orders',
    filters: ['account', 'cluster', 'state'],
    among: { cluster: clustersToName },
    none: 'no orders',
    columns: [
      { title: 'ORDER', text: (row) => row.order, whole: true },
      { title: 'KIND', text: (row) => row.kind },
      { title: 'STATE', text: (row) => row.state },
      { title: 'CLUSTER', text: (row) => row.cluster, whole: true },
      { title: 'TOTAL', text: totalText, whole: true },
      { title: 'UNTIL', text: (row) => row.until ?? '' },
    ],
  })
}

function totalText({ total, currency, months, used, kind }: OrderRow): string {
  if (months !== null || kind === 'refund') return `${total} ${currency}`
  return `${total} ${currency} an hour${used === null ? '' : `, ${used} so far`}`
}

function orderVerb(out: Terminal, verb: 'pay' | 'cancel', description: string): Command {
  const command = serverCommand(verb).description(description).argument('<id>', "the order's id")
  return orderChange(command, out, { among: ordersToName, page: (id) => `orders/${id}/${verb}` })
}

function clusterVerb(out: Terminal, verb: 'renew' | 'refund', description: string): Command {
  const command = serverCommand(verb).description(description).argument('<id>', "the cluster's id")
  return orderChange(command, out, {
    among: clustersToName,
    page: (id) => `clusters/${id}/${verb}`,
  })
}

interface OrderChange {
  readonly among: Among<unknown>
  readonly page: (id: string) => string
}

function orderChange(command: Command, out: Terminal, { among, page }: OrderChange): Command {
  return change(command, out, {
    among,
    page: (id) => page(encodeURIComponent(id)),
    body: () => ({}),
    result: (_id, { order, state, total, currency }: OrderRow) =>
      `order ${order}: ${state}, ${total} ${currency}`,
  })
}
