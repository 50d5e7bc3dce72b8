/** DeleteGroupsSTD: groups of a cluster's users go; each is answered by itself (reference: api.json, examples.json). */
import { groupIn, withoutGroup } from '../../../../domain/directory.ts'
import { integer, list } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { groupName, namesMax, requireDirectory } from '../user/rule.ts'
import { done, failed, resultItem } from './shape.ts'

export const deleteGroupsStd = action({
  name: 'DeleteGroupsSTD',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidInstanceName'),
    GroupNames: list(groupName, { min: 1, max: namesMax }),
  },
  output: { Data: list(resultItem), FlowId: integer() },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, GroupNames: names }) {
    const { result, flow } = await core.directories.change(call, id, (was) => {
      requireDirectory(was.cluster)
      let directory = was.directory
      const items = names.map((name) => {
        if (!groupIn(directory, name))
          return failed(name, `Group ${name} not found or being processed`)
        if (directory.users.some(({ group }) => group === name))
          return failed(name, `Group ${name} is the first group of users`)
        directory = withoutGroup(directory, name)
        return done(name)
      })
      return { result: items, ...(directory !== was.directory && { directory }) }
    })
    return { Data: result, FlowId: flow }
  },
})
