/** The objects of StarRocks instances, as the golden texts have them, before a real API server that validates them strictly. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, test } from 'node:test'
import { ApiProblem } from '../../src/substrate/kubernetes/api-problem.ts'
import type { KubernetesObject } from '../../src/substrate/kubernetes/resource.ts'
import { skipWithoutControlPlane, startControlPlane } from './control-plane.ts'
import { defineStarrocks } from './starrocks-definition.ts'

const skip = skipWithoutControlPlane()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const plane = skip === false ? await startControlPlane(ending) : undefined
if (plane) await defineStarrocks(plane.client)

const GOLDEN = join(import.meta.dirname, '../substrate/kubernetes/starrocks/golden')

for (const path of globSync(join(GOLDEN, '*.json')))
  test(
    `every object of ${basename(path, '.json')} is accepted, and not written again when it is applied again`,
    { skip },
    async () => {
      assert.ok(plane)
      const namespace = basename(path, '.json')
      const objects = JSON.parse(readFileSync(path, 'utf8')) as readonly KubernetesObject[]
      assert.ok(objects.length >= 6)
      for (const object of objects) {
        const own = placedIn(namespace, object)
        const first = await plane.client.apply(own)
        const second = await plane.client.apply(own)
        assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion, object.kind)
        // What the server keeps is what was said, and more.
        assert.deepEqual(intersection(second, own), own)
      }
    },
  )

test('a member that the definition does not have is refused permanently', { skip }, async () => {
  assert.ok(plane)
  const [path = ''] = globSync(join(GOLDEN, '*.json'))
  const objects = JSON.parse(readFileSync(path, 'utf8')) as readonly KubernetesObject[]
  const cluster = placedIn(
    'default',
    objects.find(({ kind }) => kind === 'StarRocksCluster')!,
  )
  const misspelt = structuredClone(cluster) as {
    spec: { starRocksFeSpec: object }
  } & KubernetesObject
  Object.assign(misspelt.spec.starRocksFeSpec, { replica: 3 })
  await assert.rejects(plane.client.apply(misspelt), (problem) => {
    assert.ok(problem instanceof ApiProblem && problem.persists, String(problem))
    return true
  })
})

function placedIn(namespace: string, object: KubernetesObject): KubernetesObject {
  const { metadata } = object
  if (object.kind === 'Namespace') return { ...object, metadata: { ...metadata, name: namespace } }
  return { ...object, metadata: { ...metadata, namespace } }
}

/** Of `found`, what `asked` has too. */
function intersection(found: unknown, asked: unknown): unknown {
  if (Array.isArray(asked) && Array.isArray(found))
    return asked.map((each, at) => intersection(found[at], each))
  if (typeof asked !== 'object' || asked === null || typeof found !== 'object' || found === null)
    return found
  return Object.fromEntries(
    Object.entries(asked).map(([name, value]) => [
      name,
      intersection((found as Record<string, unknown>)[name], value),
    ]),
  )
}
