/**
 * What is seen of an instance. A node runs what its pod was made from, by the pod's own annotation; a group is settled when its set has
 * taken over and done everything that it was to do, by the generations of both; the operator's word alone proves nothing, as it stays
 * `running` for a while after the spec has changed.
 */
import { recordOf } from '../../../kernel/json.ts'
import type { NodeTemplate } from '../../../domain/cluster/spec.ts'
import type { Endpoint } from '../../../domain/cluster/status.ts'
import type { NodePhase, Seen, SeenGroup, SeenNode, GroupProblem } from '../../port.ts'
import { labels } from '../ownership.ts'
import { textOf, type KubernetesObject } from '../resource.ts'
import { isReady, podAddress, type Look } from './look.ts'
import { disksOf, hasVolumes } from './disk.ts'
import { addressProblem, publicEndpoints } from '../public-service.ts'
import { publicEntry, type ExposureProvision } from './exposure.ts'
import { isSafe, leavesMajority, memberOf, type Answers } from './member.ts'
import {
  notedNodes,
  templateRead,
  templateText,
  type InstanceNote,
  type NotedNode,
  type NoteGroup,
} from './note.ts'
import { annotations } from './pod.ts'
import { isOwnSet, parts, podHost, podName, QUERY_PORT, serviceHost, setName } from './part.ts'
import { hasComputeNodes } from './storage-volume.ts'
import { problemOf } from './pod-problem.ts'

const SOON_MS = 200
const LATER_MS = 1_000

export const absent: Seen = {
  present: false,
  generation: 0,
  groups: [],
  answering: false,
  endpoints: [],
}

export interface Observing {
  readonly nowMs: number
  readonly exposure?: ExposureProvision | undefined
}

export function seenOf(look: Look, answers: Answers, observing: Observing): Seen {
  const { note } = look
  if (!note) return { ...absent, present: true, changesInMs: SOON_MS }
  const groups = note.groups.map((group) => seenGroup(look, note, { group, answers, observing }))
  const entries = (note.exposed ?? []).map((each) =>
    publicEndpoints(publicEntry(each), look.services.get(each.service), observing.exposure ?? {}),
  )
  const nodes = groups.flatMap((group) => group.nodes)
  const settled =
    nodes.length > 0 &&
    nodes.every(({ phase }) => phase === 'serving') &&
    (!hasComputeNodes(note) || answers.hasVolume === true) &&
    (!note.given || answers.hasObjects === true) &&
    entries.every((entry) => entry !== undefined) &&
    look.services.size === entries.length &&
    isSettled(look, note)
  const running = note.running && !look.removing
  return {
    present: true,
    generation: running && settled && note.refused === undefined ? note.generation : 0,
    groups,
    answering:
      running &&
      groups.length > 0 &&
      groups.every(
        ({ nodes: of }) => of.length === 0 || of.some(({ phase }) => ANSWERING.has(phase)),
      ),
    endpoints: running
      ? [...endpointsOf(look, note), ...entries.flatMap((entry) => entry ?? [])]
      : [],
    ...(note.remark !== undefined && { remark: note.remark }),
    ...(running && settled && note.objectStorage && { objectStorage: note.objectStorage }),
    ...changesInMs(groups, settled, running),
  }
}

/** A node continues while what it keeps is moved away. */
const ANSWERING: ReadonlySet<NodePhase> = new Set(['serving', 'draining', 'drained'])

function changesInMs(groups: readonly SeenGroup[], settled: boolean, running: boolean) {
  if (
    running ? settled : groups.every(({ nodes }) => nodes.every(({ phase }) => phase === 'stopped'))
  )
    return {}
  return { changesInMs: groups.some(({ problem }) => problem) ? LATER_MS : SOON_MS }
}

interface Shown {
  readonly group: NoteGroup
  readonly answers: Answers
  readonly observing: Observing
}

function seenGroup(look: Look, note: InstanceNote, it: Shown): SeenGroup {
  const nodes = notedNodes(note)
    .filter(({ group }) => group === it.group)
    .map((noted) => seenNode(look, note, { noted, answers: it.answers }))
  const problem = groupProblem(look, note, it)
  return { id: it.group.id, nodes, ...(problem && { problem }) }
}

function groupProblem(look: Look, note: InstanceNote, it: Shown): GroupProblem | undefined {
  const { group, observing } = it
  const { nowMs } = observing
  const sinceMs = note.changedMs
  if (note.refused !== undefined)
    return { kind: 'refused', reason: note.refused, sinceMs, persists: true }
  if (!note.running || look.removing) return undefined
  if (note.drainLack !== undefined && group.nodes.some(({ draining }) => draining))
    return { kind: 'storage', reason: note.drainLack, sinceMs, persists: true }
  const of = group.nodes.flatMap(({ going }, at) => {
    const pod = look.pods.get(podName(group.set, at))
    const problem = pod && !going ? problemOf(pod, nowMs) : undefined
    return problem ? [problem] : []
  })
  return (
    of.find(({ persists }) => persists) ??
    of[0] ??
    majorityProblem(look, note, it) ??
    exposureProblem(look, note, it) ??
    operatorProblem(look, note)
  )
}

/** A front end that shall go, and may not. */
function majorityProblem(
  look: Look,
  note: InstanceNote,
  { group, answers: { members } }: Shown,
): GroupProblem | undefined {
  const noted = notedNodes(note).filter((each) => each.group === group && each.node.going)
  const last = noted.at(-1)
  if (group.part !== 'fe' || !last || !members) return undefined
  const member = memberOf(members, last, look.pods.get(last.pod))
  if (member?.role !== 'follower' || leavesMajority(members, member)) return undefined
  const reason = `${last.pod} stays: too few of the other front ends answer`
  return { kind: 'unresponsive', reason, sinceMs: note.changedMs, persists: false }
}

