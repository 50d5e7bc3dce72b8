import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { refusalOf } from '../../../../support/http/alibaba-client.ts'
import {
  daily,
  restoreBody,
  startBackedUp,
  type BackedUp,
} from '../../../../support/fixture/alibaba-backup.ts'

const NAME = 'RestoreInstance'

async function withBackup(t: TestContext, body: Readonly<Record<string, unknown>> = {}) {
  const instance = await startBackedUp(t, { body })
  await instance.ask('AddBackupPolicy', daily)
  const { BackupTaskId } = await instance.backUp()
  const restore = (more: Readonly<Record<string, unknown>> = {}) =>
    instance.call(NAME, { body: restoreBody(BackupTaskId, more) })
  return { ...instance, BackupTaskId, restore }
}

async function described({ call }: BackedUp, id: string) {
  const instances = await call('DescribeInstances', { query: { InstanceId: id } })
  const groups = await call('DescribeNodeGroups', { query: { ClusterId: id } })
  const history = await call('ListOperationHistory', { query: { InstanceId: id } })
  return {
    instance: instances.body.Data[0],
    groups: groups.body.Data,
    operations: history.body.Data,
  }
}

test('a new instance is made as the old one was, also when that was changed since', async (t) => {
  const it = await withBackup(t, {
    Tags: [{ Key: 'team', Value: 'a' }],
    Encrypted: true,
    KmsKeyId: 'key-1',
  })
  const { cloud, id, send, restore, groups, describe } = it
  const [before, wasGroups] = [await describe(), await groups()]
  await send('ModifyCu', { Target: 16 }, 'BE')
  await cloud.settle()
  await send('UpdateInstanceName', { ClusterName: 'renamed' })
  const { body } = await restore()
  const { InstanceId, OrderId } = body.Data
  assert.match(InstanceId, /^c-[0-9a-f]{16}$/)
  assert.notEqual(InstanceId, id)
  assert.ok(OrderId > 0)
  const creating = await described(it, InstanceId)
  assert.equal(creating.instance.InstanceStatus, 'creating')
  await cloud.settle()
  const { instance, groups: newGroups, operations } = await described(it, InstanceId)
  assert.deepEqual([instance.InstanceStatus, instance.InstanceName], ['running', 'restored'])
  for (const name of [
    'Version',
    'MinorVersion',
    'RunMode',
    'PackageType',
    'VpcId',
    'VSwitches',
    'ResourceGroupId',
    'Tags',
    'Encrypted',
    'KmsKeyId',
    'RegionId',
    'PayType',
  ])
    assert.deepEqual(instance[name], before[name], name)
  const sizes = (all: readonly Record<string, unknown>[]) =>
    all.map((group) =>
      [
        'ComponentType',
        'Cu',
        'StorageSize',
        'DiskNumber',
        'ResidentNodeNumber',
        'NodeGroupName',
        'SpecType',
        'StoragePerformanceLevel',
        'Description',
      ].map((name) => group[name]),
    )
  assert.deepEqual(sizes(newGroups), sizes(wasGroups))
  const ids = new Set([...wasGroups, ...newGroups].map(({ NodeGroupId }) => NodeGroupId))
  assert.equal(ids.size, 4)
  assert.deepEqual(
    operations.map((each: Record<string, unknown>) => [
      each['OperationType'],
      each['OperationStatus'],
    ]),
    [['restore', 'COMPLETED']],
  )
  const found = await cloud.store.read((tx) => tx.findById('cluster', InstanceId))
  assert.equal(found?.document.spec.origin, undefined)
  assert.notDeepEqual(found?.document.secrets, (await it.document()).secrets)
})

