/** An order: what was bought, for how much. Amounts are whole ten-thousandths of the currency, so that sums are exact. */

export interface OrderItem {
  readonly name: string
  readonly amount: number
}

export interface Order {
  readonly id: string
  readonly account: string
  readonly cluster: string
  readonly kind: 'buy' | 'renew' | 'change' | 'refund'
  readonly state: 'unpaid' | 'paid' | 'cancelled' | 'refunded'
  readonly currency: string
  readonly items: readonly OrderItem[]
  readonly discount: number
  readonly createdMs: number
  readonly paidMs?: number
}

/** What is to be paid, in ten-thousandths: the items less the discount. */
export function total(order: Order): number {
  return order.items.reduce((sum, item) => sum + item.amount, 0) - order.discount
}
