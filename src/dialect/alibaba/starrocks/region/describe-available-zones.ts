/** DescribeAvailableZones: the zones of a region that sell each edition. Facts: reference alibaba-starrocks.md 3.2. */
import { Fault } from '../../../../domain/fault.ts'
import { list, object, text } from '../../../../shape/shape.ts'
import { regionIds, regionOf, zonesFor } from '../../catalogue/region.ts'
import { action } from '../action.ts'
import { instanceResources, regionId } from '../shape.ts'

export const describeAvailableZones = action({
  name: 'DescribeAvailableZones',
  input: { RegionId: regionId },
  output: {
    Data: object({
      OfficialAvailableZones: list(text()),
      TrialAvailableZones: list(text()),
    }),
  },
  faults: ['RegionUnknown'],
  resources: (call) => instanceResources(call, []),
  async run(_core, _call, { RegionId }) {
    const region = regionOf(RegionId)
    if (!region) throw new Fault('RegionUnknown', { region: RegionId, known: regionIds })
    return {
      Data: {
        OfficialAvailableZones: [...zonesFor(region, 'official')],
        TrialAvailableZones: [...zonesFor(region, 'trial')],
      },
    }
  },
})
