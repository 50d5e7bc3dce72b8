/**
 * DescribeInstanceConfigs: the items of an instance's configuration with the values in force, those of its frontends first and then
 * those of each group of workers. Facts: reference alibaba-starrocks.md 3.2, 6.4.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { limits } from '../../../../limits.ts'
import { choice, flag, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import {
  configurationItems,
  valueRange,
  type ConfigurationItem,
} from '../../catalogue/configuration-item.ts'
import { action } from '../action.ts'
import { groupExtension } from '../instance/extension.ts'
import { nodeGroupId } from '../node-group/change.ts'
import { instanceId, instanceResources, pageOf, paging, regionId, shortText } from '../shape.ts'
import { groupsOf, valueOf } from './edit.ts'
import { configKey } from './shape.ts'

const config = object({
  AllowModify: text(),
  ConfigKey: text(),
  ConfigType: text(),
  ConfigValue: text(),
  Custom: flag(),
  DefaultNodeGroup: flag(),
  DefaultValue: text(),
  Description: text(),
  DescriptionEn: text(),
  NodeGroupId: text(),
  NodeGroupName: text(),
  Restart: flag(),
  Unit: text(),
  ValueRange: text(),
  ValueType: text(),
})

export const describeInstanceConfigs = action({
  name: 'DescribeInstanceConfigs',
  input: {
    AllowModify: optional(flag()),
    ConfigKey: optional(configKey),
    ConfigType: optional(choice(['FE', 'BE', 'CORE'], { label: 'Config type' })),
    Description: optional(shortText('Description')),
    InstanceId: instanceId,
    NeedTotal: flag({ default: true }),
    NodeGroupId: optional(nodeGroupId),
    ...paging,
    PageSize: integer({ min: 1, max: limits.pageSize, default: 20, label: 'Page size' }),
    RegionId: optional(regionId),
  },
  output: { Data: list(config), Total: optional(integer()) },
  faults: ['ClusterNotFound'],
  asks: ['identity'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, input) {
    const instance = await core.clusters.get(call, input.InstanceId)
    const { AllowModify, ConfigType, NodeGroupId } = input
    const rows = configurationItems
      .filter((item) => AllowModify === undefined || item.modifiable === AllowModify)
      .filter((item) => ConfigType === undefined || item.type === ConfigType)
      .filter((item) => input.ConfigKey === undefined || item.name === input.ConfigKey)
      .filter((item) => holds(item.description, input.Description ?? ''))
      .flatMap((item) => groupsOf(instance, item.type).map((group) => ({ item, group })))
      .filter(({ group }) => NodeGroupId === undefined || group.id === NodeGroupId)
    const { limit, offset } = pageOf(input)
    const page = rows.slice(offset, offset + limit)
    return {
      Data: page.map(({ item, group }) => wireConfig(instance, item, group)),
      ...(input.NeedTotal ? { Total: rows.length } : {}),
    }
  },
})

function holds(whole: string, part: string): boolean {
  return whole.toLowerCase().includes(part.toLowerCase())
}

function wireConfig(instance: Cluster, item: ConfigurationItem, group: NodeGroup) {
  return {
    AllowModify: String(item.modifiable),
    ConfigKey: item.name,
    ConfigType: item.type,
    ConfigValue: valueOf(instance, item),
    // Nothing can be added that is not among the items.
    Custom: false,
    DefaultNodeGroup: groupExtension(group).defaultGroup,
    DefaultValue: item.default,
    Description: item.description,
    DescriptionEn: item.description,
    NodeGroupId: group.id,
    NodeGroupName: group.name,
    Restart: item.restart,
    Unit: item.unit,
    ValueRange: valueRange(item),
    ValueType: item.valueType,
  }
}
