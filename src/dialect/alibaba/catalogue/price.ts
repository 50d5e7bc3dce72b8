/**
 * What an instance costs, itemised by component. Amounts are whole millionths of the currency, because a documented hourly
 * price has six decimals; orders are kept in ten-thousandths, and `orderItems` turns one into the other without losing or
 * inventing anything. Inquiry and creation call the same function and therefore agree. Pay as you go is priced by the hour.
 * Facts: reference alibaba-starrocks.md 6.11, 11.5.
 */

import type { NodeGroup } from './node-group.ts'
import data from './prices.json' with { type: 'json' }
import type { Component, Currency, PriceData, PricingCycle } from './schema.ts'
import { localTypeOf } from './spec-type.ts'

/** Parts of one currency unit in which amounts are counted. */
export const amountUnit = 1_000_000

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
  /** For one over the whole term. */
  readonly unitPrice: number
  readonly amount: number
}

export interface Price {
  readonly currency: Currency
  readonly original: number
  readonly items: readonly PriceItem[]
}

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
  const original = items.reduce((sum, one) => sum + one.amount, 0)
  return { currency: request.currency, original, items }
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

/**
 * The items of an order in ten-thousandths. Each is rounded so that the running sum is right: the items add up to the
 * rounded total exactly, however many there are.
 */
export function orderItems(
  price: Price,
): readonly { readonly name: string; readonly amount: number }[] {
  let exact = 0
  let given = 0
  return price.items.map((one) => {
    exact += one.amount
    const amount = Math.round(exact / 100) - given
    given += amount
    return { name: `${one.component} ${one.module}`, amount }
  })
}

/** The whole price in ten-thousandths, as the order has it: what an inquiry should show. */
export function orderTotal(price: Price): number {
  return Math.round(price.original / 100)
}

export function monthsOf(pricingCycle: PricingCycle, duration: number): number {
  const months = cycles.find((one) => one.pricingCycle === pricingCycle)?.months ?? 1
  return months * duration
}

function groupItems(
  component: Component,
  group: PricedGroup,
  { currency, term }: PriceRequest,
): readonly PriceItem[] {
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
): PriceItem {
  return { component, module, quantity, unitPrice, amount: quantity * unitPrice }
}

/** Nothing without a rate passes `checkInstanceShape`; the tests hold that every row that can be sold has one. */
function over(term: Term, rate: Rate | undefined): number {
  if (rate === undefined) return 0
  return term.payType === 'postPaid'
    ? rate.hour * term.hours
    : rate.month * monthsOf(term.pricingCycle, term.duration)
}
