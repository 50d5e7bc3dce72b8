/**
 * What the nodes of a cluster are, kept beside its objects in its own namespace (a ConfigMap): which pod each node of ours is. It says what is
 * wanted, never what is there.
 */
import { nodesOf } from '../../../domain/cluster/node-group.ts'
import type { Disk, NodeGroup } from '../../../domain/cluster/node-group.ts'
import { templateOf, type ClusterSpec, type NodeTemplate } from '../../../domain/cluster/spec.ts'
import { canonicalJson, recordOf } from '../../../kernel/json.ts'
import { ownLabels, type Installation } from '../ownership.ts'
import type { KubernetesObject } from '../resource.ts'
import type { Product } from './product.ts'

export const NOTE = 'emrys-cluster'
const MEMBER = 'cluster.json'
const VERSION = 2

export interface NoteNode {
  readonly id: string
  readonly index: number
  readonly restarts: number
  readonly pod: string
  /** Digest of what is wanted of its daemons, which start and stop with it. */
  readonly daemons?: string
  /** Its operator has to make it safe to lose and to take it away. */
  readonly going?: true
}

export interface NoteGroup {
  readonly id: string
  /** Without the sizes of data disks, which pods do not notice. */
  readonly template: string
  readonly restarts: number
  readonly disks: readonly Disk[]
  readonly nodes: readonly NoteNode[]
}

export interface ClusterNote {
  readonly version: typeof VERSION
  readonly id: string
  readonly generation: number
  readonly running: boolean
  readonly groups: readonly NoteGroup[]
  readonly changedMs: number
  /** What was refused of what is wanted; the rest is as it was. */
  readonly refused?: string
  /** What of its software runs otherwise than it was asked for. */
  readonly remark?: string
  /** The groups that clients from outside come to; absent as long as nobody ever wanted any. */
  readonly outside?: readonly string[]
}

export interface NoteSource {
  readonly id: string
  readonly spec: ClusterSpec
  readonly product: Product
  readonly remark: string | undefined
  readonly outside?: readonly string[] | undefined
  readonly was: ClusterNote | undefined
  /** Whether a node that is not wanted is still looked after. */
  readonly keeps?: (node: NoteNode) => boolean
  readonly nowMs: number
}

/** The same note where nothing else is wanted. */
export function nextNote(it: NoteSource): ClusterNote {
  const { id, spec, remark, outside, was, nowMs } = it
  const next = {
    version: VERSION,
    id,
    generation: spec.generation,
    running: spec.running,
    groups: spec.groups.map((group) => noteGroup(group, it)),
    ...(remark !== undefined && { remark }),
    ...(outside && { outside }),
  } as const
  const { changedMs = nowMs, refused: _refused, ...before } = was ?? {}
  return { ...next, changedMs: canonicalJson(before) === canonicalJson(next) ? changedMs : nowMs }
}

function noteGroup(
  group: NodeGroup,
  { spec, product, was, keeps = () => false }: NoteSource,
): NoteGroup {
  const pods = product.pods(spec, group)
  const nodes = [...group.nodes].sort((one, other) => one.index - other.index)
  const wanted = nodes.map((node, at): NoteNode => {
    const { daemons } = templateOf(spec, group, node)
    const { id, index, restarts } = node
    return { id, index, restarts, pod: pods[at] ?? '', ...(daemons !== undefined && { daemons }) }
  })
  const stay = new Set(wanted.map(({ id }) => id))
  const before = was?.groups.find(({ id }) => id === group.id)?.nodes ?? []
  const going = before
    .filter((node) => !stay.has(node.id) && keeps(node))
    .map((node): NoteNode => ({ ...node, going: true }))
  return {
    id: group.id,
    template: podTemplate(spec, group),
    restarts: Math.max(0, ...group.nodes.map(({ restarts }) => restarts)),
    disks: group.disks,
    nodes: [...wanted, ...going],
  }
}

/** What all pods of a group are made from, without what is said of each. */
function podTemplate(spec: ClusterSpec, group: NodeGroup): string {
  const [first = { id: '', index: 0, name: '', restarts: 0 }] = nodesOf([group])
  const { size: _size, ...plain } = first
  const {
    restarts: _restarts,
    daemons: _daemons,
    disks,
    ...template
  } = templateOf(spec, group, plain)
  const unsized = disks.map((disk) => (disk.use === 'data' ? { ...disk, sizeGib: 0 } : disk))
  return canonicalJson({ ...template, disks: unsized })
}

/** What a pod was made from, by its own account; undefined for one that says nothing. */
export function runsOf(
  text: string | undefined,
  { restarts, daemons }: NoteNode,
  { isNew, sizes }: { readonly isNew: boolean; readonly sizes: readonly number[] },
): NodeTemplate | undefined {
  if (text === undefined) return undefined
  const template = JSON.parse(text) as Omit<NodeTemplate, 'restarts' | 'daemons'>
  const left = [...sizes]
  const disks = template.disks.map((disk) =>
    disk.use === 'data' ? { ...disk, sizeGib: Math.min(...left.splice(0, disk.count)) } : disk,
  )
  return {
    ...template,
    disks,
    ...(daemons !== undefined && { daemons }),
    restarts: isNew ? restarts : restarts - 1,
  }
}

export function noteObject(
  installation: Installation,
  namespace: string,
  note: ClusterNote,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: NOTE, namespace, labels: ownLabels(installation, note.id) },
    data: { [MEMBER]: canonicalJson(note) },
  }
}

/** Undefined for what is none of ours, or of a version that is not known. */
export function noteOf(object: KubernetesObject | undefined): ClusterNote | undefined {
  const text = recordOf(object?.['data'])[MEMBER]
  if (typeof text !== 'string') return undefined
  const note = JSON.parse(text) as ClusterNote
  return note.version === VERSION ? note : undefined
}
