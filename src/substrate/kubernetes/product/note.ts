/**
 * What the nodes of a cluster are, kept beside its objects in its own namespace (a ConfigMap): which pod each node of ours is. It says what is
 * wanted, never what is there.
 */
import { nodesOf } from '../../../domain/cluster/node-group.ts'
import type { NodeGroup } from '../../../domain/cluster/node-group.ts'
import { templateOf, type ClusterSpec, type NodeTemplate } from '../../../domain/cluster/spec.ts'
import { canonicalJson, recordOf } from '../../../kernel/json.ts'
import { ownLabels, type Installation } from '../ownership.ts'
import type { KubernetesObject } from '../resource.ts'
import type { Product } from './product.ts'

export const NOTE = 'emrys-cluster'
const MEMBER = 'cluster.json'
const VERSION = 1

export interface NoteNode {
  readonly id: string
  readonly index: number
  readonly restarts: number
  readonly pod: string
  /** Digest of what is wanted of its daemons, which start and stop with it. */
  readonly daemons?: string
}

export interface NoteGroup {
  readonly id: string
  readonly template: string
  readonly restarts: number
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
}

export interface NoteSource {
  readonly id: string
  readonly spec: ClusterSpec
  readonly product: Product
  readonly remark: string | undefined
  readonly was: ClusterNote | undefined
  readonly nowMs: number
}

/** The same note where nothing else is wanted. */
export function nextNote({ id, spec, product, remark, was, nowMs }: NoteSource): ClusterNote {
  const next = {
    version: VERSION,
    id,
    generation: spec.generation,
    running: spec.running,
    groups: spec.groups.map((group) => noteGroup(spec, group, product)),
    ...(remark !== undefined && { remark }),
  } as const
  const { changedMs = nowMs, refused: _refused, ...before } = was ?? {}
  return { ...next, changedMs: canonicalJson(before) === canonicalJson(next) ? changedMs : nowMs }
}

function noteGroup(spec: ClusterSpec, group: NodeGroup, product: Product): NoteGroup {
  const pods = product.pods(spec, group)
  const nodes = [...group.nodes].sort((one, other) => one.index - other.index)
  return {
    id: group.id,
    template: podTemplate(spec, group),
    restarts: Math.max(0, ...group.nodes.map(({ restarts }) => restarts)),
    nodes: nodes.map((node, at) => {
      const { daemons } = templateOf(spec, group, node)
      const pod = pods[at] ?? ''
      const { id, index, restarts } = node
      return { id, index, restarts, pod, ...(daemons !== undefined && { daemons }) }
    }),
  }
}

/** What all pods of a group are made from, without what is said of each. */
function podTemplate(spec: ClusterSpec, group: NodeGroup): string {
  const [first = { id: '', index: 0, name: '', restarts: 0 }] = nodesOf([group])
  const { size: _size, ...plain } = first
  const {
    restarts: _restarts,
    daemons: _daemons,
    ...template
  } = templateOf({ ...spec, configuration: [] }, group, plain)
  return canonicalJson(template)
}

/** What a pod was made from, by its own account; undefined for one that says nothing. */
export function runsOf(
  text: string | undefined,
  { restarts, daemons }: NoteNode,
  isNew: boolean,
): NodeTemplate | undefined {
  if (text === undefined) return undefined
  const template = JSON.parse(text) as Omit<NodeTemplate, 'restarts' | 'daemons'>
  return {
    ...template,
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
