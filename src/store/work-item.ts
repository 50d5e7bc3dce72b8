/**
 * Work items: what asks the reconciler to look at a document. An item is enqueued in the transaction that causes the work,
 * leased by a worker, and deleted only when it is completed, so that a crash loses none. One that is enqueued again while it
 * is leased survives its completion.
 *
 * Fencing: every lease has a token that no other lease had or will have. Whoever completes or requeues an item shows the token
 * of its lease; when the item has been leased to somebody else since, nothing is changed and the answer is false.
 *
 * Two clocks: an item is due by service time, a lease ends by machine time. Moving service time ends no lease.
 */
import type { Kind } from './document.ts'

export interface WorkItem {
  readonly kind: Kind
  readonly id: string
  /** Changes whenever the item is enqueued again. */
  readonly version: number
  /** How often in a row the work has failed. */
  readonly attempt: number
  /** The lease under which the item is held: a random number, so that no two leases share one, also over restarts. */
  readonly token: number
}

export interface LeaseRequest {
  /** Service time: what is due by then can be leased. */
  readonly nowMs: number
  /** Machine time: leases that end by then are over, and their holders have lost them. */
  readonly wallMs: number
  /** How long the leases last, in machine time. */
  readonly leaseMs: number
  readonly limit: number
  /** No lease ends by `wallMs`: whoever asked for the next end knows it. Otherwise those that did are ended first. */
  readonly noneEnded?: boolean
}

export interface WorkItemReader {
  /** Ids of documents in one of `states` that no work item stands for. */
  unqueued(kind: Kind, states: readonly string[], limit: number): Promise<readonly string[]>
}

export interface WorkItemWriter {
  /** Asks for work on a document at `dueMs`; an item that is there already gets the new time. */
  enqueue(kind: Kind, id: string, dueMs: number): Promise<void>
  /** Leases what is due, the longest overdue first. */
  lease(request: LeaseRequest): Promise<readonly WorkItem[]>
  /** Deletes the item. False when the lease was lost: then nothing is changed. */
  complete(item: WorkItem): Promise<boolean>
  /** Ends the lease and puts the work off; `failed` counts an attempt. False when the lease was lost: then nothing is changed. */
  requeue(item: WorkItem, dueMs: number, failed: boolean): Promise<boolean>
}
