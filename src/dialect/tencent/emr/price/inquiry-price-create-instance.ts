/** InquiryPriceCreateInstance: what CreateInstance would cost, part by part (reference: tencent-emr.md 5.6, 8). */
import { decimal, integer, list, object, text } from '../../../../shape/shape.ts'
import { toYuan, type NodePrice } from '../../catalogue/price.ts'
import { action } from '../action.ts'
import { readQuotation } from '../cluster/blueprint.ts'
import { inquiry } from '../cluster/create-shape.ts'
import { roleOf } from '../../states.ts'
import { prerequisitesOf } from '../cluster/prerequisites.ts'

const partPrice = object({
  InstanceType: text(),
  Price: decimal(),
  RealCost: decimal(),
  RealTotalCost: decimal(),
  Policy: decimal(),
  GoodsNum: integer(),
})

const nodePrice = object({ NodeType: text(), PartDetailPrice: list(partPrice) })

export const inquiryPriceCreateInstance = action({
  name: 'InquiryPriceCreateInstance',
  input: inquiry,
  output: {
    OriginalCost: decimal(),
    DiscountCost: decimal(),
    TimeUnit: text(),
    TimeSpan: integer(),
    PriceList: list(object({ ZoneId: text(), NodeDetailPrice: list(nodePrice) })),
  },
  faults: ['NotSupported', 'ResourceMissing', 'ResourceMismatch', 'ResourceShort'],
  async run(core, call, input) {
    const { price, zone } = await readQuotation(input, call.region, prerequisitesOf(core, call))
    return {
      OriginalCost: toYuan(price.original),
      DiscountCost: toYuan(price.discounted),
      TimeUnit: input.TimeUnit,
      TimeSpan: input.TimeSpan,
      PriceList: [{ ZoneId: String(zone.id), NodeDetailPrice: price.nodes.map(viewPrice) }],
    }
  },
})

function viewPrice({ node, parts }: NodePrice) {
  return {
    NodeType: node === 'mysql' ? 'MySQL' : (roleOf.get(node)?.title ?? node),
    PartDetailPrice: parts.map((part) => ({
      InstanceType: part.part,
      Price: toYuan(part.price),
      RealCost: toYuan(part.realCost),
      RealTotalCost: toYuan(part.realTotalCost),
      // In tenths, as the cloud counts discounts: 10 is the list price.
      Policy: part.percent / 10,
      GoodsNum: part.goodsNum,
    })),
  }
}
