/** What is there of a cluster that an operator runs, as a substrate reports it. Pure. */
import type { Endpoint } from '../../../domain/cluster/status.ts'
import type { NodePhase, Seen, SeenGroup, SeenNode, GroupProblem } from '../../port.ts'
import { canonicalJson } from '../../../kernel/json.ts'
import type { KubernetesObject } from '../resource.ts'
import { capacityGib } from '../starrocks/disk.ts'
import { isReady } from '../starrocks/look.ts'
import { absent } from '../starrocks/observe.ts'
import { problemOf } from '../starrocks/pod-problem.ts'
import { addressProblem, type PublicProvision } from '../public-service.ts'
import { outsideEndpoints, PUBLIC_SERVICE } from './outside.ts'
import { runsOf, type ClusterNote, type NoteGroup, type NoteNode } from './note.ts'
import { podAnnotations, type Product } from './product.ts'

export interface ClusterLook {
  readonly namespace: KubernetesObject
  readonly removing: boolean
  readonly note: ClusterNote | undefined
  /** For clients from outside, where anybody ever wanted it. */
  readonly service: KubernetesObject | undefined
  /** The custom resources that are there. */
  readonly resources: readonly KubernetesObject[]
  /** Whether all was said to it that has to be said first. */
  readonly sealed: boolean
  /** By name: all that are there. */
  readonly pods: ReadonlyMap<string, KubernetesObject>
  /** Likewise, of all pods. */
  readonly claims: ReadonlyMap<string, KubernetesObject>
}

const GENERATION = 'emrys.dev/generation'
const SOON_MS = 200
const LATER_MS = 1_000
/** An operator that is not done by then is worth a word. */
const SLOW_MS = 300_000

export interface Observing {
  readonly nowMs: number
  readonly exposure?: PublicProvision | undefined
}

export function seenOf(product: Product, look: ClusterLook, observing: Observing): Seen {
  const { note } = look
  if (!note) return { ...absent, present: true, changesInMs: SOON_MS }
  const running = note.running && !look.removing
  const refused = refusalOf(product, look, note)
  const outside = outsideEndpoints(product, note, { ...observing, ...look })
  const groups = note.groups.map((group) =>
    seenGroup(product, { look, note, group, refused, outside, nowMs: observing.nowMs }),
  )
  const nodes = groups.flatMap((group) => group.nodes)
  const settled =
    look.sealed &&
    nodes.length > 0 &&
    nodes.every(({ phase }) => phase === 'serving') &&
    outside !== undefined &&
    (note.outside?.length !== 0 || look.service === undefined) &&
    isSettled(product, look, note)
  const isResting = running ? settled : nodes.every(({ phase }) => phase === 'stopped')
  const isSlow = groups.some(({ problem }) => problem) || goingNodes(note).length > 0
  const laterMs = isSlow ? LATER_MS : SOON_MS
  return {
    present: true,
    generation: running && settled && note.refused === undefined ? note.generation : 0,
    groups,
    answering:
      running &&
      look.sealed &&
      groups.length > 0 &&
      groups.every((group) => group.nodes.some(({ phase }) => phase === 'serving')),
    endpoints: running
      ? [...product.endpoints(look.namespace.metadata.name), ...(outside ?? [])]
      : [],
    ...(note.remark !== undefined && { remark: note.remark }),
    ...(isResting ? {} : { changesInMs: laterMs }),
  }
}

/** What the operator says that it does not do; its next try may do it. */
function refusalOf(
  product: Product,
  { resources }: ClusterLook,
  { generation }: ClusterNote,
): string | undefined {
  for (const resource of resources) {
    const progress = product.progress(resource, generation)
    if (typeof progress === 'object') return `${product.operator}: ${progress.refused}`
  }
  return undefined
}

interface GroupLook {
  readonly look: ClusterLook
  readonly note: ClusterNote
  readonly group: NoteGroup
  readonly refused: string | undefined
  /** Where its clients from outside come to; undefined as long as that is nowhere. */
  readonly outside: readonly Endpoint[] | undefined
  readonly nowMs: number
}

function seenGroup(product: Product, it: GroupLook): SeenGroup {
  const problem = groupProblem(product, it)
  const nodes = it.group.nodes.map((node) => seenNode(product, it, node))
  return { id: it.group.id, nodes, ...(problem && { problem }) }
}

function groupProblem(
  product: Product,
  { look, note, group, refused, outside, nowMs }: GroupLook,
): GroupProblem | undefined {
  const { changedMs: sinceMs } = note
  if (note.refused !== undefined)
    return { kind: 'refused', reason: note.refused, sinceMs, persists: true }
  if (!note.running || look.removing) return undefined
  const problems = group.nodes.flatMap(({ pod }) => {
    const found = look.pods.get(pod)
    const problem = found && problemOf(found, nowMs)
    return problem ? [problem] : []
  })
  const first = problems.find(({ persists }) => persists) ?? problems[0]
  if (first) return first
  if (refused !== undefined) return { kind: 'refused', reason: refused, sinceMs, persists: false }
  if (!outside && !product.outside?.operated && note.outside?.includes(group.id))
    return addressProblem(PUBLIC_SERVICE, { sinceMs, nowMs })
  if (nowMs - sinceMs < SLOW_MS || isSettled(product, look, note)) return undefined
  const reason = `${product.operator} has not done yet what it was asked to do`
  return { kind: 'unresponsive', reason, sinceMs, persists: false }
}

