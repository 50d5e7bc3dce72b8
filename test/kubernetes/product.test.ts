/**
 * Clusters that operators run, on a real API server that validates them strictly: their objects, and a cluster's life with a stand-in for each
 * operator, which makes the pods that it would make and says what it would say. No operator itself was run.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import type { NodeGroup } from '../../src/domain/cluster/node-group.ts'
import { withRestart, withoutNodes, type ClusterSpec } from '../../src/domain/cluster/spec.ts'
import { nodesOf } from '../../src/domain/cluster/node-group.ts'
import { ApiProblem } from '../../src/substrate/kubernetes/api-problem.ts'
import { resources, type KubernetesObject } from '../../src/substrate/kubernetes/resource.ts'
import type { Substrate, Wanted } from '../../src/substrate/port.ts'
import { productSamples } from '../support/fixture/product-cluster.ts'
import { next } from '../substrate/subject.ts'
import { askerOf } from './api.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { fakeMysql } from '../support/process/fake-mysql.ts'
import { defineProducts } from './product-definition.ts'
import { startProductOperators } from './product-operator.ts'
import { productSubstrate, reached, startProductPlane } from './product-subject.ts'
import { until } from './until.ts'

const skip = skipWithoutControlPlane()
const ending = { after: (undo: unknown) => after(undo as () => void) }
/** Where every pod is reached. */
const POD = '127.244.9.9'
const mysql = skip === false ? await fakeMysql(ending, { host: POD, port: 9030 }) : undefined
const plane = skip === false ? await startProductPlane(ending) : undefined
const GOLDEN = join(import.meta.dirname, '../substrate/kubernetes/product/golden')

