/** The actions that are built, each in a file of its own. One line here makes an action reachable. */
import type { Action } from '../../gateway/action.ts'
import { ChangeResourceGroup } from './starrocks/resource-group/change-resource-group.ts'
import { CreateInstanceV1 } from './starrocks/instance/create-instance-v1.ts'
import { DescribeAvailableZones } from './starrocks/region/describe-available-zones.ts'
import { DescribeInstances } from './starrocks/instance/describe-instances.ts'
import { DescribeNodeGroups } from './starrocks/node-group/describe-node-groups.ts'
import { DescribeRegions } from './starrocks/region/describe-regions.ts'
import { ListOperationHistory } from './starrocks/operation/list-operation-history.ts'
import { QueryPriceV1 } from './starrocks/price/query-price-v1.ts'
import { ReleaseInstance } from './starrocks/instance/release-instance.ts'
import { TagResources } from './starrocks/tag/tag-resources.ts'
import { UnTagResources } from './starrocks/tag/un-tag-resources.ts'
import { UpdateInstanceName } from './starrocks/instance/update-instance-name.ts'

export const actions: readonly Action[] = [
  ChangeResourceGroup,
  CreateInstanceV1,
  DescribeAvailableZones,
  DescribeInstances,
  DescribeNodeGroups,
  DescribeRegions,
  ListOperationHistory,
  QueryPriceV1,
  ReleaseInstance,
  TagResources,
  UnTagResources,
  UpdateInstanceName,
]
