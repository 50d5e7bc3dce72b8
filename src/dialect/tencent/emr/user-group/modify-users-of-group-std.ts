/** ModifyUsersOfGroupSTD: who is in a group of a cluster's users, and what it is said to be (reference: api.json, appendix B). */
import { groupIn, withGroup, withMembers } from '../../../../domain/directory.ts'
import { choice, flag, integer, list, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import {
  groupName,
  namesMax,
  remark,
  requireDirectory,
  requireGroup,
  requireUsers,
  userName,
} from '../user/rule.ts'

export const modifyUsersOfGroupStd = action({
  name: 'ModifyUsersOfGroupSTD',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidInstanceName'),
    Group: groupName,
    Users: optional(list(userName, { max: namesMax })),
    Description: optional(remark),
    OperateAction: choice(['ADD', 'DELETE', 'SYNC'], { default: 'SYNC' }),
  },
  output: { Data: flag(), FlowId: integer() },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Group: name, Users, Description, OperateAction }) {
    const { flow } = await core.directories.change(call, id, ({ cluster, directory }) => {
      requireDirectory(cluster)
      requireGroup(directory, name)
      // Who is to go may have gone already.
      if (OperateAction !== 'DELETE') requireUsers(directory, { name: 'Users', users: Users ?? [] })
      const known = groupIn(directory, name)
      const described =
        known && Description !== undefined
          ? withGroup(directory, { ...known, description: Description })
          : directory
      const now = directory.users.filter(({ groups }) => groups.includes(name))
      const was = now.map((user) => user.name)
      const members = Users && membersAfter(OperateAction, was, Users)
      const next = members ? withMembers(described, name, members) : described
      return { directory: next, result: undefined }
    })
    return { Data: true, FlowId: flow }
  },
})

function membersAfter(
  act: 'ADD' | 'DELETE' | 'SYNC',
  was: readonly string[],
  users: readonly string[],
): readonly string[] {
  if (act === 'ADD') return [...was, ...users]
  return act === 'DELETE' ? was.filter((user) => !users.includes(user)) : users
}
