/** DescribeClusterNodes: the nodes of a cluster, or its metadata database (reference: tencent-emr.md 4.3, 5.3). */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import {
  choice,
  flag,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { ascending, pageOf, pageSizeMax } from '../cluster/listing.ts'
import { containerOf } from '../container/extension.ts'
import { nodeView, type NodeView } from './shape.ts'
import { viewDatabases, viewNodes } from './view.ts'
import { roleOf } from '../../states.ts'
import { tagKeysOf, type ViewContext } from '../cluster/view.ts'

/** `recyle` is spelled so by the vendor. */
const NODE_FLAGS = [
  'all',
  'master',
  'core',
  'task',
  'common',
  'router',
  'db',
  'recyle',
  'renew',
] as const

const searchField = object({
  SearchType: choice(['ipv4', 'resourceId', 'instanceId'], { ignoreCase: true }),
  SearchValue: text({ trim: true, max: 128 }),
})

export const describeClusterNodes = action({
  name: 'DescribeClusterNodes',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidInstanceName'),
    NodeFlag: choice(NODE_FLAGS, { code: 'InvalidParameter.InvalidNodeType' }),
    ExportDb: flag({ default: false }),
    Offset: integer({ min: 0, default: 0 }),
    Limit: integer({ min: 0, max: pageSizeMax, default: 0 }),
    HardwareResourceType: choice(['all', 'host', 'pod'], { default: 'all', ignoreCase: true }),
    SearchFields: optional(list(searchField, { max: 10 })),
    OrderField: choice(['ApplyTime'], { default: 'ApplyTime', ignoreCase: true }),
    Asc: ascending,
  },
  output: {
    TotalCnt: integer(),
    NodeList: list(nodeView),
    TagKeys: list(text()),
    HardwareResourceTypeList: list(text()),
  },
  faults: ['ClusterNotFound'],
  asks: ['account', 'identity', 'network', 'compute', 'block-storage', 'tag'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const cluster = await core.clusters.get(call, input.InstanceId)
    const reading = { call, nowMs: core.clock.now() }
    const kind = input.HardwareResourceType.toUpperCase()
    const found = nodesOf(cluster, input, reading)
      .filter(({ HardwareResourceType: own }) => kind === 'ALL' || own === kind)
      .filter(matching(input.SearchFields))
    const all = input.Offset === 0 && input.Limit === 0
    const { offset, limit } = pageOf(input.Offset, input.Limit === 0 ? pageSizeMax : input.Limit)
    return {
      TotalCnt: found.length,
      NodeList: all ? found : found.slice(offset, offset + limit),
      TagKeys: tagKeysOf([cluster]),
      HardwareResourceTypeList: [containerOf(cluster) ? 'POD' : 'HOST'],
    }
  },
})

/** Nodes of one cluster were applied for together, so the order by that time leaves each role's own order alone. */
function nodesOf(
  cluster: Cluster,
  { NodeFlag, ExportDb }: { NodeFlag: (typeof NODE_FLAGS)[number]; ExportDb: boolean },
  reading: ViewContext,
): NodeView[] {
  const nodes = () => viewNodes(cluster, reading)
  const databases = () => viewDatabases(cluster, reading)
  const isolated = cluster.status.state === 'isolated'
  switch (NodeFlag) {
    case 'all':
      return ExportDb ? [...nodes(), ...databases()] : nodes()
    case 'db':
      return isolated ? [] : databases()
    case 'recyle':
      return isolated ? [...nodes(), ...databases()] : []
    case 'renew':
      return cluster.charge.mode === 'prepaid' && !cluster.charge.autoRenew
        ? [...nodes(), ...databases()]
        : []
    case 'master':
    case 'core':
    case 'task':
    case 'common':
    case 'router':
      return nodes().filter((node) => node.Flag === roleOf.get(NodeFlag)?.flag)
  }
}

function matching(fields: readonly Static<typeof searchField>[] = []) {
  return (node: NodeView) =>
    fields.every(({ SearchType: type, SearchValue: value }) => {
      if (type === 'ipv4') return node.Ip === value || node.WanIp === value
      return (type === 'resourceId' ? node.EmrResourceId : node.OrderNo) === value
    })
}
