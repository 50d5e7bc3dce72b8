import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cluster } from '../../../../../src/domain/cluster/cluster.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { runsVersion } from '../../../../support/fixture/alibaba-version.ts'

const OLD = '3.3.2-1.77-1.6.4'
const NEW = '3.3.13-1.0-1.7.12'

const restartsOf = ({ spec }: Cluster) =>
  new Set(spec.groups.flatMap(({ nodes }) => nodes.map(({ restarts }) => restarts)))

test('a minor version: Version stays what was asked for, and every node has a new process', async (t) => {
  const instance = await startInstance(t)
  const { cloud, send, describe, document, history } = instance
  await runsVersion(instance, OLD)
  assert.equal((await describe()).MinorVersion, OLD)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  assert.equal((await send('UpgradeVersion', { TargetVersion: NEW })).body.Data, true)
  const during = await describe()
  assert.deepEqual([during.InstanceStatus, during.MinorVersion], ['upgrading', OLD])
  assert.equal((await document()).change?.rolling, true)
  const groups = await instance.groups()
  assert.deepEqual(new Set(groups.map(({ Status }) => Status)), new Set(['UPGRADING']))
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await cloud.settle()
  const after = await describe()
  assert.deepEqual(
    [after.InstanceStatus, after.MinorVersion, after.Version],
    ['running', NEW, '3.3'],
  )
  assert.deepEqual(restartsOf(await document()), new Set([1]))
  const [entry] = await history()
  assert.deepEqual(
    [entry.OperationType, entry.OperationStatus, entry.BeforeValue, entry.AfterValue],
    ['upgrade_version', 'COMPLETED', OLD, NEW],
  )
})

test('a major version: its newest minor one, and Version is the major one', async (t) => {
  const { cloud, send, describe, document } = await startInstance(t, { body: { Version: '3.2' } })
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  const request = { TargetVersion: '3.3', Minor: false, FastMode: true }
  await send('UpgradeVersion', request)
  assert.equal((await describe()).Version, '3.2')
  assert.equal((await document()).change?.rolling, false)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await cloud.settle()
  const { MinorVersion, Version } = await describe()
  assert.deepEqual([MinorVersion, Version], [NEW, '3.3'])
})

test('compute nodes run the new version before a frontend does, and the steps say so', async (t) => {
  const { cloud, send, id, document } = await startInstance(t, { body: { Version: '3.2' } })
  const substrate = cloud.substrates.get('simulation')!
  substrate.pacing!.set('starrocks', 'time:10')
  await send('UpgradeVersion', { TargetVersion: '3.3', Minor: false, FastMode: true })
  const roles = new Map((await document()).spec.groups.map((group) => [group.id, group.role]))
  const seen: string[] = []
  const steps: string[] = []
  const note = (list: string[], word: string) => list.at(-1) === word || list.push(word)
  for (let look = 0; look < 30; look++) {
    await cloud.loop.drain()
    const { groups } = await substrate.observe(id)
    const versions = groups.map((group) => {
      const [version, ...others] = new Set(group.nodes.map(({ runs }) => runs?.version ?? 'none'))
      assert.deepEqual(others, [], 'all nodes of a group at once')
      return `${roles.get(group.id)} ${version?.slice(0, 4)}`
    })
    note(seen, versions.sort().join(', '))
    const { rows } = await cloud.store.read((tx) =>
      tx.list('operation', {
        account: undefined,
        parent: id,
        verbs: ['upgrade'],
        order: 'newest',
        limit: 1,
        offset: 0,
      }),
    )
    const step = rows[0]?.document.steps.find(({ status }) => status === 'running')
    if (step) note(steps, step.name)
    cloud.clock.advance(2_000)
  }
  assert.deepEqual(seen, ['cn none, fe 3.2.', 'cn 3.3., fe none', 'cn 3.3., fe 3.3.'])
  assert.deepEqual(steps, ['upgrade-workers', 'upgrade-frontends'])
})

test('what it cannot be upgraded to, or not now, is refused in the words of the service', async (t) => {
  const { cloud, send, refusal, document } = await startInstance(t)
  const unknown = await refusal('UpgradeVersion', { TargetVersion: '3.3.99' })
  assert.equal(unknown.code, 'VersionNotSupport')
  const major = await refusal('UpgradeVersion', { TargetVersion: '3.2', Minor: false })
  assert.equal(major.code, 'VersionNotSupport')
  const absent = await refusal('UpgradeVersion', { TargetVersion: NEW, InstanceId: 'c-0' })
  assert.equal(absent.code, 'Instance.NotFound')
  assert.equal((await document()).spec.generation, 1)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await send('RestartInstance')
  const busy = await refusal('UpgradeVersion', { TargetVersion: NEW })
  assert.equal(busy.code, 'OperationDenied.InstanceStatus')
  assert.match(
    busy.message,
    /Invalid instance status: \[cannot upgrade when instance is not running\]\./,
  )
})
