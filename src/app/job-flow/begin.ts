/** Begins a job flow in the transaction that it is asked for in, or that makes the cluster for it. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { jobOf, type JobFlow } from '../../domain/job-flow.ts'
import type { Writer } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { recordOperation, type OperationParts } from '../cluster/modify.ts'
import type { Placement } from '../cluster/placement.ts'

export type NewJobFlow = Pick<JobFlow, 'name' | 'node' | 'endsCluster' | 'steps'>

export interface JobFlowParts extends OperationParts {
  readonly placement: Pick<Placement, 'checkJobs'>
}

export function jobFlowId(number: number): string {
  return `job-flow-${number}`
}

/** Throws NotSupported for what the cluster cannot run; of one that is still to be made, that is found out when it is there. */
export async function beginJobFlow(
  tx: Writer,
  parts: JobFlowParts,
  it: {
    readonly call: Call
    readonly cluster: Cluster
    readonly number: number
    readonly members: NewJobFlow
  },
): Promise<void> {
  const { call, cluster, number, members } = it
  const { id: subject, account, status } = cluster
  const id = jobFlowId(number)
  const isThere = status.state !== 'creating' && status.state !== 'unpaid'
  const jobs = isThere ? members.steps.map((step, at) => jobOf({ id }, step, at)) : []
  parts.placement.checkJobs(cluster, jobs)
  const nowMs = parts.clock.now()
  const flow: JobFlow = {
    id,
    number,
    account,
    cluster: subject,
    ...members,
    state: 'waiting',
    createdMs: nowMs,
  }
  await tx.insert('jobFlow', flow, nowMs)
  await tx.enqueue('jobFlow', id, nowMs)
  await recordOperation(tx, parts, { call, id: subject, verb: 'run-job-flow' })
}
