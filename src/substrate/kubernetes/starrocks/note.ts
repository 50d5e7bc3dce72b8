/**
 * What an instance's nodes are, kept beside its objects in its own namespace (a ConfigMap): which node of ours each pod of a set is, by its
 * place, and which pod a restart was asked of. It says what is wanted, never what is there; whoever finds it goes on from it.
 */
import { canonicalJson, recordOf } from '../../../kernel/json.ts'
import type { Node, NodeGroup } from '../../../domain/cluster/node-group.ts'
import { templateOf, type NodeTemplate } from '../../../domain/cluster/spec.ts'
import type { Wanted } from '../../port.ts'
import { ownLabels, type Installation } from '../ownership.ts'
import type { KubernetesObject } from '../resource.ts'
import { versionOf } from './objects.ts'
import { partOf, type PartName } from './part.ts'

export const NOTE = 'sr-instance'
const MEMBER = 'instance.json'
const VERSION = 1

/** What all pods of a group are made from. */
export type PodTemplate = Omit<NodeTemplate, 'restarts' | 'daemons'>

export interface NoteNode {
  readonly id: string
  readonly index: number
  readonly restarts: number
  /** The pod that has to go for it, by its uid, and how often it was restarted before. */
  readonly leaving?: { readonly pod: string; readonly restarts: number }
}

export interface NoteGroup {
  readonly id: string
  readonly part: PartName
  readonly template: PodTemplate
  /** In the order of their places in the set. */
  readonly nodes: readonly NoteNode[]
}

export interface InstanceNote {
  readonly version: typeof VERSION
  readonly id: string
  readonly generation: number
  readonly running: boolean
  /** Counts the passwords that its owner gave it. */
  readonly passwordNumber: number
  readonly groups: readonly NoteGroup[]
  readonly changedMs: number
  /** What was refused of what is wanted; the rest is as it was. */
  readonly refused?: string
}

/** By node: the uid of the pod that is there for it. */
export type PodIds = ReadonlyMap<string, string>

export interface NextNote {
  readonly was: InstanceNote | undefined
  readonly pods: PodIds
  readonly nowMs: number
}

/** The same note where nothing else is wanted. */
export function nextNote({ id, spec }: Wanted, { was, pods, nowMs }: NextNote): InstanceNote {
  const known = new Map(was?.groups.flatMap(({ nodes }) => nodes.map((node) => [node.id, node])))
  const groups = spec.groups.flatMap((group): readonly NoteGroup[] => {
    const part = partOf(group)
    if (!part) return []
    const nodes = inOrder(group).map((node) => nextNode(node, known.get(node.id), pods))
    return [{ id: group.id, part: part.name, template: podTemplate(spec, group), nodes }]
  })
  const next = {
    version: VERSION,
    id,
    generation: spec.generation,
    running: spec.running,
    passwordNumber: spec.passwordNumber ?? 0,
    groups,
  } as const
  const { changedMs = nowMs, refused: _refused, ...before } = was ?? {}
  return { ...next, changedMs: canonicalJson(before) === canonicalJson(next) ? changedMs : nowMs }
}

/** Places in a set are filled from 0, and the highest go first. */
function inOrder({ nodes }: NodeGroup): readonly Node[] {
  return [...nodes].sort((one, other) => one.index - other.index)
}

function nextNode(
  { id, index, restarts }: Node,
  was: NoteNode | undefined,
  pods: PodIds,
): NoteNode {
  if (!was || restarts <= was.restarts) return { ...was, id, index, restarts }
  const pod = pods.get(id)
  // One that is not there comes anew anyway.
  if (pod === undefined) return { id, index, restarts }
  // It has not even left for the restart before this one.
  const before = was.leaving?.pod === pod ? was.leaving.restarts : was.restarts
  return { id, index, restarts, leaving: { pod, restarts: before } }
}

function podTemplate(spec: Wanted['spec'], group: NodeGroup): PodTemplate {
  const [node] = group.nodes
  const whole = {
    ...node,
    id: '',
    index: 0,
    name: '',
    restarts: 0,
    version: versionOf(spec, group),
  }
  const { size: _size, ...plain } = whole
  const {
    restarts: _restarts,
    daemons: _daemons,
    ...template
  } = templateOf({ ...spec, configuration: [] }, group, plain)
  return template
}

export function templateText(template: PodTemplate): string {
  return canonicalJson(template)
}

export function noteObject(
  installation: Installation,
  namespace: string,
  note: InstanceNote,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: NOTE, namespace, labels: ownLabels(installation, note.id) },
    data: { [MEMBER]: canonicalJson(note) },
  }
}

/** Undefined for what is none of ours, or of a version that is not known. */
export function noteOf(object: KubernetesObject | undefined): InstanceNote | undefined {
  const text = recordOf(object?.['data'])[MEMBER]
  if (typeof text !== 'string') return undefined
  const note = JSON.parse(text) as InstanceNote
  return note.version === VERSION ? note : undefined
}
