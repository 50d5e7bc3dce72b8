/** ModifyUserManagerPwd: another password for a user of a cluster (reference: api.json, appendix B). */
import { withUser } from '../../../../domain/directory.ts'
import { flag, integer } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { unsupported } from '../refusal.ts'
import { password, requireDirectory, requireUser, userName } from './rule.ts'

export const modifyUserManagerPwd = action({
  name: 'ModifyUserManagerPwd',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidInstanceName'),
    UserName: userName,
    PassWord: password,
    SyncPwd: flag({ default: false }),
  },
  output: { FlowId: integer() },
  faults: ['ClusterNotFound', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, UserName: name, PassWord: text, SyncPwd }) {
    if (SyncPwd) throw unsupported('SyncPwd', 'passwords are kept in one place')
    const { flow } = await core.directories.change(call, id, (was, { nowMs, seal }) => {
      requireDirectory(was.cluster)
      requireUser(was.directory, name)
      const sealed = seal({ name }, text)
      const directory = withUser(was.directory, name, {
        change: (user) => ({ ...user, password: sealed }),
        nowMs,
      })
      return { directory, result: undefined }
    })
    return { FlowId: flow }
  },
})
