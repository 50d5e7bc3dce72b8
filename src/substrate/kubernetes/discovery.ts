/**
 * What the Kubernetes cluster has for clusters, looked up now and then: whether it answers, which operators are installed (their custom
 * resources are served), and which StorageClasses there are. By it, what cannot run is refused before it is recorded.
 */
import type { UnmetRequirement } from '../../domain/cluster/capability.ts'
import { ApiProblem } from './api-problem.ts'
import type { KubernetesClient } from './client.ts'
import type { Carrier } from './carrier.ts'
import { listPath, resources, type ResourceType } from './resource.ts'
import type { Provision } from './starrocks/objects.ts'

export interface Discovery {
  /** Undefined when nothing is missing of what a family needs, by the last look. */
  unmet(needed: Needed): UnmetRequirement | undefined
  look(): Promise<void>
}

/** What a family of clusters is made with. */
export type Needed = Pick<Carrier, 'title' | 'operator' | 'types'>

interface Known {
  readonly types: readonly ResourceType[]
  /** Where it may look, if that is not everywhere. */
  readonly namespace: string | undefined
}

export function discovery(
  client: KubernetesClient,
  provision: Pick<Provision, 'storageClasses' | 'encryptedStorageClasses'>,
  { types, namespace }: Known,
): Discovery {
  let found: UnmetRequirement | undefined = unmetRequirement(
    'Kubernetes',
    'it has not answered yet',
  )
  let missing: ReadonlyMap<ResourceType, Sentence> = new Map()
  return {
    unmet({ title, operator, types: needed }) {
      const type = needed.find((each) => missing.has(each))
      if (!type) return found
      const name = `${type.plural}.${type.apiVersion.split('/')[0]}`
      return unmetRequirement(title, missing.get(type)?.(operator, name) ?? '')
    },
    async look() {
      try {
        missing = await missingOf(client, { types, namespace })
        found = await unmetClass(client, provision)
      } catch (problem) {
        found = unmetRequirement('Kubernetes', (problem as Error).message)
      }
    },
  }
}

type Sentence = (operator: string, name: string) => string

/** An account that may not use the resources of one product can carry others. */
const MISSING: Readonly<Record<number, Sentence>> = {
  403: (operator, name) => `${operator} cannot be used: this account may not use ${name}`,
  404: (operator, name) => `${operator} is not installed: ${name} is not served`,
}

async function missingOf(
  client: KubernetesClient,
  { types, namespace }: Known,
): Promise<ReadonlyMap<ResourceType, Sentence>> {
  const missing = new Map<ResourceType, Sentence>()
  for (const type of types)
    try {
      await client.read(`${listPath(type, namespace)}?limit=1`)
    } catch (problem) {
      const sentence = problem instanceof ApiProblem ? MISSING[problem.status] : undefined
      if (!sentence) throw problem
      missing.set(type, sentence)
    }
  return missing
}

async function unmetClass(
  client: KubernetesClient,
  {
    storageClasses,
    encryptedStorageClasses = {},
  }: Pick<Provision, 'storageClasses' | 'encryptedStorageClasses'>,
): Promise<UnmetRequirement | undefined> {
  const there = new Set(
    (await client.list(resources.storageClass)).map(({ metadata }) => metadata.name),
  )
  const named = [...Object.values(storageClasses), ...Object.values(encryptedStorageClasses)]
  const missing = named.find((name) => !there.has(name))
  return missing === undefined
    ? undefined
    : unmetRequirement(
        'disks',
        `there is no StorageClass ${missing}, which the storage classes of the environment name`,
      )
}

function unmetRequirement(what: string, detail: string): UnmetRequirement {
  return { what, detail }
}
