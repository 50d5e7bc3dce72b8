/**
 * Regions and zones: where each edition and each spec type is sold. Facts: reference alibaba-starrocks.md 1 (regions);
 * the zones are general knowledge, what they sell is our choice.
 */

import data from './regions.json' with { type: 'json' }
import type { PackageType, Region, SpecTypeName, Zone } from './schema.ts'

export const regions = data.regions as unknown as readonly Region[]
export const regionIds: readonly string[] = regions.map((region) => region.id)

const byId = new Map(regions.map((region) => [region.id, region]))
const byZone = new Map(
  regions.flatMap((region) => region.zones.map((zone) => [zone.id, { region, zone }] as const)),
)

export function regionOf(id: string): Region | undefined {
  return byId.get(id)
}

export function zoneOf(id: string): { readonly region: Region; readonly zone: Zone } | undefined {
  return byZone.get(id)
}

/** The zones of a region that sell an edition, in the order of the data. */
export function zonesFor(region: Region, packageType: PackageType): readonly string[] {
  return region.zones
    .filter((zone) => packageType === 'official' || zone.trial)
    .map((zone) => zone.id)
}

/** The zones of a region that have machines of a spec type. */
export function zonesWith(region: Region, specType: SpecTypeName): readonly string[] {
  return region.zones.filter((zone) => zone.specTypes.includes(specType)).map((zone) => zone.id)
}
