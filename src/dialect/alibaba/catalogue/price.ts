/**
 * What an instance costs, itemised by component, in whole ten-thousandths of the currency as orders keep it. Unit prices
 * have six decimals (a documented hour of a CU costs 0.050617), so the arithmetic is done in millionths, as big integers: a
 * large subscription exceeds what a number holds exactly. Each item is rounded so that the running sum is right, whence the
 * items add up to the rounded total without a remainder. Inquiry and creation call the same function and therefore agree.
 * Pay as you go is priced by the hour. A request has passed `checkInstanceShape` before. Facts: reference
 * alibaba-starrocks.md 6.11, 11.5.
 */

import type { NodeGroup } from './node-group.ts'
import data from './prices.json' with { type: 'json' }
import type { Component, Currency, PriceData, PricingCycle } from './schema.ts'
import { localTypeOf } from './spec-type.ts'

/** Parts of one currency unit in which amounts are counted. */
export const amountUnit = 10_000

export type Term =
  | { readonly payType: 'postPaid'; readonly hours: number }
  | {
      readonly payType: 'prePaid'
      readonly pricingCycle: PricingCycle
      readonly duration: number
    }

export type PricedGroup = Omit<NodeGroup, 'zoneId'>

export interface PriceRequest {
  readonly currency: Currency
  readonly term: Term
  readonly frontends: readonly PricedGroup[]
  /** Backends with storage or compute nodes, see `computeComponentOf`. */
  readonly computeComponent: 'BE' | 'CN'
  readonly backends: readonly PricedGroup[]
  readonly observers: readonly PricedGroup[]
  readonly agentCu?: number | undefined
  /** Whether the instance spans zones, with or without observers of its own. */
  readonly multiZone: boolean
}

export interface PriceItem {
  readonly component: Component
  readonly module: 'cu_num' | 'disk' | 'instance_type' | 'multi-zone'
  /** CUs, gigabytes or machines. */
  readonly quantity: number
  /** For one over the whole term, in millionths. */
  readonly unitPrice: number
  readonly amount: number
}

export interface Price {
  readonly currency: Currency
  /** The sum of the items. */
  readonly original: number
  /** The same before rounding, in millionths. */
  readonly exact: bigint
  readonly items: readonly PriceItem[]
}

type RawItem = Omit<PriceItem, 'amount'>

interface Rate {
  readonly month: number
  readonly hour: number
}

const prices = data as unknown as PriceData

/** The terms of subscriptions: which durations each cycle has. */
export const cycles: readonly {
  readonly pricingCycle: PricingCycle
  readonly months: number
  readonly durations: readonly number[]
}[] = prices.cycles

export function priceOf(request: PriceRequest): Price {
  const { frontends, backends, observers, computeComponent } = request
  const items = [
    ...frontends.flatMap((group) => groupItems('FE', group, request)),
    ...backends.flatMap((group) => groupItems(computeComponent, group, request)),
    ...observers.flatMap((group) => groupItems('OBSERVER', group, request)),
  ]
  const { cu, multiZoneCu } = prices.tables[request.currency]
  if (request.agentCu !== undefined) {
    const rate = cu.find((one) => one.specType === 'standard')
    items.push(item('AGENT', 'cu_num', request.agentCu, over(request.term, rate)))
  }
  if (request.multiZone) {
    const cus = backends.reduce((sum, group) => sum + group.cu * group.residentNodeNumber, 0)
    items.push(item(computeComponent, 'multi-zone', cus, over(request.term, multiZoneCu)))
  }
  return { currency: request.currency, ...settle(items) }
}

/** What each component costs, in the order of the items; multi-zone stands apart, as the inquiry shows it. */
export function byComponent(price: Price): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { component, module, amount } of price.items) {
    const name = module === 'multi-zone' ? module : component
    sums.set(name, (sums.get(name) ?? 0) + amount)
  }
  return sums
}

/** The items as an order lists them. */
export function orderItems(
  price: Price,
): readonly { readonly name: string; readonly amount: number }[] {
  return price.items.map(({ component, module, amount }) => ({
    name: `${component} ${module}`,
    amount,
  }))
}

export function monthsOf(pricingCycle: PricingCycle, duration: number): number {
  const months = cycles.find((one) => one.pricingCycle === pricingCycle)?.months ?? 1
  return months * duration
}

function groupItems(
  component: Component,
  group: PricedGroup,
  { currency, term }: PriceRequest,
): readonly RawItem[] {
  const table = prices.tables[currency]
  const nodes = group.residentNodeNumber
  const local = localTypeOf(group.localStorageInstanceType)
  if (local !== undefined) {
    const rate = table.localType.find((one) => one.instanceType === local.instanceType)
    return [item(component, 'instance_type', nodes, over(term, rate))]
  }
  const cu = table.cu.find((one) => one.specType === group.specType)
  const disk = table.disk.find((one) => one.level === group.storagePerformanceLevel)
  const gigabytes = group.storageSize * group.diskNumber * nodes
  return [
    item(component, 'cu_num', group.cu * nodes, over(term, cu)),
    item(component, 'disk', gigabytes, over(term, disk)),
  ]
}

function item(
  component: Component,
  module: PriceItem['module'],
  quantity: number,
  unitPrice: number,
): RawItem {
  return { component, module, quantity, unitPrice }
}

function settle(items: readonly RawItem[]): Omit<Price, 'currency'> {
  let exact = 0n
  let original = 0
  const settled = items.map((one): PriceItem => {
    exact += BigInt(one.quantity) * BigInt(one.unitPrice)
    const amount = Number((exact + 50n) / 100n) - original
    original += amount
    return { ...one, amount }
  })
  return { original, exact, items: settled }
}

/** Nothing without a rate passes `checkInstanceShape`; the tests hold that every row that can be sold has one. */
function over(term: Term, rate: Rate | undefined): number {
  if (rate === undefined) return 0
  return term.payType === 'postPaid'
    ? rate.hour * term.hours
    : rate.month * monthsOf(term.pricingCycle, term.duration)
}
