/**
 * What a change of a cluster costs, as its inquiry tells: of a subscription what its order takes for the rest of the term, of pay as
 * you go what an hour costs more than before; less than nothing where it becomes cheaper.
 */
import type { Quote } from '../../../../app/cluster/quote.ts'
import { listPrice, total, type Order } from '../../../../domain/order.ts'

/** In ten-thousandths. */
export interface Cost {
  readonly original: number
  readonly discounted: number
}

export function costOf({ charge, order, current }: Quote): Cost {
  if (!order) return { original: 0, discounted: 0 }
  const before = charge === 'postpaid' ? amountsOf(current) : amountsOf(undefined)
  const after = amountsOf(order)
  return {
    original: after.original - before.original,
    discounted: after.discounted - before.discounted,
  }
}

function amountsOf(order: Order | undefined): Cost {
  if (!order) return { original: 0, discounted: 0 }
  return { original: listPrice(order), discounted: total(order) }
}

/** A whole in parts by weight, rounded so that the parts are the whole. */
export function sharesOf(whole: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  let passed = 0
  let given = 0
  return weights.map((weight) => {
    passed += weight
    const upTo = sum === 0 ? 0 : Math.round((whole * passed) / sum)
    const share = upTo - given
    given = upTo
    return share
  })
}
