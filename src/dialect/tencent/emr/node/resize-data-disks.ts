/**
 * ResizeDataDisks: larger cloud disks for chosen nodes (reference: tencent-emr.md 5.9, appendix B, api.json). Without DiskIds and
 * ResizeAll, all data disks of the nodes are meant.
 */
import { flag, integer, list, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { growthOf, readGrowth } from './disk-growth.ts'
import { machineIdList } from './selection.ts'
import { termsOf } from './terms.ts'

export const resizeDataDisks = action({
  name: 'ResizeDataDisks',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    DiskSize: integer({ code: 'InvalidParameter.InvalidDiskSize' }),
    CvmInstanceIds: machineIdList('InvalidParameterValue'),
    DiskIds: optional(list(text({ trim: true }), { max: 1000 })),
    ResizeAll: optional(flag()),
  },
  output: { FlowId: integer() },
  faults: [
    'ClusterNotFound',
    'ClusterBusy',
    'NotSupported',
    'BalanceShort',
    'ResourceShort',
    'QuotaExceeded',
  ],
  asks: ['account', 'identity', 'block-storage', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const request = readGrowth(input)
    const { flow } = await core.clusters.resize(call, input.InstanceId, {
      aspect: 'disk-size',
      rolling: false,
      resize: (was) => growthOf(was, request),
      terms: termsOf(core),
    })
    return { FlowId: flow }
  },
})
