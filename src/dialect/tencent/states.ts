/**
 * From the core's states to this cloud's codes and words, exhaustive by type (reference: tencent-emr.md 4.1-4.3).
 *
 * An isolated cluster is shown as 201, which is what the Terraform provider waits for after the first TerminateInstance of a
 * prepaid cluster; the documented 19 and 23 pass at once.
 */
import type { ClusterState } from '../../domain/cluster/lifecycle.ts'
import type { OperationStatus, OperationStep } from '../../domain/operation.ts'
import { statusText } from './catalogue/status.ts'

export const statusOf: { readonly [state in ClusterState]: number } = {
  unpaid: 0,
  creating: 3,
  running: 2,
  changing: 22,
  failed: 301,
  suspended: 10,
  resuming: 12,
  isolated: 201,
  deleting: 14,
  deleted: -2,
}

/** States by ascending code, as a listing sorts them. */
export const statesByStatus: readonly ClusterState[] = (
  Object.keys(statusOf) as ClusterState[]
).sort((one, other) => statusOf[one] - statusOf[other])

export function statesOf(status: number): readonly ClusterState[] {
  return statesByStatus.filter((state) => statusOf[state] === status)
}

/** `集群运行中`; `Running`. */
export function stateText(state: ClusterState, language: 'zh' | 'en'): string {
  return statusText(statusOf[state], language) ?? ''
}

export const flowStatusOf: { readonly [status in OperationStatus]: number } = {
  running: 1,
  completed: 2,
  failed: -1,
}

export const stageStatusOf: { readonly [status in OperationStep['status']]: number } = {
  waiting: 0,
  running: 1,
  completed: 2,
  failed: -1,
}

export const stageStatusText: {
  readonly [status in OperationStep['status']]: { readonly zh: string; readonly en: string }
} = {
  waiting: { zh: '未启动', en: 'Not started' },
  running: { zh: '进行中', en: 'In progress' },
  completed: { zh: '已完成', en: 'Completed' },
  failed: { zh: '失败', en: 'Failed' },
}

/** The number and the name of a role of nodes; the router's number is nowhere documented. */
export const roleOf: ReadonlyMap<string, { readonly flag: number; readonly title: string }> =
  new Map([
    ['common', { flag: 0, title: 'Common' }],
    ['master', { flag: 1, title: 'Master' }],
    ['core', { flag: 2, title: 'Core' }],
    ['task', { flag: 3, title: 'Task' }],
    ['router', { flag: 4, title: 'Router' }],
  ])
