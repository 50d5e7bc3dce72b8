/**
 * The resources that the tag service knows here: EMR's clusters, `qcs::emr:<region>:uin/<account>:emr-instance/<id>`. The
 * Terraform provider leaves the account out (reference: tencent-emr.md 6.8).
 */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { stateTraits } from '../../../../domain/cluster/lifecycle.ts'
import { choice, integer, text } from '../../../../shape/shape.ts'
import { limits } from '../../../../limits.ts'
import { regionOf } from '../../catalogue/region.ts'
import { fullRegion } from '../../identity/policy-region.ts'
import { product } from '../../emr/action.ts'
import { product as serverless } from '../../emr/serverless/action.ts'
import { invalid } from '../../emr/refusal.ts'

const RESOURCE_TYPE = 'emr-instance'

export const serviceType = choice([product], {
  code: 'InvalidParameterValue.ServiceTypeInvalid',
})
export const resourcePrefix = choice([RESOURCE_TYPE], {
  code: 'InvalidParameterValue.ResourcePrefixInvalid',
})
export const resourceId = text({
  trim: true,
  min: 1,
  max: 64,
  code: 'InvalidParameterValue.ResourceIdInvalid',
})
export const resourceRegion = text({
  pattern: /^[a-z0-9-]{0,64}$/,
  rule: 'it must be a region of this cloud',
  code: 'InvalidParameterValue.RegionInvalid',
})
export const offset = integer({ min: 0, default: 0 })
export const limit = integer({ min: 1, max: limits.tagsPerPage, default: 15 })

/** What a six-segment name says. */
export interface NamedResource {
  /** In full; empty when it is left out. */
  readonly region: string
  /** Empty when it is left out. */
  readonly account: string
  /** The one that its clusters are of. */
  readonly product: string
  readonly id: string
}

/** Undefined for a name of another form, and for one of anything but a cluster or a serverless instance. */
export function resourceIn(name: string): NamedResource | undefined {
  const [, region = '', account = '', type = '', id = ''] = NAME.exec(name) ?? []
  const of = products.get(type)
  return of === undefined ? undefined : { region: fullRegion(region), account, product: of, id }
}

const products: ReadonlyMap<string, string> = new Map([
  [RESOURCE_TYPE, product],
  ['emr-serverless-instance', serverless],
])

const NAME =
  /^qcs::emr:([a-z0-9-]*):uin\/(\d*):(emr-instance|emr-serverless-instance)\/([^/:]{1,64})$/

/** The region that resources are looked for in; empty means every one. Throws RegionInvalid. */
export function regionAsked(name: string): string {
  const region = fullRegion(name)
  if (region === '' || regionOf(region)) return region
  throw invalid({
    name: 'ResourceRegion',
    code: 'InvalidParameterValue.RegionInvalid',
    rule: 'it must be a region of this cloud',
    value: name,
  })
}

/** Those of `ids` that clients can see, in the order of `ids`. */
export async function clustersOf(
  core: Core,
  call: Call,
  ids: readonly string[],
): Promise<readonly Cluster[]> {
  const wanted = [...new Set(ids)]
  const found = await core.clusters.peek(call, wanted)
  return wanted
    .flatMap((id) => found.get(id) ?? [])
    .filter(({ status }) => stateTraits[status.state].visible)
}
