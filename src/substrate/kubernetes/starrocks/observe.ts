/**
 * What is seen of an instance. A node runs what its pod was made from, by the pod's own annotation; a group is settled when its set has
 * taken over and done everything that it was to do, by the generations of both; the operator's word alone proves nothing, as it stays
 * `running` for a while after the wish has changed.
 */
import { recordOf } from '../../../kernel/json.ts'
import type { NodeTemplate } from '../../../domain/cluster/spec.ts'
import type { Endpoint } from '../../../domain/cluster/status.ts'
import type { NodePhase, Seen, SeenGroup, SeenNode, Trouble } from '../../port.ts'
import { textOf, type KubernetesObject } from '../resource.ts'
import { isReady, podAddress, type Look } from './look.ts'
import { templateText, type InstanceNote, type NoteGroup, type NoteNode } from './note.ts'
import { annotations } from './objects.ts'
import { parts, podHost, podName, QUERY_PORT, serviceHost, statefulSetName } from './part.ts'
import { troubleOf } from './trouble.ts'

/** By the name of a front end's pod: whether it takes the password of the instance. */
export type Logins = ReadonlyMap<string, boolean>

const SOON_MS = 200
const LATER_MS = 1_000

export const absent: Seen = {
  present: false,
  generation: 0,
  groups: [],
  answering: false,
  endpoints: [],
}

export function seenOf(look: Look, logins: Logins, nowMs: number): Seen {
  const { note } = look
  if (!note) return { ...absent, present: true, changesInMs: SOON_MS }
  const groups = note.groups.map((group) => seenGroup(look, note, { group, logins, nowMs }))
  const nodes = groups.flatMap((group) => group.nodes)
  const settled =
    nodes.length > 0 && nodes.every(({ phase }) => phase === 'serving') && isSettled(look, note)
  const running = note.running && !look.removing
  return {
    present: true,
    generation: running && settled && note.refused === undefined ? note.generation : 0,
    groups,
    answering:
      running &&
      groups.length > 0 &&
      groups.every((group) => group.nodes.some(({ phase }) => phase === 'serving')),
    endpoints: running ? endpointsOf(look, note) : [],
    ...changesInMs(groups, settled, running),
  }
}

function changesInMs(groups: readonly SeenGroup[], settled: boolean, running: boolean) {
  if (
    running ? settled : groups.every(({ nodes }) => nodes.every(({ phase }) => phase === 'stopped'))
  )
    return {}
  return { changesInMs: groups.some(({ trouble }) => trouble) ? LATER_MS : SOON_MS }
}

interface Shown {
  readonly group: NoteGroup
  readonly logins: Logins
  readonly nowMs: number
}

function seenGroup(look: Look, note: InstanceNote, { group, logins, nowMs }: Shown): SeenGroup {
  const nodes = group.nodes.map((node, at) => seenNode(look, note, { group, node, at, logins }))
  const trouble = groupTrouble(look, note, { group, logins, nowMs })
  return { id: group.id, nodes, ...(trouble && { trouble }) }
}

function groupTrouble(
  look: Look,
  note: InstanceNote,
  { group, nowMs }: Shown,
): Trouble | undefined {
  if (note.refused !== undefined)
    return { kind: 'refused', reason: note.refused, sinceMs: note.changedMs, persists: true }
  if (!note.running || look.removing) return undefined
  const of = group.nodes.flatMap((_node, at) => {
    const pod = look.pods.get(podName(parts[group.part], at))
    const trouble = pod && troubleOf(pod, nowMs)
    return trouble ? [trouble] : []
  })
  return of.find(({ persists }) => persists) ?? of[0] ?? operatorTrouble(look, note)
}

/** One refusal of the operator's may be gone with its next try. */
function operatorTrouble({ cluster }: Look, { changedMs }: InstanceNote): Trouble | undefined {
  const status = recordOf(cluster?.['status'])
  if (status['phase'] !== 'failed') return undefined
  const reason = `StarRocks' operator: ${textOf(status['reason'])}`
  return { kind: 'refused', reason, sinceMs: changedMs, persists: false }
}

interface Placed {
  readonly group: NoteGroup
  readonly node: NoteNode
  readonly at: number
  readonly logins: Logins
}

