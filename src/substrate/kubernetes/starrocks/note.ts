/**
 * What an instance's nodes are, kept beside its objects in its own namespace (a ConfigMap): which node of ours each pod of a set is, by its
 * place, which pod a restart was asked of, and which nodes shall go. It says what is wanted, never what is there; whoever finds it continues
 * from it.
 */
import { canonicalJson, recordOf } from '../../../kernel/json.ts'
import type { Disk, Node, NodeGroup } from '../../../domain/cluster/node-group.ts'
import { templateOf, type NodeTemplate } from '../../../domain/cluster/spec.ts'
import type { ObjectStorage } from '../../../domain/object-storage.ts'
import type { Wanted } from '../../port.ts'
import { ownLabels, type Installation } from '../ownership.ts'
import type { KubernetesObject } from '../resource.ts'
import { exposedOf, type Exposed } from './exposure.ts'
import { settingsDigest, settingsOf } from './configuration.ts'
import { versionOf } from './objects.ts'
import { certificateOf } from './encryption.ts'
import { givenObjectsOf, type GivenObjects } from './given-object.ts'
import { isFrontend, partOf, podName, setName, type Part, type PartName } from './part.ts'

export const NOTE = 'sr-instance'
const MEMBER = 'instance.json'
const VERSION = 2
/** No setting is called so. */
const CERTIFICATE = 'the certificate'

/** What all pods of a group are made from. */
export type PodTemplate = Omit<NodeTemplate, 'restarts' | 'daemons'>

export interface NoteNode {
  readonly id: string
  readonly index: number
  readonly restarts: number
  /** The pod that has to go for it, by its uid, and how often it was restarted before. */
  readonly leaving?: { readonly pod: string; readonly restarts: number }
  /** It shall be made safe to lose. */
  readonly draining?: true
  /** Nobody wants it, and it may not go yet. */
  readonly unwanted?: true
  /** It goes, and nothing keeps it any more: wanted again, it comes again. */
  readonly going?: true
}

export interface NoteGroup {
  readonly id: string
  readonly part: PartName
  /** Its StatefulSet. */
  readonly set: string
  readonly template: PodTemplate
  /** Digest of what of the configuration is for its part: pods are replaced for nothing else of it. */
  readonly settings: string
  /** In the order of their places in the set. */
  readonly nodes: readonly NoteNode[]
  /** Nobody wants it: it goes with its last node. */
  readonly released?: true
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
  /** What is reached from outside; absent as long as nobody ever said what shall be. */
  readonly exposed?: readonly Exposed[]
  /** What it may do with objects; no key. */
  readonly objectStorage?: ObjectStorage
  /** Which certificate its front ends have; empty where they have none any more, absent where they never had any. */
  readonly certificate?: string
  /** What it begins with; absent for nothing. */
  readonly given?: GivenObjects
  /** What of its software runs otherwise than it was asked for. */
  readonly remark?: string
  /** What was refused of what is wanted; the rest is as it was. */
  readonly refused?: string
  /** Why nodes cannot be made safe to lose, in StarRocks' words. Notes that were written keep the member's name. */
  readonly drainLack?: string
}

/** By node: the uid of the pod that is there for it. */
export type PodIds = ReadonlyMap<string, string>

export interface NextNote {
  readonly was: InstanceNote | undefined
  readonly pods: PodIds
  readonly nowMs: number
  readonly remark?: string | undefined
  /** Of a node that is not wanted: whether it may go now. */
  readonly mayGo?: (node: string) => boolean
}

/** The same note where nothing else is wanted. */
export function nextNote({ id, spec, objectStorage }: Wanted, it: NextNote): InstanceNote {
  const { was, nowMs, remark } = it
  const storage = objectStorage === undefined ? was?.objectStorage : (objectStorage ?? undefined)
  const given = givenObjectsOf(spec)
  const certificate = certificateOf(spec.access, was?.certificate)
  const groups = nextGroups(spec, it, certificate)
  const exposed = exposedOf(spec, (group) => groups.find((each) => each.id === group)?.set)
  const next = {
    version: VERSION,
    id,
    generation: spec.generation,
    running: spec.running,
    passwordNumber: spec.passwordNumber ?? 0,
    groups,
    ...(exposed && { exposed }),
    ...(storage && { objectStorage: storage }),
    ...(certificate !== undefined && { certificate }),
    ...(given && { given }),
    ...(remark !== undefined && { remark }),
  } as const
  const { changedMs = nowMs, refused: _refused, drainLack: _unmet, ...before } = was ?? {}
  return { ...next, changedMs: canonicalJson(before) === canonicalJson(next) ? changedMs : nowMs }
}

function nextGroups(
  spec: Wanted['spec'],
  it: NextNote,
  certificate: string | undefined,
): readonly NoteGroup[] {
  const before = it.was?.groups ?? []
  const sets = new Set(before.map(({ set }) => set))
  const wanted = spec.groups.flatMap((group): readonly NoteGroup[] => {
    const part = partOf(group)
    if (!part) return []
    const was = before.find((each) => each.id === group.id)
    const set = was?.set ?? freeSet(part, sets)
    sets.add(set)
    const nodes = nextNodes(group.nodes, was?.nodes ?? [], it)
    const settings = settingsDigest({
      ...settingsOf(spec.configuration, part),
      // Front ends read it when they start.
      ...(certificate && isFrontend(part) && { [CERTIFICATE]: certificate }),
    })
    const template = podTemplate(spec, group)
    return [{ id: group.id, part: part.name, set, template, settings, nodes }]
  })
  const gone = before.flatMap((group) => {
    if (spec.groups.some(({ id }) => id === group.id)) return []
    return [{ ...group, released: true as const, nodes: nextNodes([], group.nodes, it) }]
  })
  return [...wanted, ...gone.filter(({ nodes }) => nodes.length > 0)]
}

