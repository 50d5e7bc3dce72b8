/**
 * Machine types. A type is FAMILY.SIZEmem (`S5.2XLARGE32`: 8 cores, 32 GiB); the older schema names the family as `CVM.S5`
 * and gives cores and memory. Memory in MB. Facts: reference tencent-emr.md 2.3, 3.7.
 */

import data from './instance-types.json' with { type: 'json' }
import type { InstanceFamily, PayMode } from './schema.ts'

export interface InstanceType {
  readonly name: string
  readonly family: InstanceFamily
  readonly size: string
  readonly cpu: number
  readonly memoryMb: number
  /** Set for models that bring their own disks; such models take no further data disks. */
  readonly localDisk?: {
    readonly diskType: string
    readonly count: number
    readonly sizeGb: number
  }
}

/** By name, or by the older triple; the name wins when both are given. */
export interface InstanceTypeQuery {
  readonly instanceType?: string
  readonly spec?: string
  readonly cpu?: number
  readonly memoryMb?: number
}

export type InstanceTypeProblem =
  | {
      readonly problem: 'unknown-family'
      readonly family: string
      readonly allowed: readonly string[]
    }
  | {
      readonly problem: 'unknown-size'
      readonly family: string
      readonly asked: string
      readonly allowed: readonly string[]
    }

export type FoundInstanceType =
  | { readonly ok: true; readonly instanceType: InstanceType }
  | { readonly ok: false; readonly problem: InstanceTypeProblem }

export type OfferProblem =
  | { readonly problem: 'not-in-zone'; readonly zone: string; readonly allowed: readonly string[] }
  | {
      readonly problem: 'not-in-pay-mode'
      readonly payMode: PayMode
      readonly allowed: readonly PayMode[]
    }

/** Where and how a machine is bought. */
export interface Offer {
  readonly zone: string
  readonly payMode: PayMode
}

export const families = data.families as unknown as readonly InstanceFamily[]

/** Every type of every family, in the order of the data. */
export const instanceTypes: readonly InstanceType[] = families.flatMap((family) =>
  family.sizes
    .flatMap((name) => data.sizes.filter(({ size }) => size === name))
    .map((size) => {
      const disk = family.localDisk?.disks[size.size]
      const type = { name: `${family.family}.${size.size}`, family, ...size }
      return family.localDisk === undefined || disk === undefined
        ? type
        : { ...type, localDisk: { diskType: family.localDisk.diskType, ...disk } }
    }),
)

const byName = new Map(instanceTypes.map((type) => [type.name, type]))
const byFamily: ReadonlyMap<string, readonly InstanceType[]> = Map.groupBy(
  instanceTypes,
  ({ family }) => family.family,
)

export function findInstanceType(query: InstanceTypeQuery): FoundInstanceType {
  const asked = query.instanceType?.trim().toUpperCase() ?? ''
  const [prefix, size] = asked === '' ? [familyName(query.spec ?? '')] : asked.split('.', 2)
  const mine = byFamily.get(prefix ?? '')
  if (mine === undefined) {
    const allowed = families.map((candidate) => candidate.family)
    return { ok: false, problem: { problem: 'unknown-family', family: prefix ?? '', allowed } }
  }
  const instanceType =
    asked === ''
      ? mine.find((type) => type.cpu === query.cpu && type.memoryMb === query.memoryMb)
      : byName.get(asked)
  if (instanceType !== undefined) return { ok: true, instanceType }
  return {
    ok: false,
    problem: {
      problem: 'unknown-size',
      family: prefix ?? '',
      asked: size ?? `${query.cpu ?? 0} cores, ${query.memoryMb ?? 0} MB`,
      allowed: mine.map((type) => type.name),
    },
  }
}

/** Whether this type is sold in this zone and under this billing mode. */
export function checkOffer(
  type: Pick<InstanceType, 'family'>,
  offer: Offer,
): OfferProblem | undefined {
  const { zones, payModes } = type.family
  if (zones !== 'all' && !zones.includes(offer.zone)) {
    return { problem: 'not-in-zone', zone: offer.zone, allowed: zones }
  }
  if (!payModes.includes(offer.payMode)) {
    return { problem: 'not-in-pay-mode', payMode: offer.payMode, allowed: payModes }
  }
  return undefined
}

/** The families that are sold in this zone and under this billing mode. */
export function familiesFor(offer: Offer): readonly InstanceFamily[] {
  return families.filter((family) => checkOffer({ family }, offer) === undefined)
}

/** As the console shows it: `EMR标准型S5`. */
export function deviceName(type: InstanceType): string {
  return `EMR${type.family.zh}`
}

/** `CVM.S5` and the bare `S5` of some examples name the same family. */
export function familyOf(spec: string): InstanceFamily | undefined {
  return families.find(({ family }) => family === familyName(spec))
}

function familyName(spec: string): string {
  return spec
    .trim()
    .toUpperCase()
    .replace(/^CVM\./, '')
}
