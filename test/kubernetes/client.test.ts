/** The client against the API server that Kubernetes' project releases. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { systemClock } from '../../src/kernel/clock.ts'
import { random } from '../../src/kernel/random.ts'
import type { Access } from '../../src/substrate/kubernetes/access.ts'
import { ApiProblem } from '../../src/substrate/kubernetes/api-problem.ts'
import { kubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { kubeconfigAccess } from '../../src/substrate/kubernetes/kubeconfig.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import { serviceAccountAccess } from '../../src/substrate/kubernetes/service-account.ts'
import { cleanUp } from '../support/process/clean-up.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { skipWithoutControlPlane, startControlPlane, type ControlPlane } from './control-plane.ts'
import { until } from './until.ts'

const skip = skipWithoutControlPlane()
const { configMap } = resources

/** One for all tests of the file. */
const ending = { after: (undo: unknown) => after(undo as () => void) }
const plane = await openPlane()

async function openPlane(): Promise<ControlPlane> {
  // Nothing uses it where all tests are skipped.
  if (skip !== false) return undefined as unknown as ControlPlane
  return startControlPlane(ending, { controllers: true })
}

/** A namespace of the test's own. */
async function namespaceFor(name: string): Promise<string> {
  await plane.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  return name
}

function mapOf(namespace: string, name: string, data: object = { one: '1' }) {
  const metadata = { name, namespace, labels: { kind: 'test' } }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }
}

function clientAs(t: TestContext, access: Access, pageSize = 500) {
  const client = kubernetesClient({ access, random: random(), bounds: { pageSize } })
  cleanUp(t, () => client.close())
  return client
}

test('it says which version it is', { skip }, async () => {
  assert.equal((await plane.client.read('/version'))['gitVersion'], 'v1.36.3')
})

test(
  'what is applied again is not written again, and what is no longer said is taken away',
  { skip },
  async () => {
    const namespace = await namespaceFor('again')
    const first = await plane.client.apply(mapOf(namespace, 'a', { one: '1', two: '2' }))
    const second = await plane.client.apply(mapOf(namespace, 'a', { one: '1', two: '2' }))
    assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion)
    const third = await plane.client.apply(mapOf(namespace, 'a', { one: '1' }))
    assert.deepEqual(third['data'], { one: '1' })
    const key = { type: configMap, namespace, name: 'a' }
    await plane.client.merge(key, { data: { three: '3' } })
    assert.deepEqual((await plane.client.find(key))?.['data'], { one: '1', three: '3' })
  },
)

test('a field that the schema does not have is refused permanently', { skip }, async () => {
  const namespace = await namespaceFor('strict')
  const misspelt = { ...mapOf(namespace, 'a'), dta: { one: '1' } }
  await assert.rejects(plane.client.apply(misspelt), (problem) => {
    assert.ok(problem instanceof ApiProblem && problem.persists, String(problem))
    assert.match(problem.message, /field not declared in schema/)
    return true
  })
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'a', namespace },
    dta: { one: 'hunter2' },
  }
  await assert.rejects(plane.client.apply(secret), (problem) => {
    assert.ok(problem instanceof ApiProblem)
    assert.doesNotMatch(problem.message, /hunter2|dta/)
    return true
  })
})

test('trying is checked and does nothing', { skip }, async () => {
  const namespace = await namespaceFor('dry')
  await plane.client.apply(mapOf(namespace, 'a'), { dryRun: true })
  assert.equal(await plane.client.find({ type: configMap, namespace, name: 'a' }), undefined)
  const invalid = mapOf(namespace, 'a', { 'no key': '1' })
  await assert.rejects(plane.client.apply(invalid, { dryRun: true }), { status: 422 })
})

test('a list of several pages is whole, and chosen by labels', { skip }, async (t) => {
  const namespace = await namespaceFor('pages')
  const names = Array.from({ length: 7 }, (_, index) => `map-${index}`)
  for (const name of names) await plane.client.apply(mapOf(namespace, name))
  const paging = clientAs(t, plane.access, 2)
  const found = await paging.list(configMap, { namespace, labels: { kind: 'test' } })
  assert.deepEqual(
    found.map(({ metadata }) => metadata.name),
    names,
  )
  assert.deepEqual(await paging.list(configMap, { namespace, labels: { kind: 'other' } }), [])
})

