/**
 * ModifyResource: other machines for chosen nodes of one role, or for the whole cluster (reference: tencent-emr.md appendix B,
 * api.json). Without InstanceType each node keeps its family. Nodes are stopped for it, all at once.
 */
import { integer, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { checkToken } from '../cluster/option.ts'
import { given } from '../refusal.ts'
import { exchangeOf } from './machine-exchange.ts'
import { resourceIdList } from './selection.ts'
import { termsOf } from './terms.ts'

export const modifyResource = action({
  name: 'ModifyResource',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidResourceId'),
    PayMode: integer({ allowed: [0, 1], code: 'InvalidParameter.InvalidPaymode' }),
    NewCpu: integer({ min: 1, code: 'InvalidParameter.InvalidModifySpec' }),
    NewMem: integer({ min: 1, code: 'InvalidParameter.InvalidModifySpec' }),
    ClientToken: optional(text()),
    InstanceType: optional(text()),
    ResourceIdList: optional(resourceIdList('InvalidParameter.InvalidResourceId', { min: 0 })),
  },
  output: { TraceId: text() },
  faults: [
    'ClusterNotFound',
    'ClusterBusy',
    'IdempotencyConflict',
    'BalanceShort',
    'NotSupported',
    'ResourceShort',
    'QuotaExceeded',
  ],
  asks: ['account', 'identity', 'compute', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const { ClientToken, ...parameters } = input
    const token = checkToken(ClientToken)
    const type = given(input.InstanceType)
    const machine = {
      payMode: input.PayMode,
      cpu: input.NewCpu,
      memoryGb: input.NewMem,
      instanceType: type,
    }
    const { trace } = await core.clusters.resize(call, input.InstanceId, {
      key: { token, parameters: { ...parameters, Region: call.region } },
      aspect: type === undefined ? 'compute' : 'machine',
      rolling: false,
      resize: (was) => exchangeOf(was, { machine, ids: input.ResourceIdList ?? [] }),
      terms: termsOf(core),
    })
    return { TraceId: trace }
  },
})
