/**
 * DescribeEMREventList: what happened to a cluster without being asked for, the latest first (reference: tencent-emr.md appendix B,
 * api.json). Times are in seconds from 1970.
 */
import { nodeStatus, type Cluster } from '../../../../domain/cluster/cluster.ts'
import type { Incident } from '../../../../domain/cluster/incident.ts'
import { integer, list, object, optional, text, type Static } from '../../../../shape/shape.ts'
import { roleOf } from '../../states.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageOf, pageSizeMax } from '../cluster/listing.ts'
import { getCluster } from '../cluster/look-up.ts'
import { seconds } from '../inquiry/window.ts'
import { placedNodes } from '../node/selection.ts'
import { given, invalid } from '../refusal.ts'
import { eventNames } from './event-name.ts'

const event = object({
  Host: text(),
  Role: text(),
  Name: text(),
  Detail: text(),
  CreateTime: text(),
})

export const describeEMREventList = action({
  name: 'DescribeEMREventList',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    StartTime: seconds,
    EndTime: seconds,
    Host: optional(text({ trim: true, max: 64 })),
    Role: optional(text({ trim: true, max: 64 })),
    Name: optional(text({ trim: true, max: 128 })),
    Offset: integer({ min: 0, default: 0 }),
    Limit: integer({ min: 0, max: pageSizeMax, default: pageSizeMax }),
  },
  output: { EventList: list(event), TotalNum: integer() },
  faults: [],
  asks: ['identity'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const { StartTime: from, EndTime: until } = input
    const code = 'InvalidParameter.InvalidClusterId'
    const cluster = await getCluster(core, call, { name: 'InstanceId', id: input.InstanceId, code })
    if (until < from) {
      const rule = 'it must not be before StartTime'
      throw invalid({ name: 'EndTime', code: 'InvalidParameterValue', rule, value: until })
    }
    const isIn = ({ atMs }: Incident) => atMs >= from * 1000 && atMs < (until + 1) * 1000
    const asked = { Host: input.Host, Role: input.Role, Name: input.Name }
    const found = (cluster.status.incidents ?? [])
      .filter(isIn)
      .map((incident) => viewEvent(cluster, incident, call.language))
      .filter((row) => isMeant(row, asked))
      .toReversed()
    const { offset, limit } = pageOf(input.Offset, input.Limit === 0 ? pageSizeMax : input.Limit)
    return { EventList: found.slice(offset, offset + limit), TotalNum: found.length }
  },
})

function isMeant(
  row: Static<typeof event>,
  asked: { readonly [member in 'Host' | 'Role' | 'Name']: string | undefined },
): boolean {
  return (['Host', 'Role', 'Name'] as const).every((member) => {
    const wanted = given(asked[member])
    return wanted === undefined || row[member] === wanted
  })
}

/** Of a node that is gone, its address is no longer known. */
function viewEvent(
  cluster: Cluster,
  { kind, node: id, reason, atMs }: Incident,
  language: 'zh' | 'en',
): Static<typeof event> {
  const placed = placedNodes(cluster).find(({ node }) => node.id === id)
  return {
    Host: placed ? nodeStatus(cluster, placed.node).address : '',
    Role: placed ? (roleOf.get(placed.group.role)?.title ?? placed.group.role) : '',
    Name: eventNames[kind][language],
    Detail: reason,
    CreateTime: `${new Date(atMs).toISOString().slice(0, 19)}Z`,
  }
}