test('an object is removed by its uid, and another one of its name is left', { skip }, async () => {
  const namespace = await namespaceFor('uid')
  const key = { type: configMap, namespace, name: 'a' }
  const { metadata } = await plane.client.apply(mapOf(namespace, 'a'))
  await plane.client.remove(key, { uid: '00000000-0000-4000-8000-000000000000' })
  assert.ok(await plane.client.find(key))
  await plane.client.remove(key, { uid: metadata.uid ?? '' })
  assert.equal(await plane.client.find(key), undefined)
  await plane.client.remove(key)
})

test('a namespace ends with what is in it', { skip }, async () => {
  const name = await namespaceFor('ending')
  await plane.client.apply(mapOf(name, 'a'))
  await plane.client.remove({ type: resources.namespace, name })
  await until(async () => !(await plane.client.find({ type: resources.namespace, name })))
})

test('a watch reports what changes, also after the API server was killed', { skip }, async (t) => {
  const namespace = await namespaceFor('watched')
  await plane.client.apply(mapOf(namespace, 'before'))
  const seen: string[] = []
  const stop = new AbortController()
  cleanUp(t, () => stop.abort())
  plane.client.watch({
    type: configMap,
    namespace,
    labels: { kind: 'test' },
    signal: stop.signal,
    changed: ({ metadata }) => void seen.push(metadata.name),
    failed: () => {},
  })
  await until(async () => seen.includes('before'))
  await plane.client.apply(mapOf(namespace, 'later'))
  await until(async () => seen.includes('later'))
  await plane.killApiServer()
  await plane.client.apply(mapOf(namespace, 'after'))
  await until(async () => seen.includes('after'))
  const before_ = seen.length
  await plane.client.remove({ type: configMap, namespace, name: 'later' })
  await until(async () => seen.slice(before_).includes('later'))
})

test('a kubeconfig with a client certificate, and one with a wrong token', { skip }, async (t) => {
  const directory = temporaryDirectory(t)
  const { server, authority = '' } = plane.access
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const { certificate, key } = plane.administrator
  const users = {
    good: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) },
    bad: { token: 'nobody' },
  }
  const path = join(directory, 'config')
  const config = {
    contexts: Object.keys(users).map((user) => ({ name: user, context: { cluster: 'c', user } })),
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': base64(authority) } }],
    users: Object.entries(users).map(([name, user]) => ({ name, user })),
  }
  writeFileSync(path, JSON.stringify(config))
  const as = (context: string) =>
    clientAs(t, kubeconfigAccess({ path, context, clock: systemClock() }))
  assert.ok(await as('good').find({ type: resources.namespace, name: 'default' }))
  await assert.rejects(as('bad').read('/api'), { status: 401, reason: 'Unauthorized' })
})

test(
  'a service account of a pod may what it was granted, and is refused the rest permanently',
  { skip },
  async (t) => {
    const namespace = await namespaceFor('account')
    const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`
    await plane.client.create(accounts, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'emrys' },
    })
    const { status } = await plane.client.create(`${accounts}/emrys/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 600 },
    })
    const directory = join(temporaryDirectory(t), 'serviceaccount')
    mkdirSync(directory)
    const files = {
      token: (status as { token: string }).token,
      'ca.crt': plane.access.authority ?? '',
      namespace,
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
    const environment = {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(plane.port),
    }
    const access = serviceAccountAccess({ environment, clock: systemClock(), directory })
    const client = clientAs(t, access)
    await assert.rejects(client.apply(mapOf(namespace, 'a')), (problem) => {
      assert.ok(problem instanceof ApiProblem && problem.persists && problem.status === 403)
      assert.match(problem.message, /system:serviceaccount:account:emrys/)
      return true
    })
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`
    await plane.client.create(`${rbac}/roles`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'maps' },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'patch'] }],
    })
    await plane.client.create(`${rbac}/rolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'maps' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'maps' },
      subjects: [{ kind: 'ServiceAccount', name: 'emrys', namespace }],
    })
    await until(() =>
      client.apply(mapOf(namespace, 'a')).then(
        () => true,
        () => false,
      ),
    )
    await assert.rejects(client.list(configMap, { namespace }), { status: 403 })
  },
)
