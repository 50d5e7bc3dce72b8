/**
 * DescribeCvmQuota: how many machines the account may still have in a zone (reference: tencent-emr.md 5.7). Nothing is sold by auction
 * here, and no containers: those lists are empty.
 */
import { integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { zoneOf } from '../../catalogue/region.ts'
import { action } from '../action.ts'
import { invalid } from '../refusal.ts'
import { clusterId, clusterResource } from './cluster-id.ts'
import { findCluster } from './look-up.ts'

const quota = object({
  UsedQuota: integer(),
  RemainingQuota: integer(),
  TotalQuota: integer(),
  Zone: text(),
})

const podQuota = object({ NodeType: text(), Cpu: integer(), Memory: integer(), Number: integer() })

export const describeCvmQuota = action({
  name: 'DescribeCvmQuota',
  input: {
    ClusterId: clusterId('InvalidParameter.InvalidClusterId'),
    ZoneId: optional(integer()),
  },
  output: {
    PostPaidQuotaSet: list(quota),
    SpotPaidQuotaSet: list(quota),
    EksQuotaSet: list(podQuota),
  },
  faults: [],
  asks: ['account', 'identity', 'compute'],
  resources: (call, { ClusterId: id }) => [clusterResource(call, id)],
  async run(core, call, { ClusterId: id, ZoneId }) {
    const cluster = await findCluster(core, call, id)
    const none = { PostPaidQuotaSet: [], SpotPaidQuotaSet: [], EksQuotaSet: [] }
    // As the real service was seen to answer for an unknown cluster.
    if (!cluster) return none
    const zone = readZone(ZoneId, call.region) ?? cluster.spec.network.zone
    const of = { measure: 'machine', type: '', zone, charge: 'postpaid' } as const
    const share = await core.environments.quota(call, of)
    if (!share) return none
    const { used, most } = share
    const left = Math.max(0, most - used)
    const row = { UsedQuota: used, RemainingQuota: left, TotalQuota: most, Zone: zone }
    return { ...none, PostPaidQuotaSet: [row] }
  },
})

/** Throws InvalidParameterValue. */
function readZone(id: number | undefined, region: string): string | undefined {
  if (id === undefined || id === 0) return undefined
  const found = zoneOf(id)
  if (found?.region.name === region) return found.zone.name
  const rule = `it must be the number of a zone of ${region}`
  throw invalid({ name: 'ZoneId', code: 'InvalidParameterValue', rule, value: id })
}
