/** Legal requests about the users of a cluster; EMR-ID stands for it. */
import { ask, type Caller } from './tencent-client.ts'

const InstanceId = 'EMR-ID'

export const userRequests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  AddUsersForUserManager: {
    InstanceId,
    UserManagerUserList: [
      {
        UserName: 'user1',
        UserGroup: 'group1',
        PassWord: 'ceshi123',
        ReMark: 'ceshi',
        Groups: ['group1'],
      },
    ],
  },
  CreateGroupsSTD: {
    InstanceId,
    Groups: [{ GroupName: 'group4', Description: 'ceshi', Users: [] }],
  },
  DeleteGroupsSTD: { InstanceId, GroupNames: ['group1', 'group2'] },
  DeleteUserManagerUserList: { InstanceId, UserNameList: ['user1'], DeleteHomeDir: true },
  DescribeGroupsSTD: { InstanceId },
  DescribeUsersForUserManager: {
    InstanceId,
    UserManagerFilter: { UserName: 'sam' },
    PageSize: 0,
    PageNo: 0,
    NeedKeytabInfo: true,
  },
  ModifyUserGroup: {
    InstanceId,
    Users: ['user1'],
    UserGroup: 'group4',
    Groups: ['group4'],
    Remark: 'modify',
  },
  ModifyUserManagerPwd: { InstanceId, UserName: 'user1', PassWord: 'EyKkiwbj2Nmmpg74' },
  ModifyUsersOfGroupSTD: { InstanceId, Group: 'group1', Users: ['user1'], Description: 'modify' },
}

const NEEDS_USER = ['ModifyUserGroup', 'ModifyUserManagerPwd', 'ModifyUsersOfGroupSTD']

/** What such a request needs is there. */
export async function prepareUser(caller: Caller, action: string, id: string): Promise<void> {
  if (!NEEDS_USER.includes(action)) return
  const request = { ...userRequests['AddUsersForUserManager'], InstanceId: id }
  await ask(caller, 'AddUsersForUserManager', request)
}
