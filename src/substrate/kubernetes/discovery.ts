/**
 * What the cluster of Kubernetes has for instances, looked up now and then: whether it answers, whether StarRocks' operator is installed
 * (its custom resource is served), and which StorageClasses there are. By it, what cannot run is refused before it is recorded.
 */
import type { Lack } from '../../domain/cluster/capability.ts'
import { ApiProblem } from './api-problem.ts'
import type { KubernetesClient } from './client.ts'
import { listPath, resources } from './resource.ts'
import type { Provision } from './starrocks/objects.ts'

export interface Discovery {
  /** Undefined when nothing is missing, by the last look. */
  lack(): Lack | undefined
  look(): Promise<void>
}

export function discovery(
  client: KubernetesClient,
  { storageClasses }: Pick<Provision, 'storageClasses'>,
): Discovery {
  let found: Lack | undefined = lackOf('Kubernetes', 'it has not answered yet')
  return {
    lack: () => found,
    async look() {
      try {
        found = (await operatorLack(client)) ?? (await classLack(client, storageClasses))
      } catch (problem) {
        found = lackOf('Kubernetes', (problem as Error).message)
      }
    },
  }
}

async function operatorLack(client: KubernetesClient): Promise<Lack | undefined> {
  try {
    await client.read(`${listPath(resources.starrocks)}?limit=1`)
    return undefined
  } catch (problem) {
    if (!(problem instanceof ApiProblem && problem.status === 404)) throw problem
    return lackOf(
      'StarRocks',
      "StarRocks' operator is not installed: starrocksclusters.starrocks.com is not served",
    )
  }
}

async function classLack(
  client: KubernetesClient,
  storageClasses: Provision['storageClasses'],
): Promise<Lack | undefined> {
  const there = new Set(
    (await client.list(resources.storageClass)).map(({ metadata }) => metadata.name),
  )
  const missing = Object.values(storageClasses).find((name) => !there.has(name))
  return missing === undefined
    ? undefined
    : lackOf('disks', `there is no StorageClass ${missing}, which kubernetes.storage-classes names`)
}

function lackOf(what: string, detail: string): Lack {
  return { what, detail }
}
