/** A job flow: commands that are run on a node of a cluster, one after the other; with their end the cluster may end too. Pure. */
import type { Script } from './script.ts'

export interface JobStep {
  readonly name: string
  /** What runs it: `hadoop jar`. */
  readonly command: string
  readonly args: readonly string[]
  /** Whom it runs as. */
  readonly user: string
  /** Whether the cluster ends when it fails; the next step is run otherwise. */
  readonly endsCluster: boolean
  readonly state: 'waiting' | 'running' | 'succeeded' | 'failed'
  /** What the service that runs it calls it. */
  readonly application?: string
}

/** A step as it is submitted to the services of its cluster, at most once by its id. */
export interface Job {
  readonly id: string
  readonly command: string
  readonly args: readonly string[]
  readonly user: string
}

/** Something of it is still to come. */
export const openJobFlowStates = [
  'waiting',
  'applied',
  'ready',
  'running',
  'complete',
  'terminating',
] as const

export interface JobFlow {
  readonly id: string
  /** By which clients name it. */
  readonly number: number
  readonly account: string
  readonly cluster: string
  /** The node that runs it. */
  readonly node: string
  readonly name: string
  /** Whether its cluster ends with it. */
  readonly endsCluster: boolean
  /** `applied`: its cluster is being made for it; `ready`: that is there. */
  readonly state: (typeof openJobFlowStates)[number] | 'finished'
  readonly steps: readonly JobStep[]
  readonly createdMs: number
}

/** The step that is to be run or runs, and its place; undefined when there is none any more. */
export function openStep({
  steps,
}: JobFlow): { readonly step: JobStep; readonly at: number } | undefined {
  const at = steps.findIndex(({ state }) => state === 'waiting' || state === 'running')
  const step = steps[at]
  return step && { step, at }
}

/** As it is submitted where there are services that take it. */
export function jobOf({ id }: Pick<JobFlow, 'id'>, step: JobStep, at: number): Job {
  const { command, args, user } = step
  return { id: `${id}-${at}`, command, args, user }
}

/** As a substrate runs it, at most once. */
export function scriptOf({ id }: JobFlow, step: JobStep, at: number): Script {
  const { name, command: uri, args } = step
  return { id: `${id}.${at}`, name, uri, args, remark: '', moment: 'after-start', order: at }
}

export function withStep(
  flow: JobFlow,
  at: number,
  { state, application }: Pick<JobStep, 'state' | 'application'>,
): JobFlow {
  const own = application === undefined ? {} : { application }
  const steps = flow.steps.map((step, each) => (each === at ? { ...step, ...own, state } : step))
  const failed = state === 'failed' && flow.steps[at]?.endsCluster
  const next = { ...flow, state: 'running' as const, steps }
  return failed ? { ...abandoned(next), endsCluster: true } : next
}

/** Nothing that has not ended comes to an end any more. */
export function abandoned(flow: JobFlow): JobFlow {
  const steps = flow.steps.map((step) =>
    step.state === 'waiting' || step.state === 'running'
      ? { ...step, state: 'failed' as const }
      : step,
  )
  return { ...flow, steps }
}
