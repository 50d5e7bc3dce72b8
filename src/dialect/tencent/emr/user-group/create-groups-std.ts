/** CreateGroupsSTD: groups of the users of a cluster; each item is answered by itself (reference: api.json, examples.json). */
import { isSameName, userIn, withGroup, withMembers } from '../../../../domain/directory.ts'
import { list, object, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import {
  checkGroups,
  groupName,
  namesMax,
  remark,
  requireDirectory,
  userName,
} from '../user/rule.ts'
import { done, failed, resultItem } from './shape.ts'

const group = object({
  GroupName: groupName,
  Description: optional(remark),
  Users: optional(list(userName, { max: namesMax })),
})

export const createGroupsStd = action({
  name: 'CreateGroupsSTD',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidDynamicInstanceType'),
    Groups: list(group, { min: 1, max: namesMax }),
  },
  output: { Data: list(resultItem) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Groups }) {
    const { result } = await core.directories.change(call, id, (was, { nowMs }) => {
      requireDirectory(was.cluster)
      let directory = was.directory
      const items = Groups.map(({ GroupName: name, Description: description = '', Users = [] }) => {
        if (directory.groups.some((each) => isSameName(each.name, name)))
          return failed(name, `Group ${name} already exists`)
        const lost = Users.find((user) => !userIn(directory, user))
        if (lost !== undefined) return failed(name, `User ${lost} not found`)
        const made = withGroup(directory, { name, description, createdMs: nowMs })
        directory = checkGroups(withMembers(made, name, Users), 'Groups')
        return done(name)
      })
      return { result: items, ...(directory !== was.directory && { directory }) }
    })
    return { Data: result }
  },
})
