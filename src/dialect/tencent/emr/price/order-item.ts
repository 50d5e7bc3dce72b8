/** The items of an order: one for each part of each kind of node, at its list price. */
import type { OrderItem } from '../../../../domain/order.ts'
import type { Price } from '../../catalogue/price.ts'

export function orderItems({ nodes }: Price): readonly OrderItem[] {
  return nodes.flatMap(({ node, parts }) =>
    parts.map((part) => ({ name: `${node}.${part.part}`, amount: part.price * part.goodsNum })),
  )
}
