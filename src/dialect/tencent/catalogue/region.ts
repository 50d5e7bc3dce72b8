/** Regions and zones with the numbers that the API uses beside their names. Facts: reference tencent-emr.md 6.5. */

import data from './regions.json' with { type: 'json' }
import type { Region, Zone } from './schema.ts'

export const regions = data.regions as unknown as readonly Region[]

const byName = new Map(regions.map((region) => [region.name, region]))
const byZone = new Map(
  regions.flatMap((region) =>
    region.zones.flatMap((zone) => [
      [zone.name, { region, zone }] as const,
      [String(zone.id), { region, zone }] as const,
    ]),
  ),
)

export function regionOf(name: string): Region | undefined {
  return byName.get(name)
}

export function regionById(id: number): Region | undefined {
  return regions.find((region) => region.id === id)
}

/** By name or by number; examples send the number as a string. */
export function zoneOf(
  zone: string | number,
): { readonly region: Region; readonly zone: Zone } | undefined {
  return byZone.get(String(zone).trim())
}
