/** What is there of a cluster that an operator runs, as a substrate reports it. Pure. */
import type { NodePhase, Seen, SeenGroup, SeenNode, Trouble } from '../../port.ts'
import type { KubernetesObject } from '../resource.ts'
import { isReady } from '../starrocks/look.ts'
import { absent } from '../starrocks/observe.ts'
import { troubleOf } from '../starrocks/trouble.ts'
import { runsOf, type ClusterNote, type NoteGroup, type NoteNode } from './note.ts'
import { podAnnotations, type Product } from './product.ts'

export interface ClusterLook {
  readonly namespace: KubernetesObject
  readonly removing: boolean
  readonly note: ClusterNote | undefined
  /** The custom resources that are there. */
  readonly resources: readonly KubernetesObject[]
  /** By name: all that are there. */
  readonly pods: ReadonlyMap<string, KubernetesObject>
}

const GENERATION = 'emrys.dev/generation'
const SOON_MS = 200
const LATER_MS = 1_000

export function seenOf(product: Product, look: ClusterLook, nowMs: number): Seen {
  const { note } = look
  if (!note) return { ...absent, present: true, changesInMs: SOON_MS }
  const running = note.running && !look.removing
  const refused = refusalOf(product, look, note)
  const groups = note.groups.map((group) =>
    seenGroup(product, { look, note, group, refused, nowMs }),
  )
  const nodes = groups.flatMap((group) => group.nodes)
  const settled =
    nodes.length > 0 &&
    nodes.every(({ phase }) => phase === 'serving') &&
    isSettled(product, look, note)
  const isResting = running ? settled : nodes.every(({ phase }) => phase === 'stopped')
  const laterMs = groups.some(({ trouble }) => trouble) ? LATER_MS : SOON_MS
  return {
    present: true,
    generation: running && settled && note.refused === undefined ? note.generation : 0,
    groups,
    answering:
      running &&
      groups.length > 0 &&
      groups.every((group) => group.nodes.some(({ phase }) => phase === 'serving')),
    endpoints: running ? product.endpoints(look.namespace.metadata.name) : [],
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
  readonly nowMs: number
}

function seenGroup(product: Product, it: GroupLook): SeenGroup {
  const trouble = groupTrouble(it)
  const nodes = it.group.nodes.map((node) => seenNode(product, it, node))
  return { id: it.group.id, nodes, ...(trouble && { trouble }) }
}

function groupTrouble({ look, note, group, refused, nowMs }: GroupLook): Trouble | undefined {
  const { changedMs: sinceMs } = note
  if (note.refused !== undefined)
    return { kind: 'refused', reason: note.refused, sinceMs, persists: true }
  if (!note.running || look.removing) return undefined
  const troubles = group.nodes.flatMap(({ pod }) => {
    const found = look.pods.get(pod)
    const trouble = found && troubleOf(found, nowMs)
    return trouble ? [trouble] : []
  })
  const first = troubles.find(({ persists }) => persists) ?? troubles[0]
  if (first) return first
  return refused === undefined
    ? undefined
    : { kind: 'refused', reason: refused, sinceMs, persists: false }
}

function seenNode(product: Product, { look, note, group }: GroupLook, node: NoteNode): SeenNode {
  const pod = look.pods.get(node.pod)
  const runs = pod && runsOf(templateIn(pod), node, isNew(pod, group))
  const serves = pod !== undefined && isReady(pod) && runs !== undefined
  const phase = phaseOf(look, note, { isThere: pod !== undefined, serves })
  return {
    id: node.id,
    index: node.index,
    address: product.host(node.pod, look.namespace.metadata.name),
    phase,
    ...(phase === 'serving' && runs && { runs }),
  }
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
function isSettled(product: Product, { resources, pods }: ClusterLook, note: ClusterNote): boolean {
  const { generation, groups } = note
  const wanted = groups.reduce((sum, { nodes }) => sum + nodes.length, 0)
  return (
    resources.length > 0 &&
    pods.size === wanted &&
    resources.every(
      (resource) =>
        resource.metadata.annotations?.[GENERATION] === String(generation) &&
        product.progress(resource, generation) === 'settled',
    ) &&
    groups.every((group) =>
      group.nodes.every(({ pod: name }) => {
        const pod = pods.get(name)
        return pod !== undefined && templateIn(pod) === group.template && isNew(pod, group)
      }),
    )
  )
}
