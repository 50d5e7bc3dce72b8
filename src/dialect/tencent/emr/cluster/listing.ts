/** What DescribeInstances and DescribeInstancesList have in common: which clusters, in which order, which part of them. */
import type { ClusterListing } from '../../../../app/cluster/list.ts'
import type { Call } from '../../../../app/call.ts'
import { choice, integer } from '../../../../shape/shape.ts'
import { statesByStatus } from '../../states.ts'

/** Both cap a page at 100. */
export const pageSizeMax = 100

/** Clusters in one answer when a listing asks for all of them by paging with 0 and 0. */
export const allMax = 1000

const STRATEGIES = [
  'clusterList',
  'monitorManage',
  'cloudHardwareManage',
  'componentManage',
] as const

export const displayStrategy = choice(STRATEGIES, {
  code: 'InvalidParameter.DisplayStrategyNotMatch',
})

export const orderField = choice(['clusterId', 'addTime', 'status'], {
  default: 'addTime',
  ignoreCase: true,
  code: 'InvalidParameter.OrderFieldNotMatch',
})

/** 1 ascending, 0 descending. Another edition of the list's page says the opposite for it; both follow this one. */
export const ascending = integer({ allowed: [0, 1], default: 0 })

export interface Asked {
  readonly DisplayStrategy: (typeof STRATEGIES)[number]
  readonly OrderField: 'clusterId' | 'addTime' | 'status'
  readonly Asc: number
}

export function listingOf(
  call: Call,
  asked: Asked,
  page: { readonly offset: number; readonly limit: number },
): ClusterListing {
  const up = asked.Asc === 1
  const order = {
    clusterId: up ? ('id' as const) : ('id-descending' as const),
    addTime: up ? ('oldest' as const) : ('newest' as const),
    status: up ? ('state' as const) : ('state-descending' as const),
  }[asked.OrderField]
  const settled = asked.DisplayStrategy !== 'clusterList'
  return {
    ...(call.region === '' ? {} : { region: call.region }),
    exceptStates: settled ? ['deleted', 'creating', 'failed'] : ['deleted'],
    order,
    ...(asked.OrderField === 'status' ? { stateRank: statesByStatus } : {}),
    ...page,
  }
}

/**
 * The rows of a page. Offset is documented as a page's number, and used as a row's number by clients that add Limit to it: an
 * Offset of at least Limit can hardly be the former (reference: tencent-emr.md 7.1).
 */
export function pageOf(offset: number, limit: number): { offset: number; limit: number } {
  return { offset: offset >= limit ? offset : offset * limit, limit }
}
