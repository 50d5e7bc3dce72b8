/** What is there of an instance, asked of the API server now: every look is whole, and nothing of it is remembered. */
import { recordOf, listOf } from '../../../kernel/json.ts'
import type { KubernetesClient } from '../client.ts'
import { isOwn, namespaceOf, ownLabels, type Installation } from '../ownership.ts'
import { resources, textOf, type KubernetesObject } from '../resource.ts'
import { isPublicService } from './exposure.ts'
import { NOTE, notedNodes, noteOf, type InstanceNote, type PodIds } from './note.ts'
import { claimPlace, RESOURCE } from './part.ts'

/** On the namespace of an instance that is being removed, from the first step on. */
export const REMOVING = 'emrys.dev/removing'

export interface Look {
  readonly namespace: KubernetesObject
  readonly removing: boolean
  readonly note: InstanceNote | undefined
  /** By which another writer of the note is noticed. */
  readonly noteVersion: string | undefined
  readonly cluster: KubernetesObject | undefined
  /** By name. */
  readonly sets: ReadonlyMap<string, KubernetesObject>
  readonly pods: ReadonlyMap<string, KubernetesObject>
  readonly claims: ReadonlyMap<string, KubernetesObject>
  /** For what is outside, where anything was ever said of that. */
  readonly services: ReadonlyMap<string, KubernetesObject>
  /** Of places that no node has: what is left of nodes that went, by name. */
  readonly leftClaims: readonly string[]
}

export interface Place {
  readonly client: KubernetesClient
  readonly installation: Installation
}

/** Undefined when nothing of it is there. Throws when its namespace is another installation's. */
export async function lookAt(place: Place, id: string): Promise<Look | undefined> {
  const { client, installation } = place
  const namespace = await ownNamespace(place, id)
  if (!namespace) return undefined
  const { name } = namespace.metadata
  const [kept, cluster, sets, pods, claims] = await Promise.all([
    client.find({ type: resources.configMap, namespace: name, name: NOTE }),
    client.find({ type: resources.starrocks, namespace: name, name: RESOURCE }),
    client.list(resources.statefulSet, { namespace: name }),
    client.list(resources.pod, { namespace: name }),
    client.list(resources.claim, { namespace: name }),
  ])
  const note = noteOf(kept)
  const services = note?.exposed
    ? await client.list(resources.service, { namespace: name, labels: ownLabels(installation, id) })
    : []
  const { deletionTimestamp, annotations = {} } = namespace.metadata
  return {
    namespace,
    removing: deletionTimestamp !== undefined || annotations[REMOVING] !== undefined,
    note,
    noteVersion: kept?.metadata.resourceVersion,
    cluster,
    sets: byName(sets),
    pods: byName(pods),
    claims: byName(claims),
    services: byName(services.filter(({ metadata }) => isPublicService(metadata.name))),
    leftClaims: claims.map((claim) => claim.metadata.name).filter((claim) => isLeft(note, claim)),
  }
}

function isLeft(note: InstanceNote | undefined, claim: string): boolean {
  const place = claimPlace(claim)
  const group = note?.groups.find(({ set }) => set === place?.set)
  if (!place || !group) return false
  return place.ordinal >= group.nodes.filter(({ going }) => !going).length
}

/** Undefined when it is not there. Throws when it is another installation's. */
export async function ownNamespace(
  { client, installation }: Place,
  id: string,
): Promise<KubernetesObject | undefined> {
  const name = namespaceOf(installation, id)
  const found = await client.find({ type: resources.namespace, name })
  if (found && !isOwn(installation, found))
    throw new Error(`the namespace ${name} belongs to somebody else`)
  return found
}

function byName(objects: readonly KubernetesObject[]): ReadonlyMap<string, KubernetesObject> {
  return new Map(objects.map((object) => [object.metadata.name, object]))
}

/** Those that are there and shall stay. */
export function podIds(look: Look | undefined): PodIds {
  return new Map(
    notedNodes(look?.note).flatMap(({ node, pod }) => {
      const metadata = look?.pods.get(pod)?.metadata
      return metadata?.uid === undefined || metadata.deletionTimestamp !== undefined
        ? []
        : [[node.id, metadata.uid] as const]
    }),
  )
}

export interface Condition {
  readonly status: string
  readonly reason: string
  readonly message: string
  readonly sinceMs: number
}

export function conditionOf(pod: KubernetesObject, type: string): Condition | undefined {
  const found = listOf(recordOf(pod['status'])['conditions'])
    .map(recordOf)
    .find((each) => each['type'] === type)
  if (!found) return undefined
  const text = (name: string) => textOf(found[name])
  return {
    status: text('status'),
    reason: text('reason'),
    message: text('message'),
    sinceMs: Date.parse(text('lastTransitionTime')) || 0,
  }
}

export function isReady(pod: KubernetesObject): boolean {
  const { deletionTimestamp } = pod.metadata
  return deletionTimestamp === undefined && conditionOf(pod, 'Ready')?.status === 'True'
}

export function podAddress(pod: KubernetesObject): string | undefined {
  const address = recordOf(pod['status'])['podIP']
  return typeof address === 'string' && address !== '' ? address : undefined
}
