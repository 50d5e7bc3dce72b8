/**
 * How clusters of EMR are reached from outside the cluster of Kubernetes, on a real API server. No load balancer is there: the test says addresses in its
 * place; Strimzi's own services are those of its stand-in.
 */
import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import type { ClusterSpec } from '../../src/domain/cluster/spec.ts'
import { listOf, recordOf } from '../../src/kernel/json.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import type { OutsideProvision } from '../../src/substrate/kubernetes/product/outside.ts'
import type { Seen, Wanted } from '../../src/substrate/port.ts'
import { next } from '../substrate/subject.ts'
import { productProvision, productSamples } from '../support/fixture/product-cluster.ts'
import { fakeMysql } from '../support/process/fake-mysql.ts'
import { askerOf } from './api.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { defineProducts } from './product-definition.ts'
import { startProductOperators } from './product-operator.ts'
import { productSubstrate, reached, startProductPlane } from './product-subject.ts'
import { until } from './until.ts'

const skip = skipWithoutControlPlane()
const options = { skip, timeout: 600_000 }
const ending = { after: (undo: unknown) => after(undo as () => void) }
const POD = '127.244.9.8'
const plane = skip === false ? await startProductPlane(ending) : undefined
if (plane) {
  await fakeMysql(ending, { host: POD, port: 9030 })
  await defineProducts(plane.client)
}

async function begin(t: TestContext, sample: string, outside: OutsideProvision) {
  assert.ok(plane)
  const id = `outside-${sample}-${outside.exposure?.public?.by ?? 'none'}`
  const clock = systemClock()
  const ask = askerOf(t, plane.access)
  startProductOperators(t, ask, id)
  const provision = { ...productProvision, ...outside }
  const substrate = productSubstrate(t, plane, { pod: POD, provision, clock })
  // What its cluster has is not known before it has looked.
  await until(async () => substrate.unmet?.({ id, spec: productSamples[sample]! }) === undefined)
  const { client } = plane
  const service = () => client.find({ type: resources.service, namespace: id, name: 'emr-public' })
  const wanted: Wanted = {
    id,
    name: 'sample',
    spec: { ...productSamples[sample]!, generation: 1 },
    reveal: () => 'Secret-1',
  }
  return { id, substrate, clock, ask, client, service, wanted }
}

function withPublicMaster(spec: ClusterSpec, exposed: boolean): ClusterSpec {
  const groups = spec.groups.map((group) =>
    group.role === 'master' ? { ...group, exposed } : group,
  )
  return { ...spec, groups }
}

function publicOf({ endpoints }: Seen): readonly string[] {
  return endpoints
    .filter(({ name }) => name.startsWith('public/'))
    .map(({ name, host, port }) => `${name} ${host}:${port}`)
}

test(
  'a public address of masters: waited for, shown as theirs, and gone when nobody wants it',
  options,
  async (t) => {
    const exposure = { public: { by: 'load-balancer', sources: ['203.0.113.0/24'] } } as const
    const { id, substrate, clock, ask, client, service, wanted } = await begin(t, 'doris', {
      exposure,
    })
    const open = { ...wanted, spec: withPublicMaster(wanted.spec, true) }
    await substrate.apply(open)
    const problem = async () => {
      const { groups, generation } = await substrate.observe(id)
      const found = groups.flatMap((group) => (group.problem ? [group.problem] : []))
      return generation === 0
        ? found.find(({ reason }) => reason.includes('emr-public'))
        : undefined
    }
    await until(async () => (await problem())?.persists === false)
    clock.advance(11 * 60_000)
    await until(async () => (await problem())?.persists === true)
    const { spec } = (await service())!
    const { type, loadBalancerSourceRanges, selector } = recordOf(spec)
    assert.deepEqual([type, loadBalancerSourceRanges], ['LoadBalancer', ['203.0.113.0/24']])
    await ask('PATCH', `/api/v1/namespaces/${id}/services/emr-public/status`, {
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } },
    })
    const seen = await reached(substrate, open)
    assert.deepEqual(publicOf(seen), [
      'public/mysql 203.0.113.7:9030',
      'public/http 203.0.113.7:8030',
    ])
    const pods = await client.list(resources.pod, {
      namespace: id,
      labels: selector as Readonly<Record<string, string>>,
    })
    const names = pods.map(({ metadata }) => metadata.name).toSorted()
    assert.deepEqual(names, ['emr-fe-0', 'emr-fe-1', 'emr-fe-2'])
    const addresses = new Map(
      seen.groups.map((group) => [
        group.id,
        new Set(group.nodes.map((each) => each.publicAddress)),
      ]),
    )
    assert.deepEqual(addresses.get('g-master'), new Set(['203.0.113.7']))
    assert.deepEqual(addresses.get('g-core'), new Set([undefined]))

    const closed = next(open, withPublicMaster(open.spec, false))
    assert.deepEqual(publicOf(await reached(substrate, closed)), [])
    assert.equal(await service(), undefined)
    await substrate.remove(id)
  },
)

test('ports of machines, for all clusters of products that are named', options, async (t) => {
  const exposure = { public: { by: 'node-port', host: 'nodes.example' } } as const
  const publicProducts = ['clickhouse', 'zookeeper']
  for (const [sample, count] of [
    ['clickhouse-shards', 2],
    ['zookeeper', 1],
  ] as const) {
    const { id, substrate, client, service, wanted } = await begin(t, sample, {
      exposure,
      publicProducts,
    })
    const seen = await reached(substrate, wanted)
    const { ports, selector } = recordOf((await service())?.['spec'])
    const given = listOf(ports).map((each) => `nodes.example:${String(recordOf(each)['nodePort'])}`)
    assert.equal(given.length, count)
    assert.deepEqual(
      publicOf(seen).map((text) => text.split(' ')[1]),
      given,
    )
    const nodes = seen.groups.flatMap((group) => group.nodes)
    const labels = selector as Readonly<Record<string, string>>
    const pods = await client.list(resources.pod, { namespace: id, labels })
    assert.equal(pods.length, nodes.length)
    await substrate.remove(id)
  }
})

test('brokers of Kafka are reached by what Strimzi makes for each', options, async (t) => {
  const publicProducts = ['kafka']
  for (const [way, address] of [
    [{ by: 'load-balancer', sources: ['203.0.113.0/24'] }, '203.0.113.9:9094'],
    [{ by: 'node-port', host: 'nodes.example' }, 'nodes.example:31094'],
  ] as const) {
    const { id, substrate, client, service, wanted } = await begin(t, 'kafka-controlled', {
      exposure: { public: way },
      publicProducts,
    })
    const seen = await reached(substrate, wanted)
    assert.deepEqual(publicOf(seen), [`public/kafka ${address}`])
    assert.equal(await service(), undefined)
    const found = await client.find({ type: resources.kafka, namespace: id, name: 'emr' })
    const [, outside] = listOf(recordOf(recordOf(found?.['spec'])['kafka'])['listeners']).map(
      recordOf,
    )
    const { loadBalancerSourceRanges, brokers } = recordOf(outside?.['configuration'])
    if (way.by === 'load-balancer') assert.deepEqual(loadBalancerSourceRanges, way.sources)
    // Those of the pods: three of the core group, one of the task group.
    else
      assert.deepEqual(
        listOf(brokers).map((each) => recordOf(each)['broker']),
        [0, 1, 2, 1000],
      )
    await substrate.remove(id)
  }
})