function freeSet(part: Part, taken: ReadonlySet<string>): string {
  for (let number = 0; ; number++) {
    const name = setName(part, number)
    if (!taken.has(name)) return name
  }
}

/**
 * Nodes keep their places, and new ones stand behind. As long as one is there that is not wanted, none comes: its place would not stay the
 * last.
 */
function nextNodes(
  nodes: readonly Node[],
  before: readonly NoteNode[],
  { pods, mayGo = () => true }: NextNote,
): readonly NoteNode[] {
  const wanted = new Map(nodes.map((node) => [node.id, node]))
  const there = before.map((was): NoteNode => {
    if (was.going) return was
    const node = wanted.get(was.id)
    if (node) return nextNode(node, was, pods)
    const { unwanted: _unwanted, ...rest } = was
    return mayGo(was.id) ? { ...rest, going: true } : { ...rest, unwanted: true }
  })
  if (there.some(({ unwanted, going }) => unwanted === true || going === true)) return there
  const known = new Set(before.map(({ id }) => id))
  const more = inOrder(nodes).filter(({ id }) => !known.has(id))
  return [...there, ...more.map((node) => nextNode(node, undefined, pods))]
}

/** Places in a set are filled from 0, and the highest go first. */
function inOrder(nodes: readonly Node[]): readonly Node[] {
  return [...nodes].sort((one, other) => one.index - other.index)
}

function nextNode(
  { id, index, restarts }: Node,
  kept: NoteNode | undefined,
  pods: PodIds,
): NoteNode {
  if (!kept) return { id, index, restarts }
  const { draining: _draining, unwanted: _unwanted, ...was } = kept
  if (restarts <= was.restarts) return { ...was, id, index, restarts }
  const pod = pods.get(id)
  // One that is not there comes again anyway.
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
  const { restarts: _restarts, daemons: _daemons, ...template } = templateOf(spec, group, plain)
  return template
}

/** Without what grows under a pod that continues. */
function fixedDisks({ disks }: PodTemplate): readonly unknown[] {
  return disks.map(({ sizeGib, use, ...rest }) =>
    use === 'data' ? { ...rest, use } : { ...rest, use, sizeGib },
  )
}

/** What a pod of the group says it was made from: what it would have to be replaced for. */
export function templateText({ template, settings }: NoteGroup): string {
  return canonicalJson({ ...template, disks: fixedDisks(template), configuration: settings })
}

/** Disks without the sizes that grow. */
type FixedTemplate = Omit<PodTemplate, 'disks'> & {
  readonly disks?: readonly (Omit<Disk, 'sizeGib'> & Partial<Disk>)[]
}

/** What a pod runs by what it says; settings of other parts are none of its own, and disks are as large as they are. */
export function templateRead(
  text: string,
  group: NoteGroup,
  disks: PodTemplate['disks'],
): PodTemplate {
  const { template, settings } = group
  const found = JSON.parse(text) as FixedTemplate
  const isFixed = canonicalJson(found.disks ?? []) === canonicalJson(fixedDisks(template))
  return {
    ...found,
    disks: isFixed
      ? disks
      : (found.disks ?? []).map((disk, at) => ({ sizeGib: disks[at]?.sizeGib ?? 0, ...disk })),
    configuration: found.configuration === settings ? template.configuration : found.configuration,
  }
}

export interface NotedNode {
  readonly group: NoteGroup
  readonly node: NoteNode
  readonly at: number
  /** The name of its pod. */
  readonly pod: string
}

export function notedNodes(note: InstanceNote | undefined): readonly NotedNode[] {
  return (note?.groups ?? []).flatMap((group) =>
    group.nodes.map((node, at) => ({ group, node, at, pod: podName(group.set, at) })),
  )
}

/** The note with the nodes of it otherwise, or without them. */
export function withNoteNodes(
  note: InstanceNote,
  change: (node: NoteNode) => NoteNode | undefined,
): InstanceNote {
  const groups = note.groups.map((group) => ({
    ...group,
    nodes: group.nodes.flatMap((node) => change(node) ?? []),
  }))
  return { ...note, groups: groups.filter(({ released, nodes }) => !released || nodes.length > 0) }
}

/** `version`: that it is a change of; refused where somebody changed it meanwhile. */
export function noteObject(
  installation: Installation,
  namespace: string,
  note: InstanceNote,
  version?: string,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: NOTE,
      namespace,
      labels: ownLabels(installation, note.id),
      ...(version !== undefined && { resourceVersion: version }),
    },
    data: { [MEMBER]: canonicalJson(note) },
  }
}

/** Undefined for what is none of ours, or of a version that is not known. */
export function noteOf(object: KubernetesObject | undefined): InstanceNote | undefined {
  const text = recordOf(object?.['data'])[MEMBER]
  if (typeof text !== 'string') return undefined
  const note = JSON.parse(text) as InstanceNote | FormerNote
  if (note.version === VERSION) return note
  if (note.version !== FORMER_VERSION) return undefined
  const groups = note.groups.map((group) => ({
    set: setName({ name: group.part }),
    settings: '',
    ...group,
  }))
  return { ...note, version: VERSION, groups }
}

/** Sets were those of the operator alone. */
const FORMER_VERSION = 1
type FormerNote = Omit<InstanceNote, 'version' | 'groups'> & {
  readonly version: typeof FORMER_VERSION
  readonly groups: readonly Omit<NoteGroup, 'set' | 'settings'>[]
}
