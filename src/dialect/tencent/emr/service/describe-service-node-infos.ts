/** DescribeServiceNodeInfos: the processes of a cluster's services, node by node (reference: tencent-emr.md 3.6, api.json). */
import {
  choice,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageOf } from '../cluster/listing.ts'
import { roleAliases } from '../cluster/view.ts'
import { given } from '../refusal.ts'
import { serviceOf } from './rule.ts'
import { processView } from './shape.ts'
import { processesIn, type Process } from './view.ts'

/** More processes than a cluster of a hundred nodes has; clients ask for all at once. */
const LIMIT_MAX = 10_000
const HEALTH = ['0', '1', '-2', '-99', '-3', '-4'] as const
const ROLES = ['master', 'core', 'task', 'common', 'router'] as const

const input = {
  InstanceId: clusterId('InvalidParameter'),
  Offset: integer({ min: 0, default: 0 }),
  Limit: integer({ min: 0, max: LIMIT_MAX, default: 0 }),
  SearchText: optional(text({ max: 128 })),
  ConfStatus: integer({ allowed: [-99, -2, -1, 1], default: -99 }),
  MaintainStateId: integer({ allowed: [0, 1, 2], default: 0 }),
  OperatorStateId: integer({ allowed: [0, 1, 2], default: 0 }),
  HealthStateId: choice(HEALTH, { default: '-99' }),
  ServiceName: optional(text({ max: 64 })),
  NodeTypeName: optional(choice(ROLES, { ignoreCase: true })),
  DataNodeMaintenanceId: integer({ allowed: [0, 1], default: 0 }),
  SearchFields: optional(
    list(
      object({
        SearchType: choice(['ipv4'], { ignoreCase: true }),
        SearchValue: text({ trim: true, max: 128 }),
      }),
      { max: 10 },
    ),
  ),
}

type Input = Static<TObject<typeof input>>

export const describeServiceNodeInfos = action({
  name: 'DescribeServiceNodeInfos',
  input,
  output: {
    TotalCnt: integer(),
    ServiceNodeList: list(processView),
    AliasInfo: text(),
    SupportNodeFlagFilterList: list(text()),
  },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    const cluster = await core.clusters.get(call, asked.InstanceId)
    const name = given(asked.ServiceName)
    const service = name === undefined ? undefined : serviceOf(cluster, 'ServiceName', name)
    const all = processesIn(cluster, call.language)
    const own = service === undefined ? all : all.filter((each) => each.service === service)
    const found = own.filter(matching(asked)).map(({ view }) => view)
    const { offset, limit } = pageOf(asked.Offset, asked.Limit === 0 ? LIMIT_MAX : asked.Limit)
    return {
      TotalCnt: found.length,
      ServiceNodeList: found.slice(offset, offset + limit),
      AliasInfo: roleAliases,
      SupportNodeFlagFilterList: [...new Set(own.map(({ role }) => role))],
    }
  },
})

const ANY_HEALTH = '-99'
const ANY_CONFIGURATION = -99
const MAINTAINED = 2

function matching(asked: Input) {
  const searched = given(asked.SearchText)?.toLowerCase()
  const addresses = (asked.SearchFields ?? []).map(({ SearchValue }) => SearchValue)
  return ({ role, maintained, view }: Process): boolean => {
    const { MaintainStateId: maintenance, OperatorStateId: operation } = asked
    if (maintenance !== 0 && maintained !== (maintenance === MAINTAINED)) return false
    if (operation !== 0 && view.Status !== operation) return false
    if (asked.HealthStateId !== ANY_HEALTH && `${view.HealthStatus?.Code}` !== asked.HealthStateId)
      return false
    if (asked.ConfStatus !== ANY_CONFIGURATION && view.ConfStatus !== asked.ConfStatus) return false
    if (asked.NodeTypeName !== undefined && role !== asked.NodeTypeName) return false
    if (asked.DataNodeMaintenanceId === 1 && view.DataNodeMaintenanceState !== 1) return false
    if (!addresses.every((address) => view.Ip === address)) return false
    if (searched === undefined) return true
    return view.NodeName.toLowerCase().includes(searched) || view.Ip.includes(searched)
  }
}
