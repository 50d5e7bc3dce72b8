/**
 * TerminateClusterNodes: removes nodes of a role by the ids of their machines (reference: tencent-emr.md 5.4, 7.1). Task and router
 * nodes go at once, or within GraceDownTime when they may finish their work; all others hold data and go when it is safe.
 */
import { choice, flag, integer } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { machineIdOf } from '../identifier.ts'
import { invalid } from '../refusal.ts'
import { removal } from './removal.ts'
import { machineIdList } from './selection.ts'

export const terminateClusterNodes = action({
  name: 'TerminateClusterNodes',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    CvmInstanceIds: machineIdList('InvalidParameter.InvalidResourceIds'),
    NodeFlag: choice(['MASTER', 'TASK', 'CORE', 'ROUTER'], {
      code: 'InvalidParameter.InvalidNodeFlag',
    }),
    GraceDownFlag: flag({ default: false }),
    GraceDownTime: integer({ min: 0, max: 1800, default: 0 }),
  },
  output: { FlowId: integer() },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported', 'BalanceShort'],
  asks: ['account', 'identity', 'compute', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const seconds = readGrace(input.GraceDownTime)
    const role = ROLES[input.NodeFlag]
    const holdsData = role !== 'task' && role !== 'router'
    const graceMs = input.GraceDownFlag ? seconds * 1000 : 0
    const selection = {
      name: 'CvmInstanceIds',
      ids: input.CvmInstanceIds,
      idOf: (node: { readonly id: string }) => machineIdOf(node.id),
      code: 'ResourceNotFound.CvmInstanceNotFound',
    }
    const { flow } = await core.clusters.scale(call, input.InstanceId, {
      ...removal(core, { role, selection }),
      ...(holdsData ? {} : { graceMs }),
    })
    return { FlowId: flow }
  },
})

const ROLES = { MASTER: 'master', TASK: 'task', CORE: 'core', ROUTER: 'router' } as const
const GRACE_SECONDS = { least: 60, most: 1800 }

/** 0 is what the documents' example sends: as if it was left out, and then nodes get all the time there is. */
function readGrace(seconds: number): number {
  const { least, most } = GRACE_SECONDS
  if (seconds === 0) return most
  if (seconds >= least) return seconds
  const rule = `it must be between ${least} and ${most} seconds`
  throw invalid({ name: 'GraceDownTime', code: 'InvalidParameterValue', rule, value: seconds })
}
