/**
 * AttachDisks: new data disks for chosen nodes (reference: tencent-emr.md 1, appendix B, api.json). There are no disks apart from nodes
 * here, so that only new ones can be attached.
 */
import { choice, flag, integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { given, invalid, missing, unsupported } from '../refusal.ts'
import { attachmentOf } from './disk-attachment.ts'
import { machineIdList } from './selection.ts'
import { termsOf } from './terms.ts'

const MONTHLY = 1

export const attachDisks = action({
  name: 'AttachDisks',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    DiskIds: optional(list(text({ trim: true, max: 64 }), { max: 100 })),
    AlignType: optional(choice(['AUTO_RENEW', 'ALIGN_DEADLINE'])),
    CvmInstanceIds: optional(machineIdList('InvalidParameterValue')),
    CreateDisk: flag({ default: false }),
    DiskSpec: optional(
      object({
        Count: optional(integer()),
        Name: optional(text({ max: 64 })),
        DiskType: optional(text()),
        DefaultDiskSize: optional(integer()),
      }),
    ),
    DeleteWithInstance: optional(flag()),
    SelectiveConfServices: optional(list(text({ max: 64 }), { max: 20 })),
    ChargeType: optional(integer({ allowed: [MONTHLY, 3] })),
    UnderWriteDuration: optional(integer()),
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
    const attachment = readAttachment(input)
    const { flow } = await core.clusters.resize(call, input.InstanceId, {
      aspect: 'disk-count',
      rolling: false,
      resize: (was) => attachmentOf(was, attachment),
      terms: termsOf(core),
    })
    return { FlowId: flow }
  },
})

interface Input {
  readonly DiskIds?: readonly string[] | undefined
  readonly AlignType?: 'AUTO_RENEW' | 'ALIGN_DEADLINE' | undefined
  readonly CvmInstanceIds?: readonly string[] | undefined
  readonly CreateDisk: boolean
  readonly DiskSpec?:
    | { Count?: number; Name?: string; DiskType?: string; DefaultDiskSize?: number }
    | undefined
  readonly DeleteWithInstance?: boolean | undefined
  readonly SelectiveConfServices?: readonly string[] | undefined
  readonly ChargeType?: number | undefined
  readonly UnderWriteDuration?: number | undefined
}

function readAttachment(input: Input) {
  const { DiskIds: ids = [], DiskSpec: spec, CvmInstanceIds: machines } = input
  if (ids.length > 0) {
    const rule = 'there is no such disk: disks are made with their nodes, or with CreateDisk'
    throw invalid({ name: 'DiskIds.0', code: 'InvalidParameterValue', rule, value: ids[0] })
  }
  if (!input.CreateDisk) throw missing('DiskIds')
  if (!machines) throw missing('CvmInstanceIds')
  if (!spec) throw missing('DiskSpec')
  if (given(spec.Name) !== undefined)
    throw unsupported('DiskSpec.Name', 'a disk is called after its node')
  if (input.DeleteWithInstance === false)
    throw unsupported('DeleteWithInstance', 'a disk goes with its node')
  if ((input.SelectiveConfServices ?? []).length > 0) throw unsupported('SelectiveConfServices')
  if (input.ChargeType === 3) throw unsupported('ChargeType', 'nothing is sold at a flat rate')
  if ((input.UnderWriteDuration ?? 0) !== 0) throw unsupported('UnderWriteDuration')
  const { DiskType: type, DefaultDiskSize: size } = spec
  if (given(type) === undefined) throw missing('DiskSpec.DiskType', 'CLOUD_SSD')
  if (size === undefined) throw missing('DiskSpec.DefaultDiskSize', 200)
  return {
    machines,
    disk: { diskType: given(type) ?? '', sizeGb: size, count: spec.Count ?? 1 },
    chargeType: input.ChargeType,
    alignment: input.AlignType,
  }
}
