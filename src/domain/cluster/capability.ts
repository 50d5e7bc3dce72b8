/** What a substrate can do, as data. What it lacks is refused when it is asked for. Pure. */
import { Fault } from '../fault.ts'
import type { AccessAspect } from './access.ts'
import type { ChangeAction } from './change.ts'
import { nodesOf } from './node-group.ts'
import type { Job } from '../job-flow.ts'
import { highestNodes, type ClusterSpec } from './spec.ts'

export interface Capabilities {
  /** Engine families it can run; `any` for those that run nothing. */
  readonly families: readonly string[] | 'any'
  /** Whether it encrypts data; where it could, what it lacks for that, in a sentence. */
  readonly encryption: boolean | { readonly lacks: string }
  /** Whether engines work with object storage (`Wanted.objectStorage`); what they lack for it, in a sentence. Absent: no. */
  readonly objectStorage?: boolean | { readonly lacks: string }
  readonly publicAddress: boolean
  /** Runs scripts on nodes, and can hold an engine back until they have run; where it could, what that lacks, in a sentence. */
  readonly scripts: boolean | { readonly lacks: string }
  /** Whether nodes can be removed by choice; otherwise a group loses its highest. */
  readonly chosenNodes: boolean
  /** Whether nodes of one group may have sizes of their own. */
  readonly nodeSizes: boolean
  /** Whether settings of a cluster's own (`spec.configuration`) have an effect. */
  readonly configuration: boolean
  /** Whether daemons of services are started and stopped alone, and components added later (`spec.daemons`). Absent: no. */
  readonly daemons?: boolean
  /** Whether it can copy a cluster's data, and begin another cluster with the copy. */
  readonly snapshots: boolean
  /** What of a cluster's access (`spec.access`) has an effect. */
  readonly access: readonly AccessAspect[]
  /** How fine a restart or a new size can be rolled out: node by node, or the whole cluster at once. */
  readonly rollout: 'node' | 'cluster'
}

/** Why a substrate cannot carry a cluster as it would be: what it lacks, in a sentence, or memory of its machine. */
export type UnmetRequirement =
  | { readonly what: string; readonly detail: string }
  | { readonly neededMib: number; readonly leftMib: number }

/** A cluster as it would be; `before`: as it is, where it is there. */
export interface Prospect {
  readonly id: string
  readonly spec: ClusterSpec
  readonly before?: ClusterSpec
  /** Of one that is not there yet: whether anything keeps the objects of its cloud's buckets. */
  readonly keepsObjects?: boolean
}

/** A substrate as those see it who decide what it gets. */
export interface SubstrateOffer {
  readonly name: string
  /** For clusters of an engine family. */
  capabilities(family: string): Capabilities
  /** Undefined when nothing keeps it from carrying the cluster; absent for those that lack nothing. */
  unmet?(prospect: Prospect): UnmetRequirement | undefined
  /** Absent where users and groups of clusters are kept by us alone. */
  readonly directories?: object
  /** Absent where jobs are scripts like others. */
  readonly jobs?: { unmet(id: string, job: Job): string | undefined }
}

/**
 * Throws NotSupported for the first thing that a new cluster wants and the substrate lacks, ResourceShort for memory. `keepsObjects`:
 * whether anything keeps the objects of its cloud's buckets.
 */
export function checkSupported(
  offer: SubstrateOffer,
  prospect: Prospect,
  keepsObjects = false,
): void {
  const { name, capabilities } = offer
  const { spec } = prospect
  const { family } = spec.software
  const { families, encryption, objectStorage = false } = capabilities(family)
  if (families !== 'any' && !families.includes(family))
    throw unsupported(
      family,
      `${name} runs ${families.join(', ')}; the tag emrys:substrate chooses another substrate`,
    )
  const isScripted = (spec.scripts?.length ?? 0) > 0
  if (isScripted) requireScripts(offer, family)
  if (spec.encryption && encryption !== true)
    throw unsupported('encryption', encryption ? encryption.lacks : `${name} does not do it`)
  if ((spec.storage || isScripted) && objectStorage !== false && !keepsObjects)
    throw unsupported(
      'object storage',
      'nothing keeps the objects of its cloud; `object-storage` in the file of the environment does',
    )
  refuseUnmet(offer, { ...prospect, keepsObjects })
}

