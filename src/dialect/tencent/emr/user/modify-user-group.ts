/** ModifyUserGroup: the groups that users of a cluster are in (reference: api.json, appendix B). */
import { withUser } from '../../../../domain/directory.ts'
import { integer, list, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { missing } from '../refusal.ts'
import {
  besides,
  checkGroups,
  groupName,
  namesMax,
  remark,
  requireDirectory,
  requireUsers,
  userName,
} from './rule.ts'

export const modifyUserGroup = action({
  name: 'ModifyUserGroup',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidJobFlow'),
    Users: list(userName, { min: 1, max: namesMax }),
    UserGroup: optional(groupName),
    Groups: optional(list(groupName, { max: namesMax })),
    Remark: optional(remark),
  },
  output: { FlowId: integer() },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Users: users, UserGroup: group, Groups, Remark }) {
    // Optional in the schema for clusters of containers only.
    if (group === undefined) throw missing('UserGroup')
    const { flow } = await core.directories.change(call, id, (was, { nowMs }) => {
      requireDirectory(was.cluster)
      requireUsers(was.directory, { name: 'Users', users })
      const directory = users.reduce(
        (next, name) =>
          withUser(next, name, {
            change: (user) => ({
              ...user,
              group,
              groups: besides(group, Groups ?? user.groups),
              remark: Remark ?? user.remark,
            }),
            nowMs,
          }),
        was.directory,
      )
      return { directory: checkGroups(directory, 'Groups'), result: undefined }
    })
    return { FlowId: flow }
  },
})
