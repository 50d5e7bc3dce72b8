/**
 * How nodes go. Each step is seen where it was done, so that after a kill at any of them the next driver continues there:
 * StarRocks moves the data away (SystemDecommissioned, TabletNum), forgets the node (it is listed no more), the set loses its last pods
 * (replicas), their claims go, and the note forgets the node. Front ends go one at a time, as long as most of the others answer.
 */
import { recordOf } from '../../../kernel/json.ts'
import { resources } from '../resource.ts'
import type { StarrocksDriver } from './driver.ts'
import { MemberRefusal, type FrontendAccess, type Member } from './frontend.ts'
import { isReady, type Look } from './look.ts'
import { isSafe, leavesMajority, memberOf, type Answers } from './member.ts'
import {
  notedNodes,
  noteObject,
  withNoteNodes,
  type InstanceNote,
  type NotedNode,
  type NoteGroup,
} from './note.ts'
import { claimPlace, isOwnSet, parts, podName, RESOURCE } from './part.ts'

/** A front end that answers. */
export interface Conversation extends Answers {
  readonly access?: FrontendAccess
}

/** Does what is due now. */
export async function leave(
  driver: StarrocksDriver,
  look: Look,
  { members, access }: Conversation,
): Promise<void> {
  const { note } = look
  if (!note || !members || !access) return
  const it = { driver, look, note, members, access }
  for (const noted of notedNodes(note)) await moveData(it, noted)
  for (const group of note.groups) await removeNodes(it, group)
}

interface Leaving {
  readonly driver: StarrocksDriver
  readonly look: Look
  readonly note: InstanceNote
  readonly members: readonly Member[]
  readonly access: FrontendAccess
}

/** Data are moved away while it shall drain, and no longer. */
async function moveData(it: Leaving, noted: NotedNode): Promise<void> {
  const { driver, look, members, access } = it
  const { group, node, pod } = noted
  const member = memberOf(members, noted, look.pods.get(pod))
  if (group.part !== 'be' || node.going || !member) return
  if (!node.draining) {
    if (member.decommissioned) await driver.frontends.change(access, 'cancel', member)
    return
  }
  if (member.decommissioned) return
  try {
    await driver.frontends.change(access, 'decommission', member)
  } catch (problem) {
    if (!(problem instanceof MemberRefusal && SHORT.test(problem.message))) throw problem
    if (it.note.drainLack !== problem.message)
      await write(it, { ...it.note, drainLack: problem.message })
  }
}

/** StarRocks' word where replicas or data would find no place on the nodes that stay. */
const SHORT = /insufficient/i

async function removeNodes(it: Leaving, group: NoteGroup): Promise<void> {
  const { look, note } = it
  const going = notedNodes(note).filter(({ group: of, node }) => of === group && node.going)
  const batch = group.part === 'fe' ? going.slice(-1) : going
  if (batch.length === 0) return
  if (await forget(it, batch)) return
  const left = group.nodes.length - batch.length
  if (await shrink(it, group, left)) return
  const isThere = ({ pod, at }: NotedNode) =>
    look.pods.has(pod) ||
    look.leftClaims.some((claim) => {
      const place = claimPlace(claim)
      return place?.set === group.set && place.ordinal === at
    })
  if (batch.some(isThere)) return
  const gone = new Set(batch.map(({ node }) => node.id))
  await write(
    it,
    withNoteNodes(note, (node) => (gone.has(node.id) ? undefined : node)),
  )
}

/** Whether StarRocks still knew one of them. */
async function forget(it: Leaving, batch: readonly NotedNode[]): Promise<boolean> {
  const { driver, look, members, access } = it
  let isKnown = false
  for (const noted of batch) {
    const pod = look.pods.get(noted.pod)
    const member = memberOf(members, noted, pod)
    if (!member) continue
    isKnown = true
    if (member.role === 'leader') {
      // The others elect another one while it is away.
      if (pod?.metadata.uid !== undefined && isReady(pod))
        await driver.client.remove(
          { type: resources.pod, namespace: look.namespace.metadata.name, name: noted.pod },
          { uid: pod.metadata.uid },
        )
    } else if (member.role !== 'follower' || leavesMajority(members, member)) {
      await driver.frontends.change(access, 'drop', member)
    }
  }
  return isKnown
}

/** Whether its set still had more places. */
async function shrink(
  { driver: { client }, look }: Leaving,
  { part, set }: NoteGroup,
  left: number,
): Promise<boolean> {
  if ((replicasOf(look, { part, set }) ?? left) <= left) return false
  const namespace = look.namespace.metadata.name
  const { operated } = parts[part]
  if (isOwnSet(set) || !operated) {
    const key = { type: resources.statefulSet, namespace, name: set }
    await client.merge(key, { spec: { replicas: left } })
  } else
    await client.merge(
      { type: resources.starrocks, namespace, name: RESOURCE },
      { spec: { [operated.member]: { replicas: left } } },
    )
  return true
}

/** As many as its set was to have; undefined where nothing was set. */
export function replicasOf(
  look: Look | undefined,
  { part, set }: Pick<NoteGroup, 'part' | 'set'>,
): number | undefined {
  const { operated } = parts[part]
  const desired =
    isOwnSet(set) || !operated
      ? look?.sets.get(set)?.['spec']
      : recordOf(look?.cluster?.['spec'])[operated.member]
  const { replicas } = recordOf(desired)
  return typeof replicas === 'number' ? replicas : undefined
}

/**
 * Of a set of our own: as many as it has, so that applying it again ends none and begins none. Where it went without its pods, these say
 * how many they are.
 */
export function ownReplicas(look: Look | undefined, group: NoteGroup): number {
  const isThere = (at: number) => look?.pods.has(podName(group.set, at)) === true
  const ofPods = group.nodes.reduce((most, _node, at) => (isThere(at) ? at + 1 : most), 0)
  return Math.min(replicasOf(look, group) ?? ofPods, group.nodes.length)
}

/** Sets of our own get their pods once a front end answers, which these have to tell of themselves. */
export async function growSets(
  { client }: Pick<StarrocksDriver, 'client'>,
  look: Look,
  { members }: Answers,
): Promise<void> {
  const namespace = look.namespace.metadata.name
  for (const group of look.note?.groups ?? []) {
    const { set, nodes } = group
    if (!members || !isOwnSet(set) || nodes.some(({ going }) => going)) continue
    const { metadata } = look.sets.get(set) ?? {}
    if (!metadata || metadata.deletionTimestamp !== undefined) continue
    if ((replicasOf(look, group) ?? 0) >= nodes.length) continue
    const key = { type: resources.statefulSet, namespace, name: set }
    await client.merge(key, { spec: { replicas: nodes.length } })
  }
}

async function write({ driver, look }: Leaving, note: InstanceNote): Promise<void> {
  const { name } = look.namespace.metadata
  await driver.client.apply(noteObject(driver.installation, name, note, look.noteVersion))
}

/** Of a node that nobody wants: whether it may go. One that StarRocks never knew has nothing to lose. */
export function mayGo(look: Look | undefined, { members }: Answers): (node: string) => boolean {
  const nodes = new Map(notedNodes(look?.note).map((noted) => [noted.node.id, noted]))
  return (id) => {
    const noted = nodes.get(id)
    if (!noted || !members) return false
    const pod = look?.pods.get(noted.pod)
    if (noted.node.draining) return isSafe(members, noted, pod)
    return memberOf(members, noted, pod) === undefined
  }
}
