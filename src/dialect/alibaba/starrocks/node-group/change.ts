/** What the requests that change the resources of a node group have in common. Facts: reference alibaba-starrocks.md 3.2. */
import type { DependencyName } from '../../../../domain/dependency.ts'
import type { FaultCode } from '../../../../domain/fault.ts'
import { integer, optional } from '../../../../shape/shape.ts'
import { instanceId, regionId, shortText } from '../shape.ts'

const TARGET_MAX = 1_000_000

export const nodeGroupId = shortText('Node group id')

export const changeMembers = {
  InstanceId: instanceId,
  NodeGroupId: nodeGroupId,
  PromotionOptionNo: optional(shortText('Promotion option no')),
  RegionId: optional(regionId),
  Target: integer({ min: 0, max: TARGET_MAX, label: 'Target' }),
}

export const changeFaults: readonly FaultCode[] = [
  'ClusterNotFound',
  'NodeGroupNotFound',
  'ClusterBusy',
  'ParametersRefused',
  'NotSupported',
  'BalanceShort',
  'ResourceMissing',
  'ResourceUnfit',
  'ResourceShort',
  'QuotaExceeded',
]

export const changeAsks: readonly DependencyName[] = [
  'identity',
  'compute',
  'block-storage',
  'trade',
]
