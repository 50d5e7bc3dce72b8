/** DescribeUsersForUserManager: the users of a cluster, the latest first, never with their passwords (reference: api.json, examples.json). */
import type { DirectoryUser } from '../../../../domain/directory.ts'
import { choice, flag, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { clusterExtension } from '../cluster/extension.ts'
import { given } from '../refusal.ts'
import { timeText } from '../time-text.ts'
import { usersMax } from './rule.ts'

const view = object({
  UserName: text(),
  UserGroup: text(),
  UserType: text(),
  CreateTime: text(),
  SupportDownLoadKeyTab: flag(),
  DownLoadKeyTabUrl: text(),
})

/** All that are made here; what a cluster begins with is kept by its machines. */
const TYPE = 'NormalUser'

export const describeUsersForUserManager = action({
  name: 'DescribeUsersForUserManager',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidInstanceName'),
    PageNo: integer(),
    PageSize: integer(),
    UserManagerFilter: optional(
      object({
        UserName: optional(text({ max: 64 })),
        UserType: optional(choice(['Manager', TYPE])),
        Groups: optional(text({ max: 64 })),
      }),
    ),
    NeedKeytabInfo: flag({ default: false }),
  },
  output: { TotalCnt: integer(), UserManagerUserList: list(view) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, PageNo, PageSize, UserManagerFilter, NeedKeytabInfo }) {
    const { cluster, directory } = await core.directories.get(call, id)
    const found = directory.users.toReversed().filter(matching(UserManagerFilter ?? {}))
    // Kerberos makes key tables; none is ready here.
    const keytab = NeedKeytabInfo && clusterExtension(cluster).security
    const { from, count } = pageOf(PageNo, PageSize)
    return {
      TotalCnt: found.length,
      UserManagerUserList: found.slice(from, from + count).map((user) => ({
        UserName: user.name,
        UserGroup: user.group,
        UserType: TYPE,
        CreateTime: timeText(user.createdMs),
        SupportDownLoadKeyTab: keytab,
        DownLoadKeyTabUrl: '',
      })),
    }
  },
})

/** Pages count from 1; what is no page is all of them. */
function pageOf(page: number, size: number): { readonly from: number; readonly count: number } {
  return page < 1 || size < 1
    ? { from: 0, count: usersMax }
    : { from: (page - 1) * size, count: size }
}

function matching(asked: { UserName?: string; UserType?: string; Groups?: string }) {
  const name = given(asked.UserName)
  const wanted = given(asked.Groups)
  return ({ name: own, group, groups }: DirectoryUser): boolean =>
    (name === undefined || own === name) &&
    (asked.UserType === undefined || asked.UserType === TYPE) &&
    (wanted === undefined || group === wanted || groups.includes(wanted))
}
