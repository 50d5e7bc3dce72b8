/** DescribeRegions: where the service is. Facts: reference alibaba-starrocks.md 1, 3.2. */
import { list, object, text } from '../../../../shape/shape.ts'
import { regions } from '../../catalogue/region.ts'
import { action } from '../action.ts'
import { instanceResources } from '../shape.ts'

export const describeRegions = action({
  name: 'DescribeRegions',
  input: {},
  output: {
    Data: list(
      object({ Description: text(), DescriptionEn: text(), RegionId: text(), RegionName: text() }),
    ),
  },
  faults: [],
  resources: (call) => instanceResources(call, []),
  run: async () => ({
    Data: regions.map(({ id, name, description, descriptionEn }) => ({
      Description: description,
      DescriptionEn: descriptionEn,
      RegionId: id,
      RegionName: name,
    })),
  }),
})
