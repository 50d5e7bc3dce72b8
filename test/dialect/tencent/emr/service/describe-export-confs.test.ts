import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'

const of = (classification: string, properties: object) => ({
  serviceName: 'HDFS',
  classification,
  serviceVersion: '2.8.5',
  properties,
})

test('files are exported as they were set, the chosen ones alone where some are', async (t) => {
  const files = [of('core-site.xml', { a: 'b' }), of('hdfs-site.xml', { 'dfs.replication': 2 })]
  const it = await startEmr(t, { members: { ExtendFsField: JSON.stringify(files) } })
  const shown = async (members: object) => {
    const answer = await it.answer('DescribeExportConfs', members)
    const list = answer['ExportConfParamList'] as Record<string, string>[]
    return list.map((each) => [
      each['Classification'],
      Buffer.from(each['Properties'] ?? '', 'base64').toString(),
    ])
  }
  const [core, hdfs] = [
    ['core-site.xml', '{"a":"b"}'],
    ['hdfs-site.xml', '{"dfs.replication":"2"}'],
  ]
  assert.deepEqual(await shown({}), [core, hdfs])
  assert.deepEqual(await shown({ ExportType: 1, ConfGroupName: 'hdfs-core-defaultGroup' }), [
    core,
    hdfs,
  ])
  assert.deepEqual(await shown({ ExportConfContexts: [{ FileName: 'hdfs-site.xml' }] }), [hdfs])
  assert.deepEqual(await shown({ ExportConfContexts: [{ ServiceName: 'YARN' }] }), [])
})

test('what is not there cannot be exported', async (t) => {
  const it = await startEmr(t)
  await it.refused('DescribeExportConfs', [
    [{ ExportConfContexts: [{ ServiceType: 3 }] }, 'UnsupportedOperation', 'ServiceType'],
    [
      { ExportConfContexts: [{ ServiceName: 'HIVE' }] },
      'UnsupportedOperation.ServiceNotSupport',
      'ServiceName',
    ],
    [{ ExportType: 2 }, 'InvalidParameterValue', 'ExportType'],
    [{ Ip: '10.255.255.1' }, 'InvalidParameterValue', 'Ip'],
    [{ ConfGroupName: 'none' }, 'InvalidParameter', 'ConfGroupName'],
    [{ InstanceId: 'emr-00000000' }, 'ResourceNotFound.InstanceNotFound', 'emr-00000000'],
  ])
})