function seenNode(look: Look, note: InstanceNote, { group, node, at, logins }: Placed): SeenNode {
  const part = parts[group.part]
  const pod = look.pods.get(podName(part, at))
  const address = podHost(part, at, look.namespace.metadata.name)
  const runs = pod && runsOf(pod, node)
  const serves =
    pod !== undefined &&
    isReady(pod) &&
    runs !== undefined &&
    (part.name !== 'fe' || logins.get(pod.metadata.name) === true)
  const phase = phaseOf(look, note, { pod, serves })
  return {
    id: node.id,
    index: node.index,
    address,
    phase,
    ...(phase === 'serving' && runs && { runs }),
  }
}

function phaseOf(
  { removing }: Look,
  { running }: InstanceNote,
  { pod, serves }: { readonly pod: KubernetesObject | undefined; readonly serves: boolean },
): NodePhase {
  if (removing) return 'stopping'
  if (!running) return pod ? 'stopping' : 'stopped'
  return serves ? 'serving' : 'starting'
}

/** Undefined for a pod that says nothing of what it was made from. */
function runsOf(pod: KubernetesObject, { restarts, leaving }: NoteNode): NodeTemplate | undefined {
  const text = pod.metadata.annotations?.[annotations.template]
  if (text === undefined || text === '') return undefined
  const template = JSON.parse(text) as NodeTemplate
  const isOld = leaving !== undefined && leaving.pod === pod.metadata.uid
  return { ...template, restarts: isOld ? leaving.restarts : restarts }
}

/** Whether everything that was said has been taken over and done, and nothing is left of what was wanted before. */
function isSettled({ cluster, sets, pods, leftClaims }: Look, note: InstanceNote): boolean {
  if (cluster?.metadata.annotations?.[annotations.generation] !== String(note.generation))
    return false
  if (recordOf(cluster['status'])['phase'] !== 'running' || leftClaims.length > 0) return false
  const wanted = note.groups.reduce((sum, { nodes }) => sum + nodes.length, 0)
  return (
    pods.size === wanted &&
    note.groups.every((group) => isSetSettled(sets, group) && arePodsNew(pods, group))
  )
}

function isSetSettled(sets: Look['sets'], { part, nodes }: NoteGroup): boolean {
  const set = sets.get(statefulSetName(parts[part]))
  if (!set) return false
  const spec = recordOf(set['spec'])
  const status = recordOf(set['status'])
  return (
    status['observedGeneration'] === set.metadata.generation &&
    spec['replicas'] === nodes.length &&
    status['replicas'] === nodes.length &&
    status['readyReplicas'] === nodes.length &&
    status['currentRevision'] === status['updateRevision']
  )
}

function arePodsNew(pods: Look['pods'], { part, template, nodes }: NoteGroup): boolean {
  const text = templateText(template)
  return nodes.every(({ leaving }, at) => {
    const pod = pods.get(podName(parts[part], at))
    return (
      pod !== undefined &&
      pod.metadata.uid !== leaving?.pod &&
      pod.metadata.annotations?.[annotations.template] === text
    )
  })
}

/** The names of the operator's services, which hold whichever pods are there. */
function endpointsOf({ namespace }: Look, { groups }: InstanceNote): readonly Endpoint[] {
  const { name } = namespace.metadata
  const frontend = serviceHost(parts.fe, name)
  const worker = groups.find(({ part }) => part !== 'fe')
  return [
    { name: 'mysql', host: frontend, port: QUERY_PORT },
    { name: 'fe-http', host: frontend, port: 8030 },
    ...(worker
      ? [{ name: 'be-http', host: serviceHost(parts[worker.part], name), port: 8040 }]
      : []),
  ]
}

/** The front ends that could be asked now: where, and as which pods. */
export function frontendPods({
  note,
  pods,
}: Look): readonly { readonly name: string; readonly address: string }[] {
  return (note?.groups ?? [])
    .filter(({ part }) => part === 'fe')
    .flatMap(({ nodes }) =>
      nodes.flatMap((_node, at) => {
        const pod = pods.get(podName(parts.fe, at))
        const address = pod && isReady(pod) ? podAddress(pod) : undefined
        return pod && address !== undefined ? [{ name: pod.metadata.name, address }] : []
      }),
    )
}
