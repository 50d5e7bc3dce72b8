/** Instances in namespaces that somebody made for Emrys, with rights in these and nowhere else. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { withNodes, withRestart } from '../../src/domain/cluster/spec.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import { sampleGroup, sampleNode } from '../support/fixture/sample.ts'
import { next, removed, start, until, wantedOf } from '../substrate/subject.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { kubernetesSubject } from './kubernetes-subject.ts'
import { listedRules, type Rule } from './listed-rule.ts'
import { startWorld } from './world.ts'

const skip = skipWithoutControlPlane()
const FILE = join(import.meta.dirname, '../../docs/kubernetes-access.yaml')
const ROLES = '/apis/rbac.authorization.k8s.io/v1'

const groups = [
  { ...sampleGroup('a', 1), role: 'fe' },
  { ...sampleGroup('b', 1), role: 'cn' },
  { ...sampleGroup('c', 1), role: 'cn' },
  { ...sampleGroup('o', 1), role: 'observer' },
]

test(
  'each instance takes one of them; who comes too late is told; what is released is taken again',
  { skip, timeout: 300_000 },
  async (t) => {
    const { access, client, kubelet } = await startWorld(t)
    const listed = ['team-a', 'team-b']
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
    const { status } = await client.create(
      '/api/v1/namespaces/default/serviceaccounts/emrys/token',
      {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: 3_600 },
      },
    )
    const { token } = status as { readonly token: string }
    const own = { ...access, credential: async () => ({ token }) }
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
    const short = await until(subject, 'c-3', (seen) => seen.groups.some(({ trouble }) => trouble))
    const [trouble] = short.groups.flatMap((group) => group.trouble ?? [])
    assert.ok(trouble?.persists && !short.present)
    assert.match(trouble.reason, /each of the namespaces team-a, team-b has a cluster already/)

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
