/**
 * Disks that grow, and more of them. A set takes neither: its claims are grown first, then the set goes without its pods, and the
 * operator makes it again from its resource, which is changed last. What is due is read from the claims and the set.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { listOf, recordOf } from '../../../kernel/json.ts'
import type { Disk } from '../../../domain/cluster/node-group.ts'
import type { KubernetesClient } from '../client.ts'
import { resources, type KubernetesObject } from '../resource.ts'
import { isReady, type Look } from './look.ts'
import type { NoteGroup } from './note.ts'
import { isOwnSet, parts, podName, volumesOf } from './part.ts'

/** In the order of what is there: whoever is killed in between is followed by somebody who finds the rest. */
export async function growDisks(
  client: KubernetesClient,
  look: Look,
  groups: readonly NoteGroup[],
): Promise<void> {
  const namespace = look.namespace.metadata.name
  for (const group of groups) {
    for (const { name, sizeGib } of claimsOf(group)) {
      const claim = look.claims.get(name)
      if (!claim || claim.metadata.deletionTimestamp !== undefined) continue
      if ((requestedGib(claim['spec']) ?? sizeGib) < sizeGib)
        await client.merge(
          { type: resources.claim, namespace, name },
          { spec: { resources: { requests: { storage: `${sizeGib}Gi` } } } },
        )
    }
    const set = look.sets.get(group.set)
    if (!set || hasVolumes(set, group) || set.metadata.uid === undefined) continue
    await client.remove(
      { type: resources.statefulSet, namespace, name: group.set },
      { propagation: 'Orphan', uid: set.metadata.uid },
    )
  }
}

/** Sets of our own that went without their pods: they are recreated once nothing of the former ones is there. */
export async function ownSetsGone(
  client: KubernetesClient,
  { namespace, sets }: Look,
  groups: readonly NoteGroup[],
): Promise<void> {
  for (const group of groups) {
    const set = sets.get(group.set)
    if (!set || !isOwnSet(group.set) || hasVolumes(set, group)) continue
    const key = { type: resources.statefulSet, namespace: namespace.metadata.name, name: group.set }
    for (let waitedMs = 0; ; waitedMs += GONE_LOOK_MS) {
      const found = await client.find(key)
      if (!found || found.metadata.uid !== set.metadata.uid) break
      if (waitedMs > GONE_MS) throw new Error(`the set ${group.set} does not go`)
      await pause(GONE_LOOK_MS)
    }
  }
}

/** The garbage collector frees the pods first. */
const GONE_MS = 10_000
const GONE_LOOK_MS = 100

/**
 * The next pod that has to go because its set has more volumes than it was made with: a set cannot replace such pods, and looks at the
 * lowest first. None while another one of the group is not ready.
 */
export function podShortOfVolumes(look: Look, group: NoteGroup): KubernetesObject | undefined {
  const set = look.sets.get(group.set)
  if (!set || !hasVolumes(set, group)) return undefined
  const pods = group.nodes.flatMap((_node, at) => look.pods.get(podName(group.set, at)) ?? [])
  if (pods.length < group.nodes.length || !pods.every(isReady)) return undefined
  const wanted = volumesOf(parts[group.part], group.template.disks)
  return pods.find((pod) => {
    const has = listOf(recordOf(pod['spec'])['volumes']).map((each) => recordOf(each)['name'])
    return wanted.some(({ name }) => !has.includes(name))
  })
}

function claimsOf({ part, set, template, nodes }: NoteGroup) {
  return volumesOf(parts[part], template.disks).flatMap(({ name, sizeGib }) =>
    nodes.map((_node, at) => ({ name: `${name}-${podName(set, at)}`, sizeGib })),
  )
}

/** Whether the set makes pods with the volumes of the group. */
export function hasVolumes(set: KubernetesObject, { part, template }: NoteGroup): boolean {
  const made = listOf(recordOf(set['spec'])['volumeClaimTemplates']).map((each) => {
    const { metadata, spec } = recordOf(each)
    return `${String(recordOf(metadata)['name'])} ${requestedGib(spec)}`
  })
  const wanted = volumesOf(parts[part], template.disks)
  return made.join() === wanted.map(({ name, sizeGib }) => `${name} ${sizeGib}`).join()
}

/** The disks of a pod, as large as its claims are; as they are wanted where these say nothing. */
export function disksOf(
  { claims }: Pick<Look, 'claims'>,
  { part, template }: NoteGroup,
  pod: string,
): readonly Disk[] {
  const volumes = [...volumesOf(parts[part], template.disks)]
  return template.disks.map((disk) => {
    if (disk.use !== 'data') return disk
    const sizes = volumes.splice(0, disk.count).flatMap(({ name }) => {
      const claim = claims.get(`${name}-${pod}`)
      return capacityGib(claim) ?? requestedGib(claim?.['spec']) ?? []
    })
    return { ...disk, sizeGib: Math.min(disk.sizeGib, ...sizes) }
  })
}

function requestedGib(spec: unknown): number | undefined {
  return gibOf(recordOf(recordOf(recordOf(spec)['resources'])['requests'])['storage'])
}

/** As large as a claim is. */
export function capacityGib(claim: KubernetesObject | undefined): number | undefined {
  return gibOf(recordOf(recordOf(claim?.['status'])['capacity'])['storage'])
}

const UNITS: Readonly<Record<string, number>> = { '': 2 ** -30, Mi: 2 ** -10, Gi: 1, Ti: 1024 }

/** Undefined for what is no quantity of this kind. */
function gibOf(quantity: unknown): number | undefined {
  const [, number, unit = ''] =
    (typeof quantity === 'string' ? /^(\d+)(Mi|Gi|Ti)?$/.exec(quantity) : undefined) ?? []
  return number === undefined ? undefined : Math.floor(Number(number) * (UNITS[unit] ?? 1))
}