test('what the request names is its own, and what it costs is a creation by its words', async (t) => {
  const it = await withBackup(t)
  const { cloud, restore, orders } = it
  const [bought] = await orders()
  const named = {
    InstanceName: 'other',
    ResourceGroupId: 'rg-other1',
    Tags: [{ key: 'env', value: 'test' }],
    VpcId: 'vpc-other',
    VSwitches: [{ VswId: 'vsw-other', ZoneId: 'cn-hangzhou-h' }],
    PayType: 'prePaid',
    PricingCycle: 'Month',
    Duration: 2,
    AutoRenew: true,
  }
  const { InstanceId, OrderId } = (await restore(named)).body.Data
  await cloud.settle()
  const { instance } = await described(it, InstanceId)
  assert.deepEqual(
    [instance.InstanceName, instance.ResourceGroupId, instance.Tags, instance.VpcId],
    ['other', 'rg-other1', [{ Key: 'env', Value: 'test' }], 'vpc-other'],
  )
  assert.deepEqual(instance.VSwitches, [
    { Primary: true, VswId: 'vsw-other', ZoneId: 'cn-hangzhou-h' },
  ])
  assert.deepEqual([instance.PayType, instance.InstanceStatus], ['prePaid', 'running'])
  const order = await cloud.store.read((tx) => tx.findById('order', String(OrderId)))
  assert.deepEqual(
    [order?.document.kind, order?.document.state, order?.document.months, order?.document.cluster],
    ['buy', 'paid', 2, InstanceId],
  )
  const { InstanceId: hourly, OrderId: hours } = (await restore()).body.Data
  const used = await cloud.store.read((tx) => tx.findById('order', String(hours)))
  assert.deepEqual(used?.document.items, bought?.items)
  assert.equal((await described(it, hourly)).instance.PayType, 'postPaid')
})

test('a backup that is not complete, or not there, makes nothing', async (t) => {
  const { ask, call, untilDue, backups, cloud } = await startBackedUp(t)
  await ask('AddBackupPolicy', daily)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'time:120')
  await untilDue()
  const [{ BackupTaskId }] = await backups()
  const refused = (id: string, more = {}) => refusalOf(call(NAME, { body: restoreBody(id, more) }))
  const early = await refused(BackupTaskId)
  assert.deepEqual([early.statusCode, early.code], [400, 'OperationDenied.BackupStatus'])
  const strange = await refused('bt-0')
  assert.deepEqual([strange.statusCode, strange.code], [404, 'Backup.NotFound'])
  assert.equal((await refused(BackupTaskId, { RegionId: 'cn-beijing' })).code, 'Backup.NotFound')
  assert.equal((await call('DescribeInstances')).body.Total, 1)
})

test('what cannot be is refused as for a creation, in its words', async (t) => {
  const { restore, call } = await withBackup(t)
  const refused = async (more: Readonly<Record<string, unknown>>) => {
    const { code, message } = await refusalOf(restore(more))
    return `${code} ${message}`
  }
  assert.match(await refused({ AdminPassword: 'weak' }), /InvalidParams.*Admin password should/)
  assert.match(await refused({ PayType: 'prePaid' }), /InvalidParams/)
  assert.match(
    await refused({ Tags: [{ Key: 'emrys:substrate', Value: 'local' }] }),
    /UnsupportedOperation.*the data are on simulation, and local was chosen/,
  )
  const elsewhere = { VSwitches: [{ VswId: 'vsw-bp19mlh98tm9teyyd', ZoneId: 'cn-hangzhou-h' }] }
  assert.match(await refused(elsewhere), /InvalidParams/)
  assert.equal((await call('DescribeInstances')).body.Total, 1)
})

test('an instance whose backup is lost meanwhile is not made, and is paid back', async (t) => {
  const it = await withBackup(t)
  const { cloud, id, restore, BackupTaskId } = it
  const { snapshots } = cloud.substrates.get('simulation')!
  const bought = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }
  const { InstanceId, OrderId } = (await restore(bought)).body.Data
  await snapshots!.discard({ cluster: id, snapshot: BackupTaskId })
  await cloud.settle()
  const { instance, operations } = await described(it, InstanceId)
  assert.equal(instance.InstanceStatus, 'creating_failed')
  assert.equal(operations[0].OperationStatus, 'TERMINATED')
  assert.match(operations[0].OperationDetail, /that it should begin with is not there/)
  const order = await cloud.store.read((tx) => tx.findById('order', String(OrderId)))
  assert.equal(order?.document.state, 'refunded')
})
