/** The chart: checked and rendered by Helm's own packages, and taken by a real API server, which makes pods of it under its strictest policy. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse, parseAllDocuments } from 'yaml'
import { loadConfig } from '../../src/config/config.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import { askerOf } from './api.ts'
import {
  chart,
  CHART,
  NAMESPACE,
  objectsOf,
  placeOf,
  skipWithoutChart,
  template,
} from './chart-object.ts'
import { skipWithoutControlPlane, startControlPlane } from './control-plane.ts'
import { listedRules, type Rule } from './listed-rule.ts'
import { until } from './until.ts'

const ACCESS = join(import.meta.dirname, '../../docs/kubernetes-access.yaml')

const skip = skipWithoutChart() || skipWithoutControlPlane()

/** Values that install it in each of its ways. */
const installations: Readonly<Record<string, object>> = {
  embedded: {},
  'with-everything': {
    image: { repository: 'registry.test/emrys', digest: `sha256:${'a'.repeat(64)}` },
    imagePullSecrets: [{ name: 'registry' }],
    tlsSecret: 'tls',
    environment: 'mode: closed\n',
    kubernetes: { versions: { kafka: '4.2.0', clickhouse: '25.8' } },
    settings: { EMRYS_LOG_LEVEL: 'warn', EMRYS_REQUESTS_PER_SECOND: 50 },
    service: { type: 'LoadBalancer', annotations: { a: 'b' } },
    networkPolicy: { from: [{ namespaceSelector: {} }] },
    nodeSelector: { a: 'b' },
    tolerations: [{ operator: 'Exists' }],
    persistence: { storageClass: 'fast', size: '20Gi' },
    podAnnotations: { a: 'b' },
    monitoring: { dashboard: true },
    sidecars: [
      {
        name: 'agent',
        image: 'registry.test/agent',
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  },
  'several-servers': {
    store: {
      kind: 'postgres',
      address: 'postgres://emrys@db/emrys?sslmode=require',
      passwordSecret: 'database',
    },
    keySecret: 'key',
    replicas: 3,
  },
}

const refused: Readonly<Record<string, object>> = {
  'several servers of an embedded store': { replicas: 2 },
  'a shared store without its key': {
    store: { kind: 'postgres', address: 'postgres://a@b/c', passwordSecret: 'd' },
  },
  'a password in an address': {
    store: { kind: 'postgres', address: 'postgres://a:p@b/c', passwordSecret: 'd' },
    keySecret: 'k',
  },
  'a port that is none': { service: { port: 'x' } },
  'a digest that is none': { image: { repository: 'a', digest: 'latest' } },
  'a product that nobody knows': { kubernetes: { products: ['oracle'] } },
  'a namespace that is none': { kubernetes: { namespaces: ['Team'] } },
  'a value that is misspelt': { replica: 1 },
  'a setting that is none': { settings: { PATH: '/' } },
}

test('Helm has nothing to say against it but that it has no picture', { skip }, () => {
  for (const values of Object.values(installations)) {
    const { out } = chart('lint', CHART, JSON.stringify(values))
    const messages = JSON.parse(out) as readonly { readonly text: string }[]
    assert.deepEqual(
      messages.map(({ text }) => text),
      ['icon is recommended'],
    )
  }
})

for (const [name, values] of Object.entries(refused))
  test(`${name}: its schema refuses it`, { skip }, () => {
    const { status, err } = template(values)
    assert.equal(status, 1)
    assert.match(err, /values don't meet the specifications of the schema/)
  })

test(
  'its rights are those that instances are shown to need, without those of products that are not wanted',
  { skip },
  () => {
    const documents = parseAllDocuments(readFileSync(ACCESS, 'utf8')).map(
      (document) => document.toJS() as { readonly kind: string; readonly rules: readonly Rule[] },
    )
    const needed = documents.find(({ kind }) => kind === 'ClusterRole')?.rules ?? []
    assert.ok(needed.length > 5)
    assert.deepEqual(rulesOf({}), needed)
    const without = needed.filter(
      ({ apiGroups: [group = ''] }) => !group.includes('.') || group.endsWith('.k8s.io'),
    )
    assert.deepEqual(rulesOf({ kubernetes: { products: [] } }), without)
    const none = objectsOf({ kubernetes: { enabled: false } })
    assert.ok(!none.some(({ kind }) => kind.startsWith('ClusterRole')))
  },
)

test(
  'in namespaces that are named, it has the rights of a role in each, and none elsewhere',
  { skip },
  () => {
    const names = ['team-a', 'team-b']
    const values = { kubernetes: { namespaces: names } }
    const objects = objectsOf(values)
    const roles = objects.filter(({ kind }) => kind === 'Role')
    assert.deepEqual(
      roles.map(({ metadata }) => metadata.namespace),
      names,
    )
    for (const role of roles) assert.deepEqual(role['rules'], listedRules(rulesOf({})))
    const bound = objects.filter(({ kind }) => kind === 'RoleBinding')
    assert.deepEqual(
      bound.map(({ metadata }) => metadata.namespace),
      names,
    )
    assert.deepEqual(rulesOf(values), [
      { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['list'] },
    ])
    assert.equal(environmentOf(values)['EMRYS_KUBERNETES_NAMESPACES'], 'team-a,team-b')
  },
)

test('what it sets is what the server has settings for', { skip }, () => {
  for (const values of Object.values(installations)) {
    const names = environmentOf(values)
    assert.equal(names['EMRYS_PROBES'], 'any')
    const { config } = loadConfig({
      flags: {},
      env: { ...names, EMRYS_ENVIRONMENT_FILE: undefined },
    })
    assert.equal(config.probes, 'any')
    assert.equal(config.kubernetes?.kubeconfig, 'in-cluster')
  }
})

test('the alert rules and the dashboard come with it where they are asked for', { skip }, () => {
  const monitoring = { rules: true, rulesLabels: { release: 'prometheus' }, dashboard: true }
  const objects = objectsOf({ monitoring })
  const own = (file: string) => readFileSync(join(CHART, 'monitoring', file), 'utf8')
  const rule = objects.find(({ kind }) => kind === 'PrometheusRule')
  assert.deepEqual(rule?.['spec'], parse(own('alerts.yaml')))
  assert.equal(rule?.metadata.labels?.['release'], 'prometheus')
  const dashboard = objects.find(({ metadata }) => metadata.name === 'emrys-dashboard')
  const files = (dashboard?.['data'] ?? {}) as Readonly<Record<string, string>>
  assert.deepEqual(JSON.parse(files['emrys.json'] ?? ''), JSON.parse(own('dashboard.json')))
  const kinds = objectsOf({}).map(({ kind }) => kind)
  assert.ok(!kinds.includes('PrometheusRule') && !kinds.includes('ConfigMap'))
})

test(
  'a real API server takes all of it and makes its pods, though no privilege is allowed there',
  { skip, timeout: 600_000 },
  async (t) => {
    const { access, client } = await startControlPlane(t, { controllers: true })
    const ask = askerOf(t, access)
    await client.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: NAMESPACE,
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
      },
    })
    for (const [name, values] of Object.entries(installations)) {
      const objects = objectsOf(values, name)
      for (const object of objects) {
        const { status, body } = await ask(
          'POST',
          `${placeOf(object)}?fieldValidation=Strict`,
          object,
        )
        assert.equal(status, 201, `${name}: ${object.kind} ${JSON.stringify(body)}`)
      }
      const replicas = 'replicas' in values ? values.replicas : 1
      const labels = { 'app.kubernetes.io/instance': name }
      await until(
        async () => (await client.list(resources.pod, { namespace: NAMESPACE, labels })).length > 0,
        { describe: () => `${name}: no pod of ${String(replicas)} is made` },
      )
      const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget')
      assert.equal(budgets.length, Number(replicas) > 1 ? 1 : 0)
    }

    await t.test('and its account may what it needs, and not more', async () => {
      const account = `system:serviceaccount:${NAMESPACE}:embedded`
      const may = async (group: string, resource: string, verb: string) => {
        const { body } = await ask('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SubjectAccessReview',
          spec: { user: account, resourceAttributes: { group, resource, verb, namespace: 'any' } },
        })
        return (body as { readonly status: { readonly allowed: boolean } }).status.allowed
      }
      for (const { apiGroups, resources: of, verbs } of rulesOf({}))
        for (const resource of of)
          for (const verb of verbs)
            assert.equal(await may(apiGroups[0] ?? '', resource, verb), true, `${verb} ${resource}`)
      for (const [group, resource, verb] of [
        ['', 'secrets', 'list'],
        ['', 'pods', 'create'],
        ['', 'pods/exec', 'create'],
        ['', 'serviceaccounts/token', 'create'],
        ['', 'nodes', 'patch'],
        ['apps', 'statefulsets', 'update'],
        ['rbac.authorization.k8s.io', 'clusterroles', 'bind'],
        ['rbac.authorization.k8s.io', 'clusterrolebindings', 'create'],
        ['', 'namespaces', 'deletecollection'],
      ] as const)
        assert.equal(await may(group, resource, verb), false, `${verb} ${resource}`)
    })
  },
)

function rulesOf(values: object): readonly Rule[] {
  const role = objectsOf(values).find(({ kind }) => kind === 'ClusterRole')
  return (role?.['rules'] ?? []) as readonly Rule[]
}

function environmentOf(values: object): Readonly<Record<string, string>> {
  const set = objectsOf(values).find(({ kind }) => kind === 'StatefulSet')
  assert.ok(set)
  const { template: of } = set['spec'] as {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly env: readonly { readonly name: string; readonly value: string }[]
        }[]
      }
    }
  }
  const [container] = of.spec.containers
  return Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]))
}
