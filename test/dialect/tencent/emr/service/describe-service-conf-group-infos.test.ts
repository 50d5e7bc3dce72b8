import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

const of = (classification: string, properties: object) => ({
  serviceName: 'HDFS',
  classification,
  serviceVersion: '2.8.5',
  properties,
})
const ExtendFsField = JSON.stringify([
  of('core-site.xml', { 'fs.trash.interval': '60' }),
  of('hdfs-site.xml', { 'dfs.replication': 2, 'dfs.blocksize': '134217728' }),
])
const page = { PageNo: 1, PageSize: 10 }
const core = { ServiceName: 'HDFS', ConfGroupName: 'hdfs-core-defaultGroup', ...page }

test('settings are shown as they were sent, page by page', async (t) => {
  const it = await startEmr(t, { members: { ExtendFsField } })
  const shown = async (members: object) => {
    const { TotalCount, ConfItemKVList } = await it.answer('DescribeServiceConfGroupInfos', {
      ...core,
      ...members,
    })
    const items = ConfItemKVList as Record<string, string>[]
    const plain = (text = '') => Buffer.from(text, 'base64').toString()
    return [
      TotalCount,
      ...items.map(({ InFile, Name, Value }) => [InFile, plain(Name), plain(Value)]),
    ]
  }
  const all = [
    ['core-site.xml', 'fs.trash.interval', '60'],
    ['hdfs-site.xml', 'dfs.replication', '2'],
    ['hdfs-site.xml', 'dfs.blocksize', '134217728'],
  ]
  assert.deepEqual(await shown({}), [3, ...all])
  assert.deepEqual(await shown({ PageNo: 2, PageSize: 2 }), [3, all[2]])
  assert.deepEqual(
    await shown({ ServiceName: 'YARN', ConfGroupName: 'yarn-core-defaultGroup' }),
    [0],
  )
})

test('services and groups that the cluster does not have are refused by name', async (t) => {
  const it = await startEmr(t)
  await it.refused('DescribeServiceConfGroupInfos', [
    [{ ...core, ServiceName: 'HIVE' }, 'InvalidParameter.InvalidServiceName', '`ServiceName`'],
    [{ ...core, ConfGroupName: 'hdfs-task-defaultGroup' }, 'InvalidParameter', '`ConfGroupName`'],
    [{ ...core, InstanceId: 'emr-00000000' }, 'ResourceNotFound.InstanceNotFound', 'emr-00000000'],
  ])
})
