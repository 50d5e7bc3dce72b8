/** TerminateDynamicInstances: Ray clusters go with their pods (reference: api.json, appendix B). */
import { integer, list } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { termsOf } from '../node/terms.ts'
import { podChangeFaults } from '../container/faults.ts'
import { rayIn, requireRay } from './rule.ts'
import { instanceType } from './shape.ts'

export const terminateDynamicInstances = action({
  name: 'TerminateDynamicInstances',
  input: {
    InstanceId: clusterId('FailedOperation'),
    DynamicInstanceType: instanceType,
    DynamicInstanceIds: list(integer({ min: 0 }), { min: 1, max: 20, code: 'FailedOperation' }),
  },
  output: { FlowId: integer() },
  faults: podChangeFaults,
  asks: ['account', 'identity', 'container-service', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, DynamicInstanceIds: numbers }) {
    const { flow } = await core.clusters.regroup(call, id, {
      regroup(was) {
        requireRay(was)
        const rays = numbers.map((number, at) =>
          rayIn(was, { name: `DynamicInstanceIds.${at}`, number }),
        )
        const gone = new Set(rays.flatMap(({ head, workers }) => [head, ...workers]))
        return {
          action: { kind: 'scale', direction: 'in' },
          groups: was.spec.groups.filter((group) => !gone.has(group)),
        }
      },
      terms: termsOf(core),
    })
    return { FlowId: flow }
  },
})
