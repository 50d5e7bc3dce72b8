/** Orders of every account: `/_emrys/orders`; and renewing and refunding what they bought. */
import type { Billing } from '../../app/billing/billing.ts'
import { amountText } from '../../domain/money.ts'
import {
  listPrice,
  orderLifecycle,
  total,
  type Order,
  type OrderState,
} from '../../domain/order.ts'
import { listed, sliceOf, sliceQuery } from '../identity/answer.ts'
import { AdminProblem, timeOf, type Page } from '../page.ts'
import { page } from './answer.ts'

export interface OrderRow {
  readonly order: string
  readonly account: string
  readonly cluster: string
  readonly kind: Order['kind']
  readonly state: OrderState
  /** Of pay as you go: by the hour. */
  readonly listPrice: string
  readonly discount: string
  readonly total: string
  readonly currency: string
  readonly coupon: string | null
  readonly months: number | null
  readonly from: string | null
  readonly until: string | null
  /** Of pay as you go: what was charged so far, less discounts. */
  readonly used: string | null
  readonly deadline: string | null
  readonly created: string
  readonly items: readonly { readonly name: string; readonly amount: string }[]
}

export function orderPages({ orders }: Billing): readonly Page[] {
  return [
    page('GET', 'orders', {
      does: 'the orders of every account, newest first',
      query: ['account', 'cluster', 'state', ...sliceQuery],
      async answer(request) {
        const states = request.query.getAll('state')
        if (states.some((state) => !orderLifecycle.states.includes(state as OrderState)))
          throw new AdminProblem(`state must be one of ${orderLifecycle.states.join(', ')}`)
        const slice = sliceOf(request)
        const parent = request.query.get('cluster')
        const found = await orders.list({
          ...slice,
          account: request.query.get('account') ?? undefined,
          ...(parent === null ? {} : { parent }),
          ...(states.length === 0 ? {} : { states }),
        })
        return listed(found, slice, rowOf)
      },
    }),
    page('POST', 'orders/{name}/pay', {
      does: 'pays an unpaid order, which starts its cluster',
      answer: async ({ name }) => rowOf(await orders.pay(name)),
    }),
    page('POST', 'orders/{name}/cancel', {
      does: 'cancels an unpaid order, and its cluster with it',
      answer: async ({ name }) => rowOf(await orders.cancel(name)),
    }),
    page('POST', 'clusters/{name}/renew', {
      does: 'buys one more term for a subscription; a stopped cluster comes back',
      answer: async ({ name }) => rowOf(await orders.renew(name)),
    }),
    page('POST', 'clusters/{name}/refund', {
      does: 'ends a subscription, pays back what is left of it and releases the cluster',
      answer: async ({ name }) => rowOf(await orders.refund(name)),
    }),
  ]
}

function rowOf(it: Order): OrderRow {
  const time = (ms: number | undefined) => (ms === undefined ? null : timeOf(ms))
  return {
    order: it.id,
    account: it.account,
    cluster: it.cluster,
    kind: it.kind,
    state: it.state,
    listPrice: amountText(listPrice(it)),
    discount: amountText(it.discount),
    total: amountText(total(it)),
    currency: it.currency,
    coupon: it.coupon ?? null,
    months: it.months ?? null,
    from: time(it.period?.fromMs),
    until: time(it.period?.untilMs),
    used: it.usage ? amountText(it.usage.charged - it.usage.discounted) : null,
    deadline: it.state === 'unpaid' ? time(it.deadlineMs) : null,
    created: timeOf(it.createdMs),
    items: it.items.map(({ name, amount }) => ({ name, amount: amountText(amount) })),
  }
}
