/**
 * IsolateLeader: the leader of the frontends takes no clients any more, whom the others of the default gateway serve; or it takes
 * them again. Facts: reference alibaba-starrocks.md 3.2, 6.1.
 */
import { routesOf } from '../../../../domain/cluster/access.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { accessAsks, accessFaults, accessOf, frontendsOf, refused } from '../instance/access.ts'
import { instanceId, instanceResources, regionId } from '../shape.ts'

export const isolateLeader = action({
  name: 'IsolateLeader',
  input: { InstanceId: instanceId, IsolateLeader: flag(), RegionId: optional(regionId) },
  output: { Data: flag() },
  faults: accessFaults,
  asks: accessAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId, IsolateLeader: leaderIsolated }) {
    await core.clusters.setAccess(call, InstanceId, (was) => {
      const before = accessOf(was)
      if (before.leaderIsolated === leaderIsolated)
        throw refused('IsolateLeader', `isolate leader is ${leaderIsolated} already`)
      const access = { ...before, leaderIsolated }
      const [route] = routesOf(access, frontendsOf(was))
      if (route?.frontends.length === 0)
        throw refused('IsolateLeader', 'the default gateway has no frontend beside the leader')
      return { action: { kind: 'access', aspect: 'gateway' }, access }
    })
    return { Data: true }
  },
})