test('without its operator a cluster is refused by what is missing', { skip }, async (t) => {
  const substrate = substrateFor(t)
  await until(async () => {
    const spec = productSamples['kafka-small']!
    const unmet = substrate.unmet?.({ id: 'c', spec })
    return (
      unmet !== undefined &&
      'what' in unmet &&
      /kafkanodepools.kafka.strimzi.io is not served/.test(unmet.detail)
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
    `${name} is made, restarted, grown, stopped, resumed and removed`,
    { skip, timeout: 600_000 },
    async (t) => {
      assert.ok(plane)
      const id = `life-${name}`
      const asked = mysql?.queries.length
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
      // No version was asked for of serverless HBase.
      assert.match(made.remark ?? '', name === 'hbase' ? /^$/ : /runs as/)
      const places = await podNames(id)
      const told = [`SET PASSWORD FOR 'admin' = PASSWORD('Secret-1')`]
      assert.deepEqual(mysql?.queries.slice(asked), spec.software.family === 'doris' ? told : [])

      const restarted = next(first, withRestart(first.spec, { of: 'cluster' }))
      await reached(substrate, restarted)
      assert.deepEqual(await podNames(id), places)

      const grown = next(restarted, withTwice(restarted.spec))
      const before = await uids(id)
      await reached(substrate, grown)
      const afterwards = await uids(id)
      for (const [pod, uid] of before) assert.equal(afterwards.get(pod), uid, `${pod} continues`)

      const grows = refusalOf(substrate, grown.spec, withLarger(grown.spec)) === undefined
      const larger = grows ? next(grown, withLarger(grown.spec)) : grown
      if (grows) {
        await reached(substrate, larger)
        assert.deepEqual(await uids(id), afterwards, 'pods continue while their volumes grow')
        const claims = await plane.client.list(resources.claim, { namespace: id })
        assert.ok(claims.some(({ status }) => JSON.stringify(status).includes('"200Gi"')))
      } else {
        assert.ok(!GROWING.includes(name))
      }

      const away = next(larger, { ...larger.spec, running: false })
      await substrate.apply(away)
      await until(async () => {
        const { groups: seen } = await substrate.observe(id)
        return seen.every(({ nodes }) => nodes.every(({ phase }) => phase === 'stopped'))
      })
      const again = next(away, { ...away.spec, running: true })
      await reached(substrate, again)

      const fewer = next(again, withoutNodes(again.spec, newNodes(again.spec)))
      if (refusalOf(substrate, again.spec, fewer.spec) === undefined) {
        assert.deepEqual(await lost(substrate, fewer, newNodes(again.spec)), ['draining'])
        const claims = await plane.client.list(resources.claim, { namespace: id })
        const pods = await podNames(id)
        assert.deepEqual(pods, places)
        for (const { metadata } of claims)
          assert.ok(
            pods.some((pod) => metadata.name.endsWith(`-${pod}`)),
            metadata.name,
          )
      } else {
        assert.ok(!SHRINKING.includes(name))
      }

      const refused = next(fewer, {
        ...again.spec,
        configuration: [{ service: 's', version: '', file: 'f', properties: {} }],
      })
      await substrate.apply(refused)
      const [group] = (await substrate.observe(id)).groups
      assert.match(group?.problem?.reason ?? '', /^settings of s\/f: /)
      assert.equal(group?.problem?.persists, true)

      await until(async () => {
        await substrate.remove(id)
        return !(await substrate.observe(id)).present
      })
    },
  )

test(
  'a cluster whose nodes find no room elsewhere keeps them, says why, and may have them again',
  { skip, timeout: 600_000 },
  async (t) => {
    assert.ok(plane)
    const id = 'blocked'
    const substrate = substrateFor(t)
    const ask = askerOf(t, plane.access)
    startProductOperators(t, ask, id)
    const first = wantedOf(id, productSamples['kafka-controlled']!)
    const whole = next(first, withTwice(first.spec))
    await reached(substrate, first)
    await reached(substrate, whole)
    const path = `/api/v1/namespaces/${id}/configmaps`
    await ask('POST', path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'full' } })
    const fewer = next(whole, first.spec)
    const leaving = newNodes(whole.spec)
    await substrate.drain?.(fewer, leaving)
    await until(async () => {
      const { groups } = await substrate.observe(id)
      return groups.some(({ problem }) => /Reverting scale-down/.test(problem?.reason ?? ''))
    })
    const phases = await leavingPhases(substrate, id, leaving)
    assert.deepEqual(new Set(phases), new Set(['draining']))
    await reached(substrate, next(fewer, whole.spec))
    await substrate.remove(id)
  },
)

/** After each write, or after each of so many. */
for (const [name, step] of [
  ['kafka-controlled', 1],
  ['hbase', 4],
  ['doris', 3],
] as const)
  test(
    `${name}: whoever is killed between two steps is followed by somebody who continues there`,
    { skip, timeout: 600_000 },
    async (t) => {
      assert.ok(plane)
      const spec = productSamples[name]!
      const ask = askerOf(t, plane.access)
      for (let writes = step - 1, killed = true; killed; writes += step) {
        const id = `killed-${name}-${writes}`
        const endOperators = startProductOperators(t, ask, id)
        const whole = wantedOf(id, withTwice(spec))
        const first = substrateFor(t, writes)
        killed = await isKilled(() => first.apply(whole))
        await first.close()
        const second = substrateFor(t)
        await reached(second, whole)
        if (SHRINKING.includes(name)) {
          const fewer = next(whole, spec)
          const leaving = newNodes(whole.spec)
          const third = substrateFor(t, writes)
          killed = (await isKilled(async () => third.drain?.(fewer, leaving))) || killed
          await third.close()
          await lost(substrateFor(t), fewer, leaving)
        }
        await second.remove(id)
        await second.close()
        await endOperators()
      }
    },
  )

async function isKilled(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run()
    return false
  } catch (problem) {
    assert.match(String(problem), /killed/)
    return true
  }
}

/** Those that have to be able to. */
const GROWING = ['kafka-small', 'kafka-controlled', 'clickhouse-shards', 'clickhouse-replicas']
const SHRINKING = ['kafka-controlled']

function wantedOf(id: string, spec: ClusterSpec): Wanted {
  return { id, name: 'sample', spec: { ...spec, generation: 1 }, reveal: () => 'Secret-1' }
}

/** Twice the nodes of the first group. */
function withTwice(spec: ClusterSpec): ClusterSpec {
  const groups = spec.groups.map((group, place): NodeGroup => {
    if (place > 0) return group
    const added = group.nodes.map((node, at) => {
      return { ...node, id: `new-${at}`, index: 10 + at, restarts: 0 }
    })
    return { ...group, nodes: [...group.nodes, ...added] }
  })
  return { ...spec, groups }
}

function newNodes({ groups }: ClusterSpec): readonly string[] {
  return nodesOf(groups).flatMap(({ id }) => (id.startsWith('new-') ? [id] : []))
}

function withLarger(spec: ClusterSpec): ClusterSpec {
  const groups = spec.groups.map((group) => ({
    ...group,
    disks: group.disks.map((disk) => ({ ...disk, sizeGib: 200 })),
  }))
  return { ...spec, groups }
}

/** One that `writes` is given can write so often. */
function substrateFor(t: TestContext, writes?: number): Substrate {
  assert.ok(plane)
  return productSubstrate(t, plane, { pod: POD, writes })
}

function refusalOf(substrate: Substrate, before: ClusterSpec, spec: ClusterSpec) {
  return substrate.unmet?.({ id: 'c', spec, before })
}

async function leavingPhases(substrate: Substrate, id: string, nodes: readonly string[]) {
  const { groups } = await substrate.observe(id)
  return groups.flatMap((group) =>
    group.nodes.flatMap((node) => (nodes.includes(node.id) ? [node.phase] : [])),
  )
}

/** Drained and then gone, as the loop does it; returns the phases between. */
async function lost(substrate: Substrate, wanted: Wanted, nodes: readonly string[]) {
  const { id } = wanted
  const seen = new Set<string>()
  await until(async () => {
    const phases = await leavingPhases(substrate, id, nodes)
    if (phases.includes('serving')) await substrate.drain?.(wanted, nodes)
    const isDrained = phases.length === nodes.length && phases.every((each) => each === 'drained')
    for (const phase of phases) if (phase !== 'serving' && phase !== 'drained') seen.add(phase)
    return isDrained
  })
  await reached(substrate, wanted)
  return [...seen]
}

async function uids(namespace: string): Promise<ReadonlyMap<string, string | undefined>> {
  const pods = await plane!.client.list(resources.pod, { namespace })
  return new Map(pods.map(({ metadata }) => [metadata.name, metadata.uid]))
}

async function podNames(namespace: string): Promise<readonly string[]> {
  return [...(await uids(namespace)).keys()].sort()
}
