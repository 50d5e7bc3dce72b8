/** Instances whose data lie in object storage: compute nodes, several groups of them, observers, and the volume that front ends register. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withNewPassword, withoutGroup, withoutNodes } from '../../src/domain/cluster/spec.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import type { StorageVolume } from '../../src/substrate/kubernetes/starrocks/storage-volume.ts'
import { sampleGroup } from '../support/fixture/sample.ts'
import { next, removed, start, until, wantedOf } from '../substrate/subject.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { kubernetesSubject, sampleStorage } from './kubernetes-subject.ts'
import { startWorld } from './world.ts'

const skip = skipWithoutControlPlane()

const SECRET = 'Very-secret-key-1'
const groups = [
  { ...sampleGroup('a', 1), role: 'fe' },
  { ...sampleGroup('b', 2), role: 'cn' },
  { ...sampleGroup('c', 1), role: 'cn' },
  { ...sampleGroup('e', 0), role: 'cn' },
  { ...sampleGroup('o', 2), role: 'observer' },
]

test(
  'compute nodes run once front ends know where data lie; the key stands in a Secret alone',
  { skip, timeout: 600_000 },
  async (t) => {
    const { access, client, kubelet } = await startWorld(t)
    const volumes = new Map<string, StorageVolume>()
    const key = { keyId: 'id', secret: SECRET }
    const subject = kubernetesSubject(t, access, kubelet, {
      volumes,
      objectStorageKey: async () => key,
    })
    const namespace = subject.namespaceOf('c-1')
    const it = wantedOf({ groups }, 'c-1')
    const seen = await start(subject, it)
    assert.deepEqual(seen.objectStorage, sampleStorage)
    assert.equal(volumes.get(namespace)?.location, 's3://data/sr')
    const names = (await client.list(resources.pod, { namespace })).map((pod) => pod.metadata.name)
    assert.deepEqual(names.toSorted(), [
      'sr-cn-0',
      'sr-cn-1',
      'sr-cn-g1-0',
      'sr-fe-0',
      'sr-observer-0',
      'sr-observer-1',
    ])

    for (const type of [resources.configMap, resources.statefulSet, resources.starrocks]) {
      const text = JSON.stringify(await client.list(type, { namespace }))
      assert.ok(!text.includes(SECRET) && !text.includes(btoa(SECRET)), type.kind)
    }
    const files = await client.list(resources.configMap, { namespace })
    const frontend = files.find(({ metadata }) => metadata.name.startsWith('sr-fe-'))
    assert.match(JSON.stringify(frontend), /run_mode = shared_data/)

    // Another key is sent at the next occasion, and nothing is recreated for it.
    const uids = () => [...kubelet.pods.values()].map(({ uid }) => uid).toSorted()
    const before = uids()
    key.secret = 'another'
    const again = next(it, withNewPassword(it.spec))
    await start(subject, again)
    assert.equal(volumes.get(namespace)?.key, 'another')
    assert.deepEqual(uids(), before)

    const less = next(again, withoutGroup(withoutNodes(again.spec, ['c-1-b-1']), 'c-1-c'))
    await subject.substrate.drain?.(less, ['c-1-b-1', 'c-1-c-0'])
    await start(subject, less)
    assert.equal(kubelet.pods.size, 4)
    await until(subject, 'c-1', ({ generation }) => generation === less.spec.generation)
    const sets = await client.list(resources.statefulSet, { namespace })
    assert.ok(!sets.some(({ metadata }) => metadata.name === 'sr-cn-g1'))

    const put = next(less, { ...less.spec, running: false })
    await subject.substrate.apply(put)
    await until(subject, 'c-1', () => kubelet.pods.size === 0)
    const back = next(put, { ...put.spec, running: true })
    await start(subject, back)
    assert.equal(kubelet.pods.size, 4)
    await removed(subject, 'c-1')
    assert.equal(kubelet.pods.size, 0)
  },
)

test('without a place for their data, compute nodes do not come to be', { skip }, async (t) => {
  const { access, kubelet } = await startWorld(t)
  const subject = kubernetesSubject(t, access, kubelet)
  await subject.substrate.apply({ ...wantedOf({ groups }, 'c-2'), objectStorage: null })
  const seen = await until(subject, 'c-2', ({ groups: of }) => of.some(({ problem }) => problem))
  const [problem] = seen.groups.flatMap((group) => group.problem ?? [])
  assert.ok(problem?.persists)
  assert.match(problem.reason, /compute nodes: nothing keeps the objects of its cloud/)
})
