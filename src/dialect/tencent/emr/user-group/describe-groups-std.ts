/** DescribeGroupsSTD: the groups of a cluster's users with their members (reference: api.json, examples.json). */
import { membersOf, type DirectoryGroup } from '../../../../domain/directory.ts'
import { choice, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { timeText } from '../time-text.ts'
import { groupsMax, namesMax } from '../user/rule.ts'

const filter = object({
  Name: choice(['groupName'], { ignoreCase: true }),
  Values: list(text({ trim: true, max: 64 }), { min: 1, max: namesMax }),
})

const order = object({
  Name: choice(['create_time', 'group_name'], { default: 'create_time', ignoreCase: true }),
  Direction: choice(['asc', 'desc'], { default: 'desc', ignoreCase: true }),
})

const view = object({
  GroupName: text(),
  Users: list(text()),
  Description: text(),
  CreateTime: text(),
  GroupType: integer(),
  GroupTypeDesc: text(),
})

/** All that are made here. */
const NORMAL = { GroupType: 2, GroupTypeDesc: 'NormalUserGroup' }

export const describeGroupsStd = action({
  name: 'DescribeGroupsSTD',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidInstanceName'),
    Filters: optional(list(filter, { max: 10 })),
    OrderFields: optional(order),
    Limit: integer({ min: 0, max: groupsMax, default: groupsMax }),
    Offset: integer({ min: 0, default: 0 }),
  },
  output: { Data: list(view), TotalCount: integer() },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Filters = [], OrderFields, Limit, Offset }) {
    const { directory } = await core.directories.get(call, id)
    const found = directory.groups.filter(({ name }) =>
      Filters.every(({ Values }) => Values.includes(name)),
    )
    const by = OrderFields?.Name === 'group_name' ? byName : byTime
    const sorted = [...found].sort(by)
    const ordered = OrderFields?.Direction === 'asc' ? sorted : sorted.toReversed()
    return {
      Data: ordered.slice(Offset, Offset + Limit).map(({ name, description, createdMs }) => ({
        GroupName: name,
        Users: membersOf(directory, name).map((user) => user.name),
        Description: description,
        CreateTime: timeText(createdMs),
        ...NORMAL,
      })),
      TotalCount: found.length,
    }
  },
})

function byTime(one: DirectoryGroup, other: DirectoryGroup): number {
  return one.createdMs - other.createdMs
}

function byName(one: DirectoryGroup, other: DirectoryGroup): number {
  return one.name < other.name ? -1 : 1
}
