/** A call of one API product finds no cluster of another one, though both are of the same account. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clusters } from '../../../src/app/cluster/clusters.ts'
import { Fault } from '../../../src/domain/fault.ts'
import { startCloud } from '../../support/fixture/cloud.ts'
import { sampleCall } from '../../support/fixture/sample.ts'
import { wires } from '../../support/http/wire.ts'

/** Verbs on one cluster by its id: a verb that is added has to be tried here. */
type ClusterVerb = Exclude<
  keyof Clusters,
  'create' | 'created' | 'started' | 'list' | 'peek' | 'setDescription'
>
type OperationVerb = 'list operations' | 'find an operation'

const products = { alibaba: 'starrocks', tencent: 'emr' } as const

for (const wire of wires) {
  test(`${wire.dialect}: clusters of another product of the account do not exist for a call`, async (t) => {
    const cloud = await startCloud(t)
    const id = await wire.create(cloud.port, { name: 'mine' })
    await cloud.settle()
    const { clusters, operations } = cloud.core
    const { account } = wire
    const principal = {
      account,
      tenant: account,
      kind: 'root',
      id: account,
      name: 'root',
      policies: [],
    } as const
    const call = sampleCall({ principal, product: products[wire.dialect] })
    const stranger = { ...call, product: 'another' }
    const listing = { order: 'newest', limit: 10, offset: 0 } as const

    const terms = () => ({ reservations: [] })
    const fewer = { nodes: () => ({ remove: [] }), terms }
    const verbs: Readonly<Record<ClusterVerb | OperationVerb, () => Promise<unknown>>> = {
      get: () => clusters.get(stranger, id),
      rename: () => clusters.rename(stranger, id, 'theirs-now'),
      tag: () => clusters.tag(stranger, [id], [{ key: 'k', value: 'v' }]),
      untag: () => clusters.untag(stranger, [id], 'all'),
      retag: () => clusters.retag(stranger, id, { set: [], remove: ['k'] }),
      setExtension: () =>
        clusters.setExtension(stranger, id, {
          verb: 'rename',
          extension: () => assert.fail('not theirs'),
        }),
      moveResourceGroup: () => clusters.moveResourceGroup(stranger, id, 'rg'),
      restart: () => clusters.restart(stranger, id, { scope: { of: 'cluster' }, rolling: false }),
      answerIncident: () =>
        clusters.answerIncident(stranger, id, {
          incident: () => ({ id: 'e-0', kind: 'node-ended', reason: '', atMs: 0 }),
          atMs: 0,
        }),
      setScripts: () =>
        clusters.setScripts(stranger, id, () => ({ scripts: [], secrets: {}, stale: [] })),
      scale: () => clusters.scale(stranger, id, fewer),
      regroup: () =>
        clusters.regroup(stranger, id, { regroup: () => assert.fail('not theirs'), terms }),
      changeService: () =>
        clusters.changeService(stranger, id, {
          act: 'stop',
          chosen: () => assert.fail('not theirs'),
          daemons: () => assert.fail('not theirs'),
        }),
      install: () =>
        clusters.install(stranger, id, {
          more: () => assert.fail('not theirs'),
          daemons: () => assert.fail('not theirs'),
        }),
      checkChange: () => clusters.checkChange(stranger, id, fewer),
      quoteChange: () => clusters.quoteChange(stranger, id, fewer),
      upgrade: () =>
        clusters.upgrade(stranger, id, {
          rolling: false,
          target: () => ({ version: '2', last: [] }),
        }),
      resize: () =>
        clusters.resize(stranger, id, {
          aspect: 'compute',
          rolling: false,
          terms,
          resize: () => ({ scope: { of: 'cluster' }, direction: 'up', size: (size) => size }),
        }),
      addGroup: () =>
        clusters.addGroup(stranger, id, {
          kind: 'add-group',
          group: ({ spec }) => ({ ...spec.groups[0]!, id: 'g-new', nodes: [] }),
          terms,
        }),
      removeGroup: () =>
        clusters.removeGroup(stranger, id, { group: 'g-0', require: () => undefined, terms }),
      setAccess: () => clusters.setAccess(stranger, id, () => assert.fail('not theirs')),
      setMaintenance: () => clusters.setMaintenance(stranger, id, () => assert.fail('not theirs')),
      configure: () => clusters.configure(stranger, id, () => assert.fail('not theirs')),
      checkConfiguration: () =>
        clusters.checkConfiguration(stranger, id, () => assert.fail('not theirs')),
      release: () => clusters.release(stranger, id),
      isolate: () => clusters.isolate(stranger, id),
      switchZone: () => clusters.switchZone(stranger, id, { zone: 'z', terms }),
      setPassword: () =>
        clusters.setPassword(stranger, id, { secret: 'password', password: 'theirs-now' }),
      token: () => clusters.token(stranger, id),
      resume: () => clusters.resume(stranger, id),
      'list operations': () => operations.list(stranger, id, listing),
      'find an operation': () => operations.find(stranger, id, { flow: 1 }),
    }
    const before = await clusters.get(call, id)
    for (const [verb, attempt] of Object.entries(verbs))
      await assert.rejects(
        attempt(),
        (problem) => problem instanceof Fault && problem.code === 'ClusterNotFound',
        verb,
      )
    const [group] = before.spec.groups
    await assert.rejects(
      clusters.setDescription(stranger, group!.id, 'theirs-now'),
      (problem) => problem instanceof Fault && problem.code === 'NodeGroupNotFound',
    )
    assert.equal((await clusters.list(stranger, listing)).total, 0)
    assert.equal((await clusters.peek(stranger, [id])).size, 0)

    // And for a call of its own product it is there, as it was.
    assert.deepEqual(await clusters.get(call, id), before)
    assert.equal((await clusters.list(call, listing)).total, 1)
    assert.equal((await operations.list(call, id, listing)).total, 1)
  })
}
