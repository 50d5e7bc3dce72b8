/** What the requests that change the resources of a node group have in common. Facts: reference alibaba-starrocks.md 3.2. */
import type { DependencyName } from '../../../../domain/dependency.ts'
import type { FaultCode } from '../../../../domain/fault.ts'
import { flag, integer, object, optional, text } from '../../../../shape/shape.ts'
import { instanceId, regionId, shortText } from '../shape.ts'

const TARGET_MAX = 1_000_000

export const nodeGroupId = shortText('Node group id')

/** Which group a request is about. */
export const groupMembers = {
  InstanceId: instanceId,
  NodeGroupId: nodeGroupId,
  RegionId: optional(regionId),
}

export const promotionMember = { PromotionOptionNo: optional(shortText('Promotion option no')) }

/** Of a request that makes an order. */
export const orderMembers = { AutoPay: flag({ default: true, example: false }), ...promotionMember }

export const fastModeMember = { FastMode: optional(flag()) }

/** The target of a change that is a number. */
export const numberTarget = {
  Target: integer({ min: 0, max: TARGET_MAX, label: 'Target' }),
}

/** The id of the order by which a subscription pays for the change. */
export const orderOutput = { Data: integer() }

export const preCheckOutput = { Data: object({ Allow: flag(), Reason: text() }) }

const refused: readonly FaultCode[] = [
  'ClusterNotFound',
  'NodeGroupNotFound',
  'ClusterBusy',
  'ParametersRefused',
  'NotSupported',
  'ResourceMissing',
  'ResourceUnfit',
]

export const changeFaults: readonly FaultCode[] = [
  ...refused,
  'BalanceShort',
  'ResourceShort',
  'QuotaExceeded',
]

/** An inquiry asks neither supply nor funds. */
export const inquiryFaults = refused

export const preCheckAsks: readonly DependencyName[] = ['identity', 'compute', 'block-storage']

export const changeAsks: readonly DependencyName[] = [...preCheckAsks, 'trade']
