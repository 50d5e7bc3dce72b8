/** The actions that are built, each in a file of its own. One line here makes an action reachable. */
import type { Action } from '../../gateway/action.ts'
import { ChangeResourceGroup } from './starrocks/change-resource-group.ts'
import { CreateInstanceV1 } from './starrocks/create-instance-v1.ts'
import { DescribeAvailableZones } from './starrocks/describe-available-zones.ts'
import { DescribeInstances } from './starrocks/describe-instances.ts'
import { DescribeNodeGroups } from './starrocks/describe-node-groups.ts'
import { DescribeRegions } from './starrocks/describe-regions.ts'
import { ListOperationHistory } from './starrocks/list-operation-history.ts'
import { QueryPriceV1 } from './starrocks/query-price-v1.ts'
import { ReleaseInstance } from './starrocks/release-instance.ts'
import { TagResources } from './starrocks/tag-resources.ts'
import { UnTagResources } from './starrocks/un-tag-resources.ts'
import { UpdateInstanceName } from './starrocks/update-instance-name.ts'

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
