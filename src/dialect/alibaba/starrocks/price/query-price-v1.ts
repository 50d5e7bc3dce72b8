/**
 * QueryPriceV1: what CreateInstanceV1 would cost, by component and by module. The same catalogue judges the groups and the same
 * function prices them, so that inquiry and order agree. Facts: reference alibaba-starrocks.md 3.2 (billing), 6.11.
 */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import { applyCoupon, type Coupon } from '../../../../domain/coupon.ts'
import {
  choice,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import { byComponent, monthsOf, orderItems, type Price } from '../../catalogue/price.ts'
import { regionOf, zonesFor, zonesWith } from '../../catalogue/region.ts'
import { specTypeOf } from '../../catalogue/spec-type.ts'
import { defaultVersion } from '../../catalogue/version.ts'
import type { CreateInput } from '../instance/create-instance-v1.ts'
import { readBlueprint, type Blueprint } from '../instance/new-cluster.ts'
import { nodeGroupShape } from '../node-group/shape.ts'
import { action } from '../action.ts'
import { instanceResources, regionId, shortText } from '../shape.ts'
import { amountMembers, viewAmounts, yuan } from './amount.ts'

const GROUPS_MAX = 20

const groupList = (component: 'FE' | 'BE' | 'OBSERVER', label: string) =>
  optional(list(nodeGroupShape(component), { max: GROUPS_MAX, label: `Number of ${label}` }))

const members = {
  RegionId: regionId,
  PayType: choice(['prePaid', 'postPaid'], { label: 'Pay type', ignoreCase: true }),
  PackageType: choice(['trial', 'official'], { label: 'Package type' }),
  RunMode: choice(['shared_nothing', 'shared_data'], { label: 'Run mode' }),
  PricingCycle: optional(shortText('Pricing cycle')),
  Duration: optional(integer({ min: 0, max: 1000, label: 'Duration' })),
  FrontendNodeGroups: groupList('FE', 'frontend node groups'),
  BackendNodeGroups: groupList('BE', 'backend node groups'),
  ObserverNodeGroups: groupList('OBSERVER', 'observer node groups'),
  AgentNodeGroup: optional(
    object({ cu: optional(integer({ min: 0, max: 1000, label: 'Cu of agent' })) }),
  ),
  PromotionOptionNo: optional(shortText('Promotion option no')),
}

type PriceInput = Static<TObject<typeof members>>

const priceView = object({
  ...amountMembers,
  ModuleInstance: list(
    object({ ModuleCode: text(), ModuleName: text(), StandPrice: text(), TotalProductFee: text() }),
  ),
})

export const queryPriceV1 = action({
  name: 'QueryPriceV1',
  input: members,
  output: { Data: priceView },
  faults: ['ResourceMissing', 'ResourceUnfit'],
  resources: (call) => instanceResources(call, []),
  async run(core, call, input) {
    const order = readBlueprint(asCreation(input))
    return { Data: viewPrice(order, await couponOf(core, call, input)) }
  },
})

/** The inquiry with what the price does not depend on. */
function asCreation(input: PriceInput): CreateInput {
  return {
    ...input,
    InstanceName: 'price',
    AdminPassword: '',
    Version: defaultVersion,
    VpcId: '',
    ZoneId: zoneFor(input),
    OssAccessingRoleName: '',
    GatewayType: 'Privatezone',
    AutoRenew: false,
    AutoPay: true,
    Encrypted: false,
    EnableMultiAz: false,
    EnableAiFunction: false,
  }
}

/** Where it is priced: an inquiry names no zone, and the price is the same in all that sell what is asked for. */
function zoneFor(input: PriceInput): string {
  const groups = [...(input.FrontendNodeGroups ?? []), ...(input.BackendNodeGroups ?? [])]
  const named = groups.find(({ zoneId = '' }) => zoneId !== '')?.zoneId
  const region = regionOf(input.RegionId)
  if (named !== undefined || region === undefined) return named ?? ''
  const zones = zonesFor(region, input.PackageType)
  const sells = (zone: string) =>
    groups.every(({ specType }) => {
      const known = specTypeOf(specType ?? '')
      return known === undefined || zonesWith(region, known.name).includes(zone)
    })
  return zones.find(sells) ?? zones[0] ?? ''
}

async function couponOf(
  core: Core,
  call: Call,
  { PromotionOptionNo: code = '' }: PriceInput,
): Promise<Coupon | undefined> {
  if (code === '') return undefined
  const coupon = await core.billing.coupons.find(call, code)
  if (!coupon) await core.environments.require(call, { kind: 'coupon', id: code })
  return coupon
}

function viewPrice({ price, term }: Blueprint, coupon: Coupon | undefined) {
  const months =
    term.payType === 'prePaid' ? { months: monthsOf(term.pricingCycle, term.duration) } : {}
  const listed = { items: orderItems(price), discount: 0, ...months }
  const { discount } = coupon ? applyCoupon(listed, coupon) : listed
  const { currency } = price
  const components = [...byComponent(price)].map(([name, amount]) => ({ name, amount }))
  return {
    ...viewAmounts({ components, discount, currency, coupon: coupon?.id }),
    ModuleInstance: modulesOf(price),
  }
}

function modulesOf({ items }: Price) {
  const sums = new Map<string, number>()
  for (const { module, amount } of items) sums.set(module, (sums.get(module) ?? 0) + amount)
  return [...sums].map(([ModuleCode, amount]) => ({
    ModuleCode,
    ModuleName: moduleNames[ModuleCode] ?? ModuleCode,
    StandPrice: String(yuan(amount)),
    TotalProductFee: String(yuan(amount)),
  }))
}

const moduleNames: Readonly<Record<string, string>> = { cu_num: 'CU', disk: 'Disk' }
