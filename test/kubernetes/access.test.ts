/** The rights that docs/kubernetes-access.yaml gives suffice for an instance's whole life, and give nothing beside it. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { withRestart } from '../../src/domain/cluster/spec.ts'
import { sampleGroup } from '../support/fixture/sample.ts'
import { next, removed, start, wantedOf } from '../substrate/subject.ts'
import { askerOf } from './api.ts'
import { skipWithoutControlPlane, startControlPlane } from './control-plane.ts'
import { startKubelet } from './kubelet.ts'
import { kubernetesSubject } from './kubernetes-subject.ts'
import { limitedAccess } from './limited-access.ts'
import { startOperator } from './operator.ts'
import { defineStarrocks } from './starrocks-definition.ts'

const skip = skipWithoutControlPlane()

test(
  'an instance is made, restarted, made smaller and removed with these rights',
  { skip, timeout: 600_000 },
  async (t) => {
    const { access, client, directory } = await startControlPlane(t, { controllers: true })
    await defineStarrocks(client)
    const ask = askerOf(t, access)
    const own = await limitedAccess({ access, client })
    const kubelet = startKubelet(t, { ask, directory: join(directory, 'claims') })
    startOperator(t, client, ask)
    const subject = kubernetesSubject(t, own, kubelet, { administrator: access })
    const groups = [
      { ...sampleGroup('a', 1), role: 'fe' },
      { ...sampleGroup('b', 2), role: 'cn' },
      { ...sampleGroup('c', 1), role: 'cn' },
      { ...sampleGroup('d', 2), role: 'observer' },
    ]
    const it = wantedOf({ groups }, 'c-1')
    await start(subject, it)
    const restarted = next(it, withRestart(it.spec, { of: 'cluster' }))
    await start(subject, restarted)
    // The last group goes.
    const fewer = groups.slice(0, 3).map((group) => ({ ...group, nodes: group.nodes.slice(0, 1) }))
    const small = next(restarted, wantedOf({ groups: fewer }, 'c-1').spec)
    const smaller = { ...small, spec: { ...small.spec, generation: 3 } }
    await subject.substrate.drain?.(
      smaller,
      [groups[1]!.nodes[1]!, ...groups[3]!.nodes].map(({ id }) => `c-1-${id}`),
    )
    await start(subject, smaller)
    await removed(subject, 'c-1')

    await t.test('and nothing else is allowed', async () => {
      const denied = askerOf(t, own)
      for (const path of [
        '/api/v1/secrets',
        '/api/v1/nodes',
        '/api/v1/namespaces/default/serviceaccounts',
        '/apis/rbac.authorization.k8s.io/v1/clusterroles',
      ])
        assert.equal((await denied('GET', path)).status, 403, path)
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a' },
        spec: { containers: [{ name: 'a', image: 'a' }] },
      }
      assert.equal((await denied('POST', '/api/v1/namespaces/default/pods', pod)).status, 403)
    })
  },
)
