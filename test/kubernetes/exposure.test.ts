/**
 * How instances are reached from outside, and who may connect: services and policies on a real API server. No load balancer and no network
 * that heeds policies is there: the test says addresses in a load balancer's place, and that policies hold is the cluster's network's.
 */
import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import {
  newAccess,
  withAllowList,
  withoutAllowList,
  type Access,
} from '../../src/domain/cluster/access.ts'
import { withAccess } from '../../src/domain/cluster/spec.ts'
import { listOf, recordOf } from '../../src/kernel/json.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import type { ExposureProvision } from '../../src/substrate/kubernetes/starrocks/exposure.ts'
import type { Seen, Wanted } from '../../src/substrate/port.ts'
import { sampleGroup } from '../support/fixture/sample.ts'
import { isReached, next, start, until, wantedOf } from '../substrate/subject.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { kubernetesSubject } from './kubernetes-subject.ts'
import { startWorld } from './world.ts'

const skip = skipWithoutControlPlane()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const world = skip === false ? await startWorld(ending) : undefined
const options = { skip, timeout: 600_000 }

const groups = [
  { ...sampleGroup('a', 1), role: 'fe' },
  { ...sampleGroup('b', 1), role: 'be' },
]
const plain = newAccess({ id: 'dg-1', name: 'default', balanced: true })
const open: Access = {
  ...plain,
  gateways: [{ ...plain.gateways[0], open: true }],
  exposed: ['c-1-b'],
}

async function begin(t: TestContext, exposure: ExposureProvision) {
  assert.ok(world)
  const { access, kubelet, client, ask } = world
  const clock = systemClock()
  const subject = kubernetesSubject(t, access, kubelet, { exposure, clock })
  const it = wantedOf({ groups }, 'c-1')
  await start(subject, it)
  const namespace = subject.namespaceOf('c-1')
  const services = async () => {
    const found = await client.list(resources.service, { namespace })
    return found.filter(({ metadata }) => metadata.name.endsWith('-public'))
  }
  return { subject, it, clock, client, ask, namespace, services }
}

const changed = (it: Wanted, access: Access) => next(it, withAccess(it.spec, access))

function publicOf({ endpoints }: Seen): readonly string[] {
  return endpoints
    .filter(({ name }) => name.includes('/public/'))
    .map(({ name, host, port }) => `${name} ${host}:${port}`)
}

test(
  'a load balancer: there once it has an address, and gone when it is closed',
  options,
  async (t) => {
    const { subject, it, clock, ask, namespace, services } = await begin(t, {
      public: { by: 'load-balancer', sources: ['203.0.113.0/24'] },
    })
    assert.deepEqual(subject.substrate.capabilities('starrocks').access, [
      'exposure',
      'network',
      'encryption',
    ])
    const opened = changed(it, open)
    await subject.substrate.apply(opened)
    const waiting = await until(subject, 'c-1', (seen) =>
      seen.groups.some(({ problem }) => problem),
    )
    const [problem] = waiting.groups.flatMap((group) => group.problem ?? [])
    assert.match(problem?.reason ?? '', /sr-fe-public has no address from outside yet/)
    assert.equal(problem?.persists, false)
    assert.ok(waiting.answering && waiting.generation === 0)
    clock.advance(11 * 60_000)
    await until(subject, 'c-1', (seen) => seen.groups.some((group) => group.problem?.persists))
    assert.deepEqual(
      (await services()).map(({ metadata, spec }) => [
        metadata.name,
        recordOf(spec)['type'],
        recordOf(spec)['loadBalancerSourceRanges'],
      ]),
      [
        ['sr-be-public', 'LoadBalancer', ['203.0.113.0/24']],
        ['sr-fe-public', 'LoadBalancer', ['203.0.113.0/24']],
      ],
    )
    for (const [name, ingress] of [
      ['sr-fe-public', { ip: '203.0.113.7' }],
      ['sr-be-public', { hostname: 'lb.example' }],
    ] as const)
      await ask('PATCH', `/api/v1/namespaces/${namespace}/services/${name}/status`, {
        status: { loadBalancer: { ingress: [ingress] } },
      })
    const seen = await until(subject, 'c-1', (now) => isReached(now, opened))
    assert.deepEqual(publicOf(seen), [
      'dg-1/public/mysql 203.0.113.7:9030',
      'dg-1/public/fe-http 203.0.113.7:8030',
      'c-1-b/public/be-http lb.example:8040',
    ])
    const closed = changed(opened, plain)
    assert.deepEqual(publicOf(await start(subject, closed)), [])
    assert.deepEqual(await services(), [])
  },
)

test('ports of machines: those that the API server gave', options, async (t) => {
  const { subject, it, services } = await begin(t, {
    public: { by: 'node-port', host: 'nodes.example' },
  })
  const seen = await start(subject, changed(it, open))
  const ports = (await services()).flatMap(({ spec }) =>
    (spec as { readonly ports: readonly { readonly nodePort: number }[] }).ports.map(
      ({ nodePort }) => nodePort,
    ),
  )
  assert.equal(ports.length, 3)
  const found = publicOf(seen).map((text) => text.split(' ')[1] ?? '')
  assert.deepEqual(found.toSorted(), ports.map((port) => `nodes.example:${port}`).toSorted())
})

test(
  'lists of addresses are a policy, which leaves out nobody who looks after it',
  options,
  async (t) => {
    const own = { namespace: 'emrys-system', blocks: ['10.1.0.0/16'] }
    const { subject, it, client, namespace } = await begin(t, { own })
    assert.deepEqual(subject.substrate.capabilities('starrocks').access, [
      'allow-list',
      'encryption',
    ])
    const rules = async () => {
      const key = { type: resources.networkPolicy, namespace, name: 'emrys' }
      const { ingress } = recordOf((await client.find(key))?.['spec'])
      return listOf(ingress).map(recordOf)
    }
    const before = await rules()
    assert.equal(before[1]?.['from'], undefined)
    const listed = changed(
      it,
      withAllowList(plain, { name: 'office', blocks: ['192.0.2.0/24', '198.51.100.7'] }),
    )
    await start(subject, listed)
    const [inside, outside] = await rules()
    assert.deepEqual(inside, { from: [{ podSelector: {} }] })
    assert.deepEqual(outside?.['from'], [
      { ipBlock: { cidr: '192.0.2.0/24' } },
      { ipBlock: { cidr: '198.51.100.7/32' } },
      { ipBlock: { cidr: '10.1.0.0/16' } },
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'emrys-system' } } },
    ])
    await start(subject, changed(listed, withoutAllowList(listed.spec.access!, 'office')))
    assert.deepEqual(await rules(), before)
  },
)
