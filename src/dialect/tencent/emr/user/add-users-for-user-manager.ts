/** AddUsersForUserManager: users of the services of a cluster, with the groups that they are in (reference: api.json, appendix B). */
import { isSameName, withUsers, type DirectoryUser } from '../../../../domain/directory.ts'
import { integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { invalid } from '../refusal.ts'
import {
  besides,
  checkGroups,
  groupName,
  namesMax,
  password,
  remark,
  requireDirectory,
  userName,
  usersMax,
} from './rule.ts'

const user = object({
  UserName: userName,
  UserGroup: groupName,
  PassWord: password,
  ReMark: optional(remark),
  Groups: optional(list(groupName, { max: namesMax })),
})

export const addUsersForUserManager = action({
  name: 'AddUsersForUserManager',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidInstanceName'),
    UserManagerUserList: list(user, {
      min: 1,
      max: namesMax,
      code: 'LimitExceeded.RequestBacklogExceedsLimit',
    }),
  },
  output: { SuccessUserList: list(text()), FailedUserList: list(text()), FlowId: integer() },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, UserManagerUserList: asked }) {
    const { result, flow } = await core.directories.change(call, id, (was, { nowMs, seal }) => {
      requireDirectory(was.cluster)
      // The first of a name is the one that is meant; one that there is already stays as it is. LDAP knows no case of names.
      const isNew = ({ UserName: name }: (typeof asked)[number], at: number) =>
        !was.directory.users.some((known) => isSameName(known.name, name)) &&
        asked.findIndex((each) => isSameName(each.UserName, name)) === at
      const users = asked.filter(isNew).map((it): DirectoryUser => ({
        name: it.UserName,
        group: it.UserGroup,
        groups: besides(it.UserGroup, it.Groups),
        remark: it.ReMark ?? '',
        password: seal({ name: it.UserName }, it.PassWord),
        createdMs: nowMs,
      }))
      checkCount(was.directory.users.length + users.length)
      const added = users.map(({ name }) => name)
      const failed = asked.filter((it, at) => !isNew(it, at)).map(({ UserName }) => UserName)
      const directory = checkGroups(withUsers(was.directory, users), 'UserManagerUserList')
      return { result: { added, failed }, ...(users.length > 0 && { directory }) }
    })
    return { SuccessUserList: result.added, FailedUserList: result.failed, FlowId: flow }
  },
})

function checkCount(count: number): void {
  if (count <= usersMax) return
  throw invalid({
    name: 'UserManagerUserList',
    code: 'LimitExceeded.UserCountExceedsLimit',
    rule: `a cluster has at most ${usersMax} users`,
    value: count,
  })
}
