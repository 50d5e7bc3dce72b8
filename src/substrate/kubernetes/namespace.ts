/**
 * Where clusters are: each in a namespace of its own, which Emrys makes and removes; or, where it may make none, in one of those that somebody
 * made for it and nothing else (`kubernetes.namespaces`), which holds one cluster at a time. Such a one is taken by an object that can be
 * made once: the second one takes another one.
 */
import { ApiProblem } from './api-problem.ts'
import type { KubernetesClient } from './client.ts'
import { isOwn, labels, ownLabels, type Installation } from './ownership.ts'
import { listPath, resources, type KubernetesObject, type ObjectKey } from './resource.ts'
import { removeNamespace } from './starrocks/apply.ts'
import { ownNamespace, REMOVING } from './starrocks/look.ts'

const TAKEN = 'emrys-taken'

export interface Namespaces {
  /** What stands for the cluster, named as its namespace. Throws when that is another installation's. */
  find(id: string): Promise<KubernetesObject | undefined>
  /** Makes it there; returns the namespace. Throws NamespaceShort. */
  ensure(wanted: KubernetesObject, id: string): Promise<string>
  ids(): Promise<readonly string[]>
  /** To be repeated until nothing is there. */
  remove(it: KubernetesObject, content: Content): Promise<void>
  /** The only ones that it looks into. */
  readonly listed?: readonly string[]
}

/** What of a cluster lies in its namespace, beside what can be found by labels. */
export interface Content {
  /** The custom resources and sets that are there, in the order in which they go. */
  readonly made: readonly Omit<ObjectKey, 'namespace'>[]
  /** Names of Secrets, as Emrys may not list them. */
  readonly secrets: readonly string[]
}

/** Somebody has to make more of them. */
export class NamespaceShort extends Error {
  override readonly name = 'NamespaceShort'
}

interface Around {
  readonly client: KubernetesClient
  readonly installation: Installation
}

export function ownNamespaces(around: Around): Namespaces {
  const { client, installation } = around
  return {
    find: (id) => ownNamespace(around, id),
    async ensure(wanted) {
      return (await client.apply(wanted)).metadata.name
    },
    async ids() {
      const own = { [labels.installation]: installation.id }
      const found = await client.list(resources.namespace, { labels: own })
      return found.filter((each) => isOwn(installation, each)).flatMap(clusterIn)
    },
    remove: (it, { made }) => removeNamespace(around, it, made),
  }
}

function clusterIn({ metadata }: KubernetesObject): readonly string[] {
  const id = metadata.labels?.[labels.cluster]
  return id === undefined ? [] : [id]
}

export function listedNamespaces(
  { client, installation }: Around,
  listed: readonly string[],
): Namespaces {
  const keyIn = (namespace: string) => ({ type: resources.configMap, namespace, name: TAKEN })
  /** By cluster: where it was found last. */
  const known = new Map<string, string>()
  const takenIn = async (namespace: string) => {
    const found = await client.find(keyIn(namespace))
    return found && isOwn(installation, found) ? found : undefined
  }
  const find = async (id: string): Promise<KubernetesObject | undefined> => {
    const first = known.get(id)
    const order = first === undefined ? listed : [first, ...listed.filter((one) => one !== first)]
    for (const namespace of order) {
      const taken = await takenIn(namespace)
      if (!taken || !clusterIn(taken).includes(id)) continue
      known.set(id, namespace)
      return { ...taken, metadata: { ...taken.metadata, name: namespace } }
    }
    known.delete(id)
    return undefined
  }
  return {
    listed,
    find,
    async ensure({ metadata: { labels: wanted = {} } }, id) {
      const found = await find(id)
      if (found) return found.metadata.name
      const family = wanted[labels.family]
      const ofFamily = family === undefined ? {} : { [labels.family]: family }
      for (const namespace of listed)
        try {
          await client.create(listPath(resources.configMap, namespace), {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: TAKEN, labels: { ...ownLabels(installation, id), ...ofFamily } },
          })
          return namespace
        } catch (problem) {
          if (!(problem instanceof ApiProblem && problem.status === 409)) throw problem
        }
      throw new NamespaceShort(`each of the namespaces ${listed.join(', ')} has a cluster already`)
    },
    async ids() {
      const found = await Promise.all(listed.map(takenIn))
      return found.flatMap((taken) => (taken ? clusterIn(taken) : []))
    },
    async remove({ metadata: { name: namespace, annotations = {}, uid } }, { made, secrets }) {
      const key = keyIn(namespace)
      if (annotations[REMOVING] === undefined)
        await client.merge(key, { metadata: { annotations: { [REMOVING]: 'true' } } })
      for (const each of made) await client.remove({ ...each, namespace })
      // Operators may have something to do first: a custom resource that is there has not been let go yet.
      if (made.length > 0 || (await client.list(resources.pod, { namespace })).length > 0) return
      if (!(await withoutVolumes(client, namespace))) return
      await emptied({ client, installation }, namespace, secrets)
      // The last: by it is known that anything is left.
      await client.remove(key, uid === undefined ? {} : { uid })
    },
  }
}

/** Whoever takes the namespace next shall find no volume of this name, not even one that is still going. */
async function withoutVolumes(client: KubernetesClient, namespace: string): Promise<boolean> {
  const claims = await client.list(resources.claim, { namespace })
  for (const { metadata } of claims)
    await client.remove({ type: resources.claim, namespace, name: metadata.name })
  return claims.length === 0
}

/** What goes with a namespace of its own. */
async function emptied(
  { client, installation }: Around,
  namespace: string,
  secrets: readonly string[],
): Promise<void> {
  const own = { namespace, labels: { [labels.installation]: installation.id } }
  for (const type of [resources.service, resources.disruptionBudget, resources.networkPolicy])
    for (const { metadata } of await client.list(type, own))
      await client.remove({ type, namespace, name: metadata.name })
  for (const name of secrets) await client.remove({ type: resources.secret, namespace, name })
  for (const { metadata } of await client.list(resources.configMap, own))
    if (metadata.name !== TAKEN)
      await client.remove({ type: resources.configMap, namespace, name: metadata.name })
}