function requireScripts({ name, capabilities }: SubstrateOffer, family: string): void {
  const { scripts } = capabilities(family)
  if (scripts !== true) throw unsupported('a script', scripts ? scripts.lacks : `${name} runs none`)
}

/** Throws NotSupported for the first that cannot be run. */
export function checkJobs(
  { name, capabilities, jobs }: SubstrateOffer,
  { id, family }: { readonly id: string; readonly family: string },
  all: readonly Job[],
): void {
  if (!jobs) {
    if (capabilities(family).scripts === true) return
    throw unsupported('a job', `${name} runs none`)
  }
  for (const job of all) {
    const detail = jobs.unmet(id, job)
    if (detail !== undefined) throw unsupported(job.command, detail)
  }
}

function refuseUnmet(offer: SubstrateOffer, prospect: Prospect): void {
  const unmet = offer.unmet?.(prospect)
  if (!unmet) return
  if ('what' in unmet) throw unsupported(unmet.what, unmet.detail)
  const { zone } = prospect.spec.network
  const counts = { wanted: unmet.neededMib, available: unmet.leftMib }
  throw new Fault('ResourceShort', { what: 'machine', type: MEMORY, zone, ...counts })
}

const MEMORY = 'MiB of memory'

/** Throws NotSupported for a change that the substrate cannot carry out, ResourceShort for memory. */
export function checkChangeSupported(
  offer: SubstrateOffer,
  action: ChangeAction,
  { id, before, after, scripted = false }: ChangedSpecs,
): void {
  const { name, capabilities } = offer
  const { chosenNodes, nodeSizes, configuration, daemons, access, rollout } = capabilities(
    after.software.family,
  )
  if (scripted) requireScripts(offer, after.software.family)
  const hasOwnSizes = nodesOf(after.groups).some(({ size }) => size !== undefined)
  if (hasOwnSizes && !nodeSizes)
    throw unsupported('resizing single nodes', `${name} has one size for all nodes of a group`)
  if (action.kind === 'configure' && !configuration)
    throw unsupported('configuration', `settings have no effect on ${name}`)
  if ((action.kind === 'daemons' || action.kind === 'install') && !daemons)
    throw unsupported('changing single services', `${name} runs them as one`)
  if (action.kind === 'restart' && rollout === 'cluster' && restartsSingle(before, after))
    throw unsupported('restarting single nodes', `${name} has one process for all nodes`)
  if (action.kind === 'access' && !access.includes(action.aspect))
    throw unsupported(accessWords[action.aspect], `it has no effect on ${name}`)
  if (action.kind === 'scale' && action.direction === 'in' && !chosenNodes)
    requireHighest(name, { before, after })
  refuseUnmet(offer, { id, spec: after, before })
}

interface ChangedSpecs {
  readonly id: string
  readonly before: ClusterSpec
  readonly after: ClusterSpec
  /** Whether it brings scripts for new nodes. */
  readonly scripted?: boolean
}

/** Whether some nodes of a group are restarted and others are not. */
function restartsSingle(before: ClusterSpec, after: ClusterSpec): boolean {
  const earlier = new Map(nodesOf(before.groups).map(({ id, restarts }) => [id, restarts]))
  return after.groups.some(({ nodes }) => {
    const count = nodes.filter(({ id, restarts }) => restarts > (earlier.get(id) ?? 0)).length
    return count > 0 && count < nodes.length
  })
}

const accessWords: { readonly [aspect in AccessAspect]: string } = {
  gateway: 'another gateway',
  exposure: 'a public address of a gateway',
  network: 'a public address',
  'allow-list': 'a list of addresses that may connect',
  encryption: 'encryption of connections',
  'host-alias': 'an alias of a host',
}

function requireHighest(
  name: string,
  { before, after }: { readonly before: ClusterSpec; readonly after: ClusterSpec },
): void {
  const left = new Set(nodesOf(after.groups).map(({ id }) => id))
  for (const group of before.groups) {
    const gone = group.nodes.filter(({ id }) => !left.has(id))
    const highest = new Set(highestNodes(group, gone.length))
    if (gone.some(({ id }) => !highest.has(id)))
      throw unsupported('removing chosen nodes', `${name} removes the highest of a group first`)
  }
}

function unsupported(what: string, detail: string): Fault<'NotSupported'> {
  return new Fault('NotSupported', { what, detail })
}
