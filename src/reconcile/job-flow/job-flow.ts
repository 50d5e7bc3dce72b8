/**
 * Reconciles one job flow: runs its steps one after the other, as scripts on its node, and ends its cluster where that was asked for. A
 * step is run at most once, however often this is killed: the substrate knows it by its id.
 */
import type { Clock } from '../../kernel/clock.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { stateTraits } from '../../domain/cluster/lifecycle.ts'
import {
  abandoned,
  jobOf,
  openStep,
  scriptOf,
  withStep,
  type JobFlow,
} from '../../domain/job-flow.ts'
import { limits } from '../../limits.ts'
import type { Store, Stored } from '../../store/port.ts'
import type { Jobs, Substrate } from '../../substrate/port.ts'
import { wantedOf } from '../cluster/cluster.ts'
import type { Outcome } from '../cluster/step.ts'

export interface JobFlowReconciler {
  readonly kind: 'jobFlow'
  reconcile(id: string): Promise<Outcome>
}

export interface JobFlowReconcilerOptions {
  readonly store: Store
  readonly clock: Clock
  readonly sealer: Sealer
  readonly substrates: ReadonlyMap<string, Substrate>
  /** Begins the end of the cluster. */
  readonly release: (cluster: Cluster) => Promise<void>
}

const again = (againInMs: number | undefined): Outcome => ({ done: false, againInMs })

export function jobFlowReconciler(options: JobFlowReconcilerOptions): JobFlowReconciler {
  const { store } = options
  return {
    kind: 'jobFlow',
    async reconcile(id) {
      const found = await store.read((tx) => tx.findById('jobFlow', id))
      if (!found || found.document.state === 'finished') return { done: true }
      const flow = found.document
      const cluster = (await store.read((tx) => tx.findById('cluster', flow.cluster)))?.document
      if (!cluster || cluster.status.state === 'deleted')
        return save(options, found, { ...abandoned(flow), state: 'finished' })
      if (!stateTraits[cluster.status.state].modifiable)
        return save(options, found, { ...abandoned(flow), state: 'terminating' })
      if (!openStep(flow)) return ended(options, found, cluster)
      if (cluster.status.state === 'failed')
        return save(options, found, { ...abandoned(flow), state: 'finished' })
      if (cluster.status.state === 'creating')
        return save(options, found, { ...flow, state: 'applied' })
      // What is being changed, or is stopped, runs jobs when it is done.
      if (cluster.status.state !== 'running') return again(limits.pollMs)
      if (flow.state === 'applied') return save(options, found, { ...flow, state: 'ready' })
      return proceed(options, found, cluster)
    },
  }
}

async function proceed(
  options: JobFlowReconcilerOptions,
  found: Stored<'jobFlow'>,
  cluster: Cluster,
): Promise<Outcome> {
  const flow = found.document
  const open = openStep(flow)
  const substrate = options.substrates.get(cluster.substrate)
  if (open && substrate?.jobs) return submit(options, found, { ...open, jobs: substrate.jobs })
  if (!open || !substrate?.run) return save(options, found, abandoned(flow))
  const { step, at } = open
  const script = scriptOf(flow, step, at)
  const { runs = [], changesInMs } = await substrate.observe(cluster.id)
  const run = runs.find((each) => each.script === script.id && each.node === flow.node)
  if (!run) await substrate.run(wantedOf(cluster, options.sealer), script, [flow.node])
  if (!run || run.phase === 'running') {
    if (step.state === 'waiting')
      return save(options, found, withStep(flow, at, { state: 'running' }))
    return again(changesInMs ?? limits.pollMs)
  }
  const state = run.phase === 'done' ? 'succeeded' : 'failed'
  return save(options, found, withStep(flow, at, { state }))
}

const stateOf = { running: 'running', done: 'succeeded', failed: 'failed' } as const

/** Where the cluster's own services run it, by whose account it ends. */
async function submit(
  options: JobFlowReconcilerOptions,
  found: Stored<'jobFlow'>,
  { step, at, jobs }: NonNullable<ReturnType<typeof openStep>> & { readonly jobs: Jobs },
): Promise<Outcome> {
  const flow = found.document
  const job = jobOf(flow, step, at)
  const seen = await jobs.observe(flow.cluster, job)
  // Of a cluster that was made for it, nobody knew before.
  if (!seen && jobs.unmet(flow.cluster, job) !== undefined)
    return save(options, found, withStep(flow, at, { state: 'failed' }))
  if (!seen) await jobs.start(flow.cluster, job)
  const { phase, ...members } = seen ?? { phase: 'running' as const }
  const next = withStep(flow, at, { ...members, state: stateOf[phase] })
  // What runs is looked at again, also where something of it is new.
  const outcome = await save(options, found, next)
  return phase === 'running' ? again(limits.pollMs) : outcome
}

/** Its last step is behind it. */
async function ended(
  options: JobFlowReconcilerOptions,
  found: Stored<'jobFlow'>,
  cluster: Cluster,
): Promise<Outcome> {
  const flow = found.document
  if (!flow.endsCluster) return save(options, found, { ...flow, state: 'finished' })
  if (flow.state !== 'complete') return save(options, found, { ...flow, state: 'complete' })
  await options.release(cluster)
  return save(options, found, { ...flow, state: 'terminating' })
}

/** Clients wait for them: they are there for a while. */
const SHOWN: ReadonlySet<JobFlow['state']> = new Set(['ready', 'complete', 'terminating'])

async function save(
  { store }: JobFlowReconcilerOptions,
  found: Stored<'jobFlow'>,
  next: JobFlow,
): Promise<Outcome> {
  const isNew = JSON.stringify(next) !== JSON.stringify(found.document)
  if (isNew) await store.write((tx) => tx.save('jobFlow', found, next))
  if (next.state === 'finished') return { done: true }
  return again(isNew && !SHOWN.has(next.state) ? 0 : limits.pollMs)
}
