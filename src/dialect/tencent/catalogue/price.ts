/**
 * What a cluster costs. Amounts are whole ten-thousandths of a yuan, so that sums are exact; inquiry and creation call the
 * same function and therefore agree. Pay as you go is priced by the hour, subscriptions by the month. List prices where
 * they are documented, otherwise the regularity of those lists. Facts: reference tencent-emr.md 8.
 */

import data from './prices.json' with { type: 'json' }
import type { DataDisk, SizedDisk } from './disk.ts'
import type { InstanceType } from './instance-type.ts'
import type { Prices, Role } from './schema.ts'

/** Parts of one currency unit in which amounts are counted. */
export const amountUnit = 10_000

export interface RolePriceRequest {
  readonly role: Role
  readonly count: number
  readonly instanceType: InstanceType
  readonly systemDisk: SizedDisk
  /** Per node, without the disks that the machine brings. */
  readonly dataDisks: readonly DataDisk[]
}

/** Hours for pay as you go (always 1 on the wire), months for subscriptions. */
export type Term =
  | { readonly payMode: 'postpaid'; readonly hours: number }
  | { readonly payMode: 'prepaid'; readonly months: number }

export interface PriceRequest {
  readonly term: Term
  readonly roles: readonly RolePriceRequest[]
  readonly metaDb: boolean
  /** What remains to be paid, in percent of the list price; 100 when absent. */
  readonly percent?: { readonly node?: number; readonly dataDisk?: number }
}

export type PricePart = 'node' | 'rootDisk' | 'dataDisk' | 'metaDB'

export interface PartPrice {
  readonly part: PricePart
  /** List price of one, over the whole term. */
  readonly price: number
  /** Price of one after the discount. */
  readonly realCost: number
  readonly goodsNum: number
  /** realCost × goodsNum. */
  readonly realTotalCost: number
  readonly percent: number
}

export interface NodePrice {
  readonly node: Role | 'mysql'
  readonly parts: readonly PartPrice[]
}

export interface Price {
  readonly currency: 'CNY'
  readonly original: number
  readonly discounted: number
  readonly nodes: readonly NodePrice[]
}

interface Rate {
  readonly month: number
  readonly hour: number
}

const prices = data as unknown as Prices
export const prepaidMonths: readonly number[] = prices.prepaidMonths

const listed = new Map(prices.list.map((row) => [row.instanceType, row]))
const diskRates = new Map(prices.disks.map((row) => [row.diskType, row]))

export function priceOf(request: PriceRequest): Price {
  const nodes: NodePrice[] = request.roles
    .filter((role) => role.count > 0)
    .map((role) => ({ node: role.role, parts: partsOf(role, request) }))
  if (request.metaDb) {
    const meta = part('metaDB', over(request.term, prices.metaDb), 1, 100)
    nodes.push({ node: 'mysql', parts: [meta] })
  }
  const parts = nodes.flatMap((node) => node.parts)
  return {
    currency: prices.currency,
    original: parts.reduce((sum, one) => sum + one.price * one.goodsNum, 0),
    discounted: parts.reduce((sum, one) => sum + one.realTotalCost, 0),
    nodes,
  }
}

/** List price of a machine, without disks. */
export function rateOf(type: InstanceType): Rate {
  const row = listed.get(type.name)
  if (row !== undefined) return { month: row.month, hour: row.hour }
  const { memoryFactors, hoursPerMonth, hourStep } = prices.rules
  const gbPerCpu = type.memoryMb / 1024 / type.cpu
  const factor = memoryFactors.find((one) => one.gbPerCpu === gbPerCpu)?.percent ?? 100
  const cpu = prices.families.find((one) => one.family === type.family.family)?.cpuMonth ?? 0
  const month = Math.round((cpu * type.cpu * factor) / 100)
  return { month, hour: Math.round(month / hoursPerMonth / hourStep) * hourStep }
}

/** What is frozen on the account when a pay-as-you-go cluster is ordered: two hours of its cost. */
export function freezeOf(price: Price): number {
  return price.discounted * prices.payAsYouGoFreezeHours
}

/** To the cent, half up, as the wire shows it: 56802000 is 5680.2. */
export function toYuan(amount: number): number {
  return Math.round(amount / 100) / 100
}

function partsOf(role: RolePriceRequest, { term, percent }: PriceRequest): readonly PartPrice[] {
  const ofNode = percent?.node ?? 100
  const ofData = percent?.dataDisk ?? 100
  return [
    part('node', over(term, rateOf(role.instanceType)), role.count, ofNode),
    part('rootDisk', diskPrice(role.systemDisk, term), role.count, ofNode),
    ...role.dataDisks.map((disk) =>
      part('dataDisk', diskPrice(disk, term), role.count * disk.count, ofData),
    ),
  ]
}

/** Every type of the catalogue has a rate. */
function diskPrice({ diskType, sizeGb }: SizedDisk, term: Term): number {
  const rate = diskRates.get(diskType)
  return rate === undefined ? 0 : over(term, rate) * sizeGb
}

function part(name: PricePart, price: number, goodsNum: number, percent: number): PartPrice {
  const realCost = Math.round((price * percent) / 100)
  return { part: name, price, realCost, goodsNum, realTotalCost: realCost * goodsNum, percent }
}

function over(term: Term, rate: Rate): number {
  return term.payMode === 'prepaid' ? rate.month * term.months : rate.hour * term.hours
}