function exposureProblem(
  { services }: Look,
  { exposed = [], changedMs }: InstanceNote,
  { group, observing: { nowMs, exposure = {} } }: Shown,
): GroupProblem | undefined {
  const waiting = exposed.find(
    (each) =>
      each.set === group.set &&
      !publicEndpoints(publicEntry(each), services.get(each.service), exposure),
  )
  return waiting && addressProblem(waiting.service, { sinceMs: changedMs, nowMs })
}

/** One refusal of the operator's may be gone with its next try. */
function operatorProblem({ cluster }: Look, { changedMs }: InstanceNote): GroupProblem | undefined {
  const status = recordOf(cluster?.['status'])
  if (status['phase'] !== 'failed') return undefined
  const reason = `StarRocks' operator: ${textOf(status['reason'])}`
  return { kind: 'refused', reason, sinceMs: changedMs, persists: false }
}

interface Placed {
  readonly noted: NotedNode
  readonly answers: Answers
}

function seenNode(look: Look, note: InstanceNote, { noted, answers }: Placed): SeenNode {
  const { group, node, at } = noted
  const pod = look.pods.get(noted.pod)
  const address = podHost(group.set, at, look.namespace.metadata.name)
  const runs = pod && runsOf(look, pod, noted)
  const serves =
    pod !== undefined && isReady(pod) && runs !== undefined && isIn(answers, noted, pod)
  const phase = phaseOf(look, note, { noted, answers, serves })
  return {
    id: node.id,
    index: node.index,
    address,
    phase,
    ...(serves && ANSWERING.has(phase) && { runs }),
  }
}

/** A front end takes the password; whoever works for front ends is alive to them, as far as they say. */
function isIn({ logins, members }: Answers, noted: NotedNode, pod: KubernetesObject): boolean {
  if (noted.group.part === 'fe') return logins.get(noted.pod) === true
  return members === undefined || memberOf(members, noted, pod)?.alive === true
}

function phaseOf(
  { removing, pods }: Look,
  { running }: InstanceNote,
  { noted, answers, serves }: Placed & { readonly serves: boolean },
): NodePhase {
  const pod = pods.get(noted.pod)
  if (removing) return 'stopping'
  if (!running) return pod ? 'stopping' : 'stopped'
  if (noted.node.going) return 'stopping'
  if (noted.node.draining) return isSafe(answers.members, noted, pod) ? 'drained' : 'draining'
  return serves ? 'serving' : 'starting'
}

/** Undefined for a pod that says nothing of what it was made from. */
function runsOf(
  look: Look,
  pod: KubernetesObject,
  { group, node: { restarts, leaving } }: NotedNode,
): NodeTemplate | undefined {
  const text = pod.metadata.annotations?.[annotations.template]
  if (text === undefined || text === '') return undefined
  const template = templateRead(text, group, disksOf(look, group, pod.metadata.name))
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
    orphanedSets(sets, note).length === 0 &&
    note.groups.every((group) => isSetSettled(sets, group) && arePodsNew(pods, group))
  )
}

/** Sets of our own of groups that are gone. */
export function orphanedSets(
  sets: Look['sets'],
  { groups }: Pick<InstanceNote, 'groups'>,
): readonly KubernetesObject[] {
  const known = new Set(groups.map(({ set }) => set))
  return [...sets.values()].filter(
    ({ metadata: { name, labels: own = {} } }) =>
      isOwnSet(name) && own[labels.manager] !== undefined && !known.has(name),
  )
}

function isSetSettled(sets: Look['sets'], group: NoteGroup): boolean {
  const { nodes } = group
  const set = sets.get(group.set)
  if (!set || !hasVolumes(set, group)) return false
  const spec = recordOf(set['spec'])
  const status = recordOf(set['status'])
  return (
    status['observedGeneration'] === set.metadata.generation &&
    spec['replicas'] === nodes.length &&
    status['replicas'] === nodes.length &&
    // Left out where it is none.
    (status['readyReplicas'] ?? 0) === nodes.length &&
    status['currentRevision'] === status['updateRevision']
  )
}

function arePodsNew(pods: Look['pods'], group: NoteGroup): boolean {
  const { set, nodes } = group
  const text = templateText(group)
  return nodes.every(({ leaving, unwanted, going }, at) => {
    const pod = pods.get(podName(set, at))
    return (
      pod !== undefined &&
      !unwanted &&
      !going &&
      pod.metadata.uid !== leaving?.pod &&
      pod.metadata.annotations?.[annotations.template] === text
    )
  })
}

/** The names of the operator's services, which hold whichever pods are there. */
function endpointsOf({ namespace }: Look, { groups }: InstanceNote): readonly Endpoint[] {
  const { name } = namespace.metadata
  const frontend = serviceHost(setName(parts.fe), name)
  const worker = groups.find(({ part, set }) => part !== 'fe' && !isOwnSet(set))
  return [
    { name: 'mysql', host: frontend, port: QUERY_PORT },
    { name: 'fe-http', host: frontend, port: 8030 },
    ...(worker ? [{ name: 'be-http', host: serviceHost(worker.set, name), port: 8040 }] : []),
  ]
}

/** The front ends that could be asked now: where, and as which pods. */
export function frontendPods({
  note,
  pods,
}: Look): readonly { readonly name: string; readonly address: string }[] {
  return notedNodes(note).flatMap(({ group, pod: name }) => {
    const pod = group.part === 'fe' ? pods.get(name) : undefined
    const address = pod && isReady(pod) ? podAddress(pod) : undefined
    return address === undefined ? [] : [{ name, address }]
  })
}
