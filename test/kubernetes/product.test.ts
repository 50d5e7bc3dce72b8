/**
 * Clusters that operators run, on a real API server that validates them strictly: their objects, and a cluster's life with a stand-in for each
 * operator, which makes the pods that it would make and says what it would say. No operator itself was run.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { withRestart } from '../../src/domain/cluster/spec.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { random } from '../../src/kernel/random.ts'
import { ApiProblem } from '../../src/substrate/kubernetes/api-problem.ts'
import { kubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { kubernetes } from '../../src/substrate/kubernetes/kubernetes.ts'
import { resources, type KubernetesObject } from '../../src/substrate/kubernetes/resource.ts'
import type { Seen, Substrate, Wanted } from '../../src/substrate/port.ts'
import { productProvision, productSamples } from '../support/fixture/product-cluster.ts'
import { cleanUp } from '../support/process/clean-up.ts'
import { isReached, next } from '../substrate/subject.ts'
import { askerOf } from './api.ts'
import { skipWithoutControlPlane, startControlPlane } from './control-plane.ts'
import { defineProducts } from './product-definition.ts'
import { startProductOperators } from './product-operator.ts'

const skip = skipWithoutControlPlane()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const plane = skip === false ? await startControlPlane(ending, { controllers: true }) : undefined
if (plane)
  for (const name of Object.values(productProvision.storageClasses))
    await plane.client.create('/apis/storage.k8s.io/v1/storageclasses', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'none',
    })
const GOLDEN = join(import.meta.dirname, '../substrate/kubernetes/product/golden')
const LOOK_MS = 50
const LOOKS = 400

test('without its operator a cluster is refused by what is missing', { skip }, async (t) => {
  const substrate = substrateFor(t)
  await until(async () => {
    const spec = productSamples['kafka-small']!
    const lack = substrate.lack?.({ id: 'c', spec })
    return (
      lack !== undefined &&
      'what' in lack &&
      /kafkanodepools.kafka.strimzi.io is not served/.test(lack.detail)
    )
  })
  await defineProducts(plane!.client)
})

for (const path of globSync(join(GOLDEN, '*.json')))
  test(
    `every object of ${basename(path, '.json')} is accepted, and not written again`,
    { skip },
    async () => {
      assert.ok(plane)
      const namespace = basename(path, '.json')
      await plane.client.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      })
      const objects = JSON.parse(readFileSync(path, 'utf8')) as readonly KubernetesObject[]
      assert.ok(objects.length >= 2)
      for (const object of objects) {
        const own = { ...object, metadata: { ...object.metadata, namespace } }
        const first = await plane.client.apply(own)
        const second = await plane.client.apply(own)
        assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion, object.kind)
        assert.deepEqual(second['spec'], first['spec'])
      }
      const last = structuredClone(objects.at(-1)!) as { spec: object } & KubernetesObject
      Object.assign(last.spec, { misspelt: 1 })
      const misspelt = { ...last, metadata: { ...last.metadata, namespace } }
      await assert.rejects(plane.client.apply(misspelt), (problem) => {
        assert.ok(problem instanceof ApiProblem && problem.persists, String(problem))
        return true
      })
    },
  )

for (const [name, spec] of Object.entries(productSamples))
  test(
    `${name} is made, restarted, grown, put away, resumed and removed`,
    { skip, timeout: 240_000 },
    async (t) => {
      assert.ok(plane)
      const id = `life-${name}`
      const substrate = substrateFor(t)
      const ask = askerOf(t, plane.access)
      startProductOperators(t, ask, id)
      const first: Wanted = {
        id,
        name: 'sample',
        spec: { ...spec, generation: 1 },
        reveal: () => 'Secret-1',
      }
      const made = await reached(substrate, first)
      assert.ok(made.endpoints.every(({ host }) => host.includes(`${id}.svc`)))
      assert.match(made.remark ?? '', /runs as/)
      const places = await podNames(id)

      const restarted = next(first, withRestart(first.spec, { of: 'cluster' }))
      await reached(substrate, restarted)
      assert.deepEqual(await podNames(id), places)

      const groups = restarted.spec.groups.map((group) => {
        if (group.role !== 'core') return group
        const added = group.nodes.map((node, at) => ({
          ...node,
          id: `new-${at}`,
          index: 10 + at,
          restarts: 0,
        }))
        return { ...group, nodes: [...group.nodes, ...added] }
      })
      const grown = next(restarted, { ...restarted.spec, groups })
      const before = await uids(id)
      await reached(substrate, grown)
      const afterwards = await uids(id)
      for (const [pod, uid] of before) assert.equal(afterwards.get(pod), uid, `${pod} goes on`)

      const away = next(grown, { ...grown.spec, running: false })
      await substrate.apply(away)
      await until(async () => {
        const { groups: seen } = await substrate.observe(id)
        return seen.every(({ nodes }) => nodes.every(({ phase }) => phase === 'stopped'))
      })
      const again = next(away, { ...away.spec, running: true })
      await reached(substrate, again)

      const refused = next(again, {
        ...again.spec,
        configuration: [{ service: 's', version: '', file: 'f', properties: {} }],
      })
      await substrate.apply(refused)
      const [group] = (await substrate.observe(id)).groups
      assert.match(group?.trouble?.reason ?? '', /^configuration: /)
      assert.equal(group?.trouble?.persists, true)

      await until(async () => {
        await substrate.remove(id)
        return !(await substrate.observe(id)).present
      })
    },
  )

function substrateFor(t: TestContext): Substrate {
  assert.ok(plane)
  const substrate = kubernetes({
    client: kubernetesClient({ access: plane.access, random: random() }),
    installation: { id: 'i-products', prefix: '' },
    provision: { ...productProvision, images: 'starrocks' },
    frontends: {
      login: async () => 'silent',
      setPassword: async () => {},
    } as never,
    clock: systemClock(),
    log: silentLogger(),
  })
  substrate.supervise?.(() => {})
  cleanUp(t, () => substrate.close())
  return substrate
}

async function reached(substrate: Substrate, wanted: Wanted): Promise<Seen> {
  await substrate.apply(wanted)
  let seen = await substrate.observe(wanted.id)
  await until(
    async () => {
      seen = await substrate.observe(wanted.id)
      return isReached(seen, wanted)
    },
    () => JSON.stringify(seen),
  )
  return seen
}

async function until(done: () => Promise<boolean>, told = () => ''): Promise<void> {
  for (let look = 0; !(await done()); look++) {
    if (look > LOOKS) throw new Error(`it does not happen: ${told()}`)
    await pause(LOOK_MS)
  }
}

async function uids(namespace: string): Promise<ReadonlyMap<string, string | undefined>> {
  const pods = await plane!.client.list(resources.pod, { namespace })
  return new Map(pods.map(({ metadata }) => [metadata.name, metadata.uid]))
}

async function podNames(namespace: string): Promise<readonly string[]> {
  return [...(await uids(namespace)).keys()].sort()
}
