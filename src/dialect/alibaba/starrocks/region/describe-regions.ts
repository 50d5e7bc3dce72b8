/** DescribeRegions: where the service is. Facts: reference alibaba-starrocks.md 1, 3.2. */
import { action } from '../../../../gateway/action.ts'
import { list, object, text } from '../../../../shape/shape.ts'
import { regions } from '../../catalogue/region.ts'
import { instanceResources, product, version } from '../shape.ts'

export const DescribeRegions = action({
  product,
  version,
  name: 'DescribeRegions',
  route: { method: 'POST', path: '/webapi/region/list' },
  permission: { action: 'sr:DescribeRegions' },
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
