/** DeleteUserManagerUserList: users of a cluster go; those that are not there have gone already (reference: api.json, appendix B). */
import { userIn, withoutUsers } from '../../../../domain/directory.ts'
import { flag, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { given, missing, unsupported } from '../refusal.ts'
import { namesMax, requireDirectory } from './rule.ts'

const name = text({ trim: true, max: 64 })

export const deleteUserManagerUserList = action({
  name: 'DeleteUserManagerUserList',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidInstanceName'),
    UserNameList: optional(list(name, { max: namesMax })),
    TkeClusterId: optional(text()),
    DisplayStrategy: optional(text()),
    UserGroupList: optional(list(object({ UserName: name, UserGroup: name }), { max: namesMax })),
    DeleteHomeDir: flag({ default: false }),
  },
  output: { FlowId: integer() },
  faults: ['ClusterNotFound', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, UserNameList, UserGroupList, ...asked }) {
    for (const parameter of ['TkeClusterId', 'DisplayStrategy'] as const)
      if (given(asked[parameter]) !== undefined) throw unsupported(parameter, 'nodes are hosts')
    if (!UserNameList && !UserGroupList) throw missing('UserNameList')
    const { flow } = await core.directories.change(call, id, ({ cluster, directory }) => {
      requireDirectory(cluster)
      const grouped = (UserGroupList ?? []).filter(
        ({ UserName, UserGroup }) => userIn(directory, UserName)?.group === UserGroup,
      )
      const names = [...(UserNameList ?? []), ...grouped.map(({ UserName }) => UserName)]
      const known = names.filter((each) => userIn(directory, each))
      const left = withoutUsers(directory, known)
      return { result: undefined, ...(known.length > 0 && { directory: left }) }
    })
    return { FlowId: flow }
  },
})
