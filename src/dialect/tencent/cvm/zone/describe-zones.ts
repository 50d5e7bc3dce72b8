/** DescribeZones: the zones of a region. The Terraform provider looks up the number of a cluster's zone here. */
import { integer, list, object, text } from '../../../../shape/shape.ts'
import { regionOf } from '../../catalogue/region.ts'
import { action } from '../action.ts'

export const describeZones = action({
  name: 'DescribeZones',
  input: {},
  output: {
    TotalCount: integer(),
    ZoneSet: list(object({ Zone: text(), ZoneName: text(), ZoneId: text(), ZoneState: text() })),
  },
  faults: [],
  async run(_, call) {
    const zones = regionOf(call.region)?.zones ?? []
    return {
      TotalCount: zones.length,
      ZoneSet: zones.map((zone) => ({
        Zone: zone.name,
        ZoneName: zone[call.language],
        ZoneId: String(zone.id),
        ZoneState: 'AVAILABLE',
      })),
    }
  },
})
