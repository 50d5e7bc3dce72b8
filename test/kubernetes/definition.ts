/** Definitions of custom resources for tests: the members that Emrys sets and reads, and no others, so that a misspelt one is refused. */
import { setTimeout as pause } from 'node:timers/promises'
import type { KubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { listPath, type ResourceType } from '../../src/substrate/kubernetes/resource.ts'

export const Text = { type: 'string' }
export const Texts = { type: 'object', additionalProperties: Text }
export const Amount = {
  type: 'object',
  additionalProperties: {
    anyOf: [{ type: 'integer' }, Text],
    'x-kubernetes-int-or-string': true,
  },
}
export const record = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
})
export const list = (items: object) => ({ type: 'array', items })

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const LOOKS = 300

/** Makes it known to an API server, and waits until it is in use. */
export async function define(
  client: KubernetesClient,
  type: ResourceType,
  schema: object,
): Promise<void> {
  const [group = '', version] = type.apiVersion.split('/')
  await client.create(DEFINITIONS, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${type.plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind: type.kind,
        listKind: `${type.kind}List`,
        plural: type.plural,
        singular: type.kind.toLowerCase(),
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  })
  for (let look = 0; look < LOOKS; look++) {
    const served = await client.read(listPath(type)).then(
      () => true,
      () => false,
    )
    if (served) return
    await pause(50)
  }
  throw new Error(`the definition of ${type.kind} is not served`)
}