function seenNode(
  product: Product,
  { look, note, group, outside }: GroupLook,
  node: NoteNode,
): SeenNode {
  const pod = look.pods.get(node.pod)
  const runs = pod && runsIn(product, look, { pod, group, node })
  const serves = pod !== undefined && isReady(pod) && runs !== undefined
  // All of them have one address.
  const isOutside = !product.outside?.operated && note.outside?.includes(group.id)
  const leaves = leavingPhase(product, look, { note, node })
  const phase = leaves ?? phaseOf(look, note, { isThere: pod !== undefined, serves })
  return {
    id: node.id,
    index: node.index,
    address: product.host(node.pod, look.namespace.metadata.name),
    ...(isOutside && outside?.[0] && { publicAddress: outside[0].host }),
    phase,
    ...((phase === 'serving' || phase === 'draining') && runs && { runs }),
  }
}

interface NodeLook {
  readonly pod: KubernetesObject
  readonly group: NoteGroup
  readonly node: NoteNode
}

/** By its pod's own account and by its claims; a claim that says nothing is as large as it is wanted. */
function runsIn(product: Product, { claims }: ClusterLook, { pod, group, node }: NodeLook) {
  const sizes = sizesOf(group).map((sizeGib, at) => {
    const claim = claims.get(product.claim(pod.metadata.name, at))
    return Math.min(sizeGib, capacityGib(claim) ?? sizeGib)
  })
  return runsOf(templateIn(pod), node, { isNew: isNew(pod, group), sizes })
}

/** Of each data disk. */
function sizesOf({ disks }: NoteGroup): readonly number[] {
  return disks
    .filter(({ use }) => use === 'data')
    .flatMap(({ count, sizeGib }) => Array.from({ length: count }, () => sizeGib))
}

/** The claims of a node, by name. */
export function claimsOf(product: Product, group: NoteGroup, { pod }: NoteNode): readonly string[] {
  return sizesOf(group).map((_size, at) => product.claim(pod, at))
}

export function goingNodes({ groups }: ClusterNote) {
  return groups.flatMap((group) =>
    group.nodes.filter(({ going }) => going).map((node) => ({ group, node })),
  )
}

/** Undefined for a node that stays, or of which the operator does not know yet. */
function leavingPhase(
  product: Product,
  look: ClusterLook,
  { note, node }: { readonly note: ClusterNote; readonly node: NoteNode },
): NodePhase | undefined {
  if (!node.going || !isApplied(look, note)) return undefined
  const group = note.groups.find(({ nodes }) => nodes.includes(node))
  const isLeft = group && claimsOf(product, group, node).some((name) => look.claims.has(name))
  return !isLeft && isGone(product, look, { note, node }) ? 'drained' : 'draining'
}

/** Whether the operator has taken its pod away for good. */
export function isGone(
  product: Product,
  look: ClusterLook,
  { note, node }: { readonly note: ClusterNote; readonly node: NoteNode },
): boolean {
  return !look.pods.has(node.pod) && isDone(product, look, note)
}

function isApplied({ resources }: ClusterLook, { generation }: ClusterNote): boolean {
  return (
    resources.length > 0 &&
    resources.every(({ metadata }) => metadata.annotations?.[GENERATION] === String(generation))
  )
}

/** By the operator's own account. */
function isDone(product: Product, look: ClusterLook, note: ClusterNote): boolean {
  const { generation } = note
  return (
    isApplied(look, note) &&
    look.resources.every((resource) => product.progress(resource, generation) === 'settled')
  )
}

function templateIn({ metadata }: KubernetesObject): string | undefined {
  return metadata.annotations?.[podAnnotations.template]
}

/** Whether it was made after the last restart that was asked for. */
function isNew({ metadata }: KubernetesObject, { restarts }: NoteGroup): boolean {
  return Number(metadata.annotations?.[podAnnotations.restarts] ?? -1) >= restarts
}

function phaseOf(
  { removing }: ClusterLook,
  { running }: ClusterNote,
  { isThere, serves }: { readonly isThere: boolean; readonly serves: boolean },
): NodePhase {
  if (removing) return 'stopping'
  if (!running) return isThere ? 'stopping' : 'stopped'
  return serves ? 'serving' : 'starting'
}

/** Whether the operator has done all that was said, and every pod is made from it and is one that is wanted. */
function isSettled(product: Product, look: ClusterLook, note: ClusterNote): boolean {
  const wanted = note.groups.reduce((sum, { nodes }) => sum + nodes.length, 0)
  return (
    look.pods.size === wanted &&
    isDone(product, look, note) &&
    note.groups.every((group) =>
      group.nodes.every((node) => {
        const pod = look.pods.get(node.pod)
        if (!pod) return false
        const whole = { isNew: true, sizes: sizesOf(group) }
        const runs = runsIn(product, look, { pod, group, node })
        return canonicalJson(runs) === canonicalJson(runsOf(group.template, node, whole))
      }),
    )
  )
}
