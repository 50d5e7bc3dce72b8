/**
 * QueryPriceV1: what CreateInstanceV1 would cost, by component and by module. The same catalogue judges the groups and the same
 * function prices them, so that inquiry and order agree. Facts: reference alibaba-starrocks.md 3.2 (billing), 6.11.
 */
import {
  choice,
  integer,
  list,
  object,
  optional,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import { monthsOf, type Term } from '../../catalogue/price.ts'
import { regionOf, zonesFor, zonesWith } from '../../catalogue/region.ts'
import { specTypeOf } from '../../catalogue/spec-type.ts'
import { defaultVersion } from '../../catalogue/version.ts'
import type { CreateInput } from '../instance/create-instance-v1.ts'
import { readBlueprint } from '../instance/new-cluster.ts'
import { nodeGroupShape } from '../node-group/shape.ts'
import { action } from '../action.ts'
import { instanceResources, regionId, shortText } from '../shape.ts'
import { priceView, promotionNamed, viewPrice } from './view.ts'

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

export const queryPriceV1 = action({
  name: 'QueryPriceV1',
  input: members,
  output: { Data: priceView },
  faults: ['ResourceMissing', 'ResourceUnfit'],
  resources: (call) => instanceResources(call, []),
  async run(core, call, input) {
    const order = readBlueprint(asCreation(input))
    const { price, term } = order
    const promotion = await promotionNamed(core, call, input.PromotionOptionNo)
    return { Data: viewPrice(price, { ...(promotion ? { promotion } : {}), ...lengthOf(term) }) }
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

function lengthOf(term: Term): { readonly months?: number } {
  return term.payType === 'prePaid' ? { months: monthsOf(term.pricingCycle, term.duration) } : {}
}
