/** Changes for tests that do not care what is in them, and one action for each verb, which the compiler holds complete. */
import {
  beginChange,
  type Change,
  type ChangeAction,
  type ChangeRequest,
} from '../../src/domain/cluster/change.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import type { ClusterSpec, Scope } from '../../src/domain/cluster/spec.ts'
import type { ChangeVerb } from '../../src/domain/operation.ts'
import { sampleCluster, type SampleMembers } from './sample.ts'

export const changeActions: { readonly [verb in ChangeVerb]: ChangeAction } = {
  restart: { kind: 'restart' },
  'scale-out': { kind: 'scale', direction: 'out' },
  'scale-in': { kind: 'scale', direction: 'in' },
  'resize-up': { kind: 'resize', aspect: 'compute', direction: 'up' },
  'resize-down': { kind: 'resize', aspect: 'compute', direction: 'down' },
  configure: { kind: 'configure' },
  upgrade: { kind: 'upgrade', direction: 'up' },
  downgrade: { kind: 'upgrade', direction: 'down' },
}

/** Its deadline is an hour after `nowMs`. */
export function sampleChange(
  action: ChangeAction,
  members: Partial<Omit<Change, 'kind'>> = {},
  nowMs = 0,
): ChangeRequest {
  return {
    ...action,
    scope: { of: 'cluster' },
    operation: 'op-1',
    rolling: false,
    deadlineMs: nowMs + 3_600_000,
    supply: { before: [], after: [] },
    ...members,
  }
}

export interface ChangingMembers {
  readonly scope?: Scope
  /** The cluster before the change; it runs. */
  readonly cluster?: SampleMembers
  /** What is wanted of it; without it, what was. */
  readonly next?: (was: ClusterSpec) => ClusterSpec
  readonly change?: Partial<Omit<Change, 'kind'>>
  readonly nowMs?: number
}

/** A cluster in the middle of the change, which began at `nowMs`, or at time 0. */
export function changingCluster(action: ChangeAction, it: ChangingMembers = {}): Cluster {
  const { scope = { of: 'cluster' }, next = (spec) => spec, change = {}, nowMs = 0 } = it
  const status = { state: 'running', ...it.cluster?.status } as const
  const was = sampleCluster({ ...it.cluster, status })
  const request = sampleChange(action, { scope, ...change }, nowMs)
  return beginChange(was, { spec: next(was.spec), change: request }, nowMs)
}
