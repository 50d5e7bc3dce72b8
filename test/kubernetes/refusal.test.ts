/** What a cluster of Kubernetes does not allow is shown as trouble that persists, in its words; what runs goes on, and heals. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { withConfiguration } from '../../src/domain/cluster/spec.ts'
import { sampleGroup } from '../support/fixture/sample.ts'
import { isReached, next, start, until, wantedOf } from '../substrate/subject.ts'
import { askerOf } from './api.ts'
import { skipWithoutControlPlane, startControlPlane } from './control-plane.ts'
import { startKubelet } from './kubelet.ts'
import { kubernetesSubject } from './kubernetes-subject.ts'
import { startOperator } from './operator.ts'
import { defineStarrocks } from './starrocks-definition.ts'

const skip = skipWithoutControlPlane()

test('a quota that is exceeded', { skip, timeout: 180_000 }, async (t) => {
  const { access, client, directory } = await startControlPlane(t, { controllers: true })
  await defineStarrocks(client)
  const ask = askerOf(t, access)
  const kubelet = startKubelet(t, { ask, directory: join(directory, 'claims') })
  startOperator(t, client, ask)
  const subject = kubernetesSubject(t, access, kubelet)
  const groups = [
    { ...sampleGroup('a', 1), role: 'fe' },
    { ...sampleGroup('b', 1), role: 'be' },
  ]
  const it = wantedOf({ groups }, 'c-1')
  await start(subject, it)
  const quotas = '/api/v1/namespaces/t1-c-1/resourcequotas'
  const made = await ask('POST', quotas, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'few' },
    spec: { hard: { configmaps: '1' } },
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const file = { service: 's', version: '1', file: 'FE', properties: { a: 'b' } }
  const changed = next(it, withConfiguration(it.spec, [file]))
  await subject.substrate.apply(changed)
  const seen = await until(subject, 'c-1', ({ groups: found }) =>
    found.some(({ trouble }) => trouble?.persists),
  )
  const [trouble] = seen.groups.flatMap((group) => group.trouble ?? [])
  assert.equal(trouble?.kind, 'refused')
  assert.match(trouble?.reason ?? '', /exceeded quota: few/)
  assert.ok(seen.answering)
  assert.equal((await ask('DELETE', `${quotas}/few`)).status, 200)
  await subject.substrate.apply(changed)
  await until(subject, 'c-1', (now) => isReached(now, changed))
})
