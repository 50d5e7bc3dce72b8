/** Instances and clusters of EMR in namespaces that somebody made for Emrys, with rights in these and nowhere else. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { withNodes, withRestart } from '../../src/domain/cluster/spec.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { random } from '../../src/kernel/random.ts'
import type { Access } from '../../src/substrate/kubernetes/access.ts'
import { kubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { kubernetes } from '../../src/substrate/kubernetes/kubernetes.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import type { Seen, Wanted } from '../../src/substrate/port.ts'
import { productProvision, productSamples } from '../support/fixture/product-cluster.ts'
import { cleanUp } from '../support/process/clean-up.ts'
import { fakeMysql } from '../support/process/fake-mysql.ts'
import { sampleGroup, sampleNode } from '../support/fixture/sample.ts'
import { isReached, next, removed, start, until, wantedOf } from '../substrate/subject.ts'
import { skipWithoutControlPlane, startControlPlane, type ControlPlane } from './control-plane.ts'
import { kubernetesSubject } from './kubernetes-subject.ts'
import { listedRules, type Rule } from './listed-rule.ts'
import { askerOf } from './api.ts'
import { defineProducts } from './product-definition.ts'
import { startProductOperators } from './product-operator.ts'
import { until as comesAbout } from './until.ts'
import { startWorld } from './world.ts'

const skip = skipWithoutControlPlane()
const FILE = join(import.meta.dirname, '../../docs/kubernetes-access.yaml')
const ROLES = '/apis/rbac.authorization.k8s.io/v1'

const listed = ['team-a', 'team-b']

const groups = [
  { ...sampleGroup('a', 1), role: 'fe' },
  { ...sampleGroup('b', 1), role: 'cn' },
  { ...sampleGroup('c', 1), role: 'cn' },
  { ...sampleGroup('o', 1), role: 'observer' },
]

test(
  'each instance takes one of them; who comes too late is refused; what is released is taken again',
  { skip, timeout: 600_000 },
  async (t) => {
    const world = await startWorld(t)
    const { access, client, kubelet } = world
    const own = await listedAccess(world)
    const subject = kubernetesSubject(t, own, kubelet, { administrator: access, listed })

    const first = wantedOf({ groups }, 'c-1')
    await start(subject, first)
    const second = wantedOf({ groups }, 'c-2')
    await start(subject, second)
    const placesOf = () => [
      ...new Set([...kubelet.pods.keys()].map((pod) => pod.split('/')[0] ?? '')),
    ]
    assert.deepEqual(placesOf().toSorted(), listed)

    const third = wantedOf({ groups }, 'c-3')
    await subject.substrate.apply(third)
    const short = await until(subject, 'c-3', (seen) => seen.groups.some(({ problem }) => problem))
    const [problem] = short.groups.flatMap((group) => group.problem ?? [])
    assert.ok(problem?.persists && !short.present)
    assert.match(problem.reason, /each of the namespaces team-a, team-b has a cluster already/)

    // Another server finds them where they are.
    await subject.reopen()
    const restarted = next(first, withRestart(first.spec, { of: 'cluster' }))
    await start(subject, restarted)
    const more = next(restarted, withNodes(restarted.spec, 'c-1-c', [sampleNode('c-1-c', 1)]))
    await start(subject, more)

    await removed(subject, 'c-1')
    for (const type of [
      resources.pod,
      resources.statefulSet,
      resources.claim,
      resources.secret,
      resources.service,
      resources.networkPolicy,
      resources.disruptionBudget,
      resources.starrocks,
    ]) {
      const left = (await client.list(type)).filter(
        (each) =>
          listed.includes(each.metadata.namespace ?? '') &&
          each.metadata.namespace !== placesOf()[0],
      )
      assert.deepEqual(left, [], type.kind)
    }
    await start(subject, third)
    assert.deepEqual(placesOf().toSorted(), listed)
    await removed(subject, 'c-2')
    await removed(subject, 'c-3')
    assert.equal(kubelet.pods.size, 0)
    const files = (await client.list(resources.configMap)).filter(({ metadata: of }) =>
      listed.includes(of.namespace ?? ''),
    )
    // Each namespace has one of Kubernetes' own.
    assert.deepEqual(
      files.map(({ metadata: of }) => of.name),
      ['kube-root-ca.crt', 'kube-root-ca.crt'],
    )
  },
)

test(
  'clusters that operators run take them too, and leave nothing of theirs in them',
  { skip, timeout: 600_000 },
  async (t) => {
    const plane = await startControlPlane(t, { controllers: true })
    const { client } = plane
    await defineProducts(client)
    // An address of this file alone: others run beside it.
    const host = '127.244.9.7'
    await fakeMysql(t, { host, port: 9030 })
    const ask = askerOf(t, plane.access)
    for (const namespace of listed) startProductOperators(t, ask, namespace)
    const own = kubernetesClient({ access: await listedAccess(plane), random: random() })
    const substrate = kubernetes({
      client: own,
      installation: { id: 'i-listed', prefix: 'none-' },
      provision: { ...productProvision, images: 'starrocks' },
      listed,
      frontends: { login: async () => 'silent', setPassword: async () => {} } as never,
      clock: systemClock(),
      log: silentLogger(),
      reach: () => host,
    })
    substrate.supervise?.(() => {})
    cleanUp(t, () => substrate.close())
    const wanted = (name: string): Wanted => ({
      id: `in-${name}`,
      name,
      spec: { ...productSamples[name]!, generation: 1 },
      reveal: () => 'Secret-1',
    })
    const reached = async (it: Wanted): Promise<Seen> => {
      await substrate.apply(it)
      let seen = await substrate.observe(it.id)
      const look = async () => isReached((seen = await substrate.observe(it.id)), it)
      await comesAbout(look, { describe: () => JSON.stringify(seen) })
      return seen
    }
    const gone = (id: string) =>
      comesAbout(async () => {
        await substrate.remove(id)
        return !(await substrate.observe(id)).present
      })
    const kafka = wanted('kafka-small')
    const [endpoint] = (await reached(kafka)).endpoints
    assert.equal(endpoint?.host, 'emr-kafka-bootstrap.team-a.svc')
    const clickhouse = wanted('clickhouse-replicas')
    await reached(clickhouse)
    const doris = wanted('doris')
    await substrate.apply(doris)
    const [short] = (await substrate.observe(doris.id)).groups
    assert.match(
      short?.problem?.reason ?? '',
      /each of the namespaces team-a, team-b has a cluster/,
    )

    const restarted = next(kafka, withRestart(kafka.spec, { of: 'cluster' }))
    await reached(restarted)
    const away = next(restarted, { ...restarted.spec, running: false })
    await substrate.apply(away)
    await comesAbout(async () => {
      const { groups: seen } = await substrate.observe(kafka.id)
      return seen.every(({ nodes }) => nodes.every(({ phase }) => phase === 'stopped'))
    })
    await reached(next(away, { ...away.spec, running: true }))

    await gone(kafka.id)
    await reached(doris)
    await gone(clickhouse.id)
    await gone(doris.id)
    for (const type of Object.values(resources)) {
      if (!type.namespaced || type === resources.starrocks) continue
      const left = (await client.list(type)).filter(
        ({ metadata: { name, namespace = '' } }) =>
          listed.includes(namespace) && name !== 'kube-root-ca.crt',
      )
      assert.deepEqual(left, [], type.kind)
    }
  },
)

/** Of an account with a role in each of the namespaces, which are made here. */
async function listedAccess({
  access,
  client,
}: Pick<ControlPlane, 'access' | 'client'>): Promise<Access> {
  const [, , clusterRole] = parseAllDocuments(readFileSync(FILE, 'utf8')).map(
    (document) => document.toJS() as { readonly rules: readonly Rule[] },
  )
  const rules = listedRules(clusterRole?.rules ?? [])
  assert.ok(rules.length > 6)
  const metadata = { name: 'emrys' }
  const subjects = [{ kind: 'ServiceAccount', name: 'emrys', namespace: 'default' }]
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const rbac = (kind: string, name: string) => ({
    apiGroup: 'rbac.authorization.k8s.io',
    kind,
    name,
  })
  await client.create('/api/v1/namespaces/default/serviceaccounts', { metadata })
  for (const namespace of listed) {
    await client.create('/api/v1/namespaces', { metadata: { name: namespace } })
    await client.create(`${ROLES}/namespaces/${namespace}/roles`, {
      apiVersion,
      kind: 'Role',
      metadata,
      rules,
    })
    await client.create(`${ROLES}/namespaces/${namespace}/rolebindings`, {
      apiVersion,
      kind: 'RoleBinding',
      metadata,
      roleRef: rbac('Role', 'emrys'),
      subjects,
    })
  }
  const { status } = await client.create('/api/v1/namespaces/default/serviceaccounts/emrys/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3_600 },
  })
  const { token } = status as { readonly token: string }
  return { ...access, credential: async () => ({ token }) }
}
