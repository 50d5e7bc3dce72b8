/** The next step for a cluster: what `plan` decides and the reconciler executes. */
import type { ClusterEvent } from '../../domain/cluster/lifecycle.ts'
import type { ClusterSpec } from '../../domain/cluster/spec.ts'
import type { Script } from '../../domain/script.ts'
import type { Writer } from '../../store/port.ts'

export type Step =
  /**
   * Brings the world towards the spec: the whole of what is wanted, or a stage on the way. `hold` leaves engines stopped;
   * `graceOver` removes what is not wanted, drained or not.
   */
  | {
      readonly do: 'apply'
      readonly spec: ClusterSpec
      readonly hold?: boolean
      readonly graceOver?: boolean
      /** What is waited for when it is under way, where that is not the start of nodes. */
      readonly wait?: Pick<Wait, 'reason' | 'during'>
    }
  | { readonly do: 'drain'; readonly nodes: readonly string[] }
  | { readonly do: 'run'; readonly script: Script; readonly nodes: readonly string[] }
  | { readonly do: 'remove' }
  | { readonly do: 'record'; readonly event: ClusterEvent; readonly reason: string }
  /** What was wanted before the change is wanted again. */
  | { readonly do: 'revert'; readonly reason: string }
  | Wait
  /** What was seen is recorded; there is nothing else to do. */
  | { readonly do: 'rest' }

/**
 * Settles the work item in the transaction that records what was done: completes it, or puts it off until `againAtMs`. False when its
 * lease was lost.
 */
export type Completion = (tx: Writer, againAtMs?: number) => Promise<boolean>

/** `during` names the step of the operation that is waited for. */
export interface Wait {
  readonly do: 'wait'
  readonly reason: string
  readonly forMs: number | undefined
  readonly during?: string
}

/**
 * Done, or come back in `againInMs` (undefined: the loop decides), or at a moment, which how long the step took does not put off. `settled`: the
 * work item was settled with what was recorded; false when its lease was lost.
 */
export type Outcome = { readonly settled?: boolean } & (
  | { readonly done: true }
  | { readonly done: false; readonly againInMs: number | undefined; readonly againAtMs?: undefined }
  | { readonly done: false; readonly againAtMs: number; readonly againInMs?: undefined }
)
