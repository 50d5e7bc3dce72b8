import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr, type EmrCluster } from '../../../../support/fixture/emr-cluster.ts'

const encoded = (properties: object) => Buffer.from(JSON.stringify(properties)).toString('base64')
const file = (properties: object, members: object = {}) => ({
  ServiceName: 'HDFS',
  Classification: 'hdfs-site.xml',
  Properties: encoded(properties),
  ...members,
})

async function exported(it: EmrCluster, members: object = {}) {
  const { ExportConfParamList } = await it.answer('DescribeExportConfs', members)
  return (ExportConfParamList as Record<string, string>[]).map((each) => [
    each['ServiceName'],
    each['Classification'],
    each['ServiceVersion'],
    JSON.parse(Buffer.from(each['Properties'] ?? '', 'base64').toString()),
  ])
}

test('settings come to all nodes or to those of a role, and leave as they came', async (t) => {
  const it = await startEmr(t)
  const sent = [file({ 'dfs.blocksize': 1_048_576, 'dfs.replication': '2' })]
  const answer = await it.answer('ModifyServiceParamsByExportConfs', { ExportConfParamList: sent })
  assert.deepEqual(answer['WaitModifyConfList'], [
    {
      FileName: 'hdfs-site.xml',
      Params: encoded({ 'dfs.blocksize': '1048576', 'dfs.replication': '2' }),
    },
  ])
  await it.cloud.settle()
  const flow = await it.answer('DescribeClusterFlowStatusDetail', {
    FlowParam: { FKey: 'FlowId', FValue: String(answer['FlowId']) },
  })
  assert.deepEqual([flow['FlowTotalStatus'], flow['FlowName']], [2, 'Deliver Configuration'])
  const core = { ConfGroupName: 'hdfs-core-defaultGroup' }
  const more = [
    file({ 'dfs.replication': '3' }, { ServiceVersion: '2.8.5' }),
    { ...file({ a: 'b' }), ServiceName: 'YARN', Classification: 'yarn-site.xml' },
  ]
  await it.answer('ModifyServiceParamsByExportConfs', { ExportConfParamList: more, ...core })
  await it.cloud.settle()
  const hdfs = (replication: string) => [
    'HDFS',
    'hdfs-site.xml',
    '2.8.5',
    { 'dfs.blocksize': '1048576', 'dfs.replication': replication },
  ]
  assert.deepEqual(await exported(it), [hdfs('2')])
  assert.deepEqual(await exported(it, core), [
    hdfs('3'),
    ['YARN', 'yarn-site.xml', '2.8.5', { a: 'b' }],
  ])
  const only = { ExportConfContexts: [{ ServiceName: 'yarn', FileName: 'yarn-site.xml' }], ...core }
  assert.deepEqual(
    (await exported(it, only)).map(([service]) => service),
    ['YARN'],
  )
  const nodes = await it.answer('DescribeClusterNodes', { NodeFlag: 'core' })
  const [ip] = (nodes['NodeList'] as { Ip: string }[]).map((each) => each.Ip)
  assert.deepEqual(await exported(it, { Ip: ip }), await exported(it, core))
  // Settings are no resource schedule of YARN.
  assert.equal((await it.answer('DescribeYarnScheduleHistory'))['Total'], 0)
})

test('what cannot be set is refused by name, and nothing is changed', async (t) => {
  const it = await startEmr(t)
  const of = (sent: object, members: object = {}) => ({ ExportConfParamList: [sent], ...members })
  const own = file({ a: 'b' })
  const nodes = await it.answer('DescribeClusterNodes', { NodeFlag: 'core' })
  const [ip] = (nodes['NodeList'] as { Ip: string }[]).map((each) => each.Ip)
  await it.refused('ModifyServiceParamsByExportConfs', [
    [of({ ...own, ServiceName: undefined }), 'MissingParameter', 'ServiceName'],
    [of({ ...own, Classification: undefined }), 'MissingParameter', 'Classification'],
    [of({ ...own, Properties: '' }), 'InvalidParameterValue', 'Properties'],
    [of({ ...own, ServiceName: 'HIVE' }), 'InvalidParameterValue', 'ExportConfParamList'],
    [of({ ...own, Classification: 'none' }), 'InvalidParameterValue', 'ExportConfParamList'],
    [of({ ...own, ServiceVersion: '1' }), 'InvalidParameterValue', 'ExportConfParamList'],
    [of(own, { ConfGroupName: 'hdfs-none' }), 'InvalidParameter', 'ConfGroupName'],
    [of(own, { IpList: ['10.255.255.1'] }), 'InvalidParameterValue', 'Ip'],
    [of(own, { IpList: [ip] }), 'UnsupportedOperation', 'IpList'],
    [of(own, { InstanceId: 'emr-00000000' }), 'ResourceNotFound.InstanceNotFound', 'emr-00000000'],
  ])
  assert.deepEqual(await exported(it), [])
})
