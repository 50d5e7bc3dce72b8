import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failNode, startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { processes } from '../../../../support/fixture/emr-process.ts'

test('every process of every node is shown with its number, role and address', async (t) => {
  const it = await startEmr(t)
  const all = await processes(it)
  const { NodeList } = await it.answer('DescribeClusterNodes', { NodeFlag: 'all' })
  const nodes = NodeList as { Ip: string; Services: string }[]
  for (const { Ip, Services } of nodes) {
    const own = all.filter((process) => process.Ip === Ip).map(({ NodeName }) => NodeName)
    assert.deepEqual([...own].sort(), Services.split(',').sort())
  }
  const hdfs = await processes(it, { ServiceName: 'HDFS' })
  assert.deepEqual(
    hdfs.map((each) => [each.NodeName, each.NodeType, each.NodeFlagFilter, each.ConfGroupName]),
    [
      ['NameNode', 1, 'master', 'hdfs-master-defaultGroup'],
      ['DataNode', 2, 'core', 'hdfs-core-defaultGroup'],
      ['DataNode', 2, 'core', 'hdfs-core-defaultGroup'],
    ],
  )
  for (const { Status, HealthStatus, MonitorStatus, LastRestartTime } of hdfs) {
    assert.deepEqual([Status, HealthStatus.Code, MonitorStatus], [1, 1, 1])
    assert.match(LastRestartTime, /^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d$/)
  }
})

test('filters and pages choose among the processes', async (t) => {
  const it = await startEmr(t)
  const names = async (members: object) =>
    (await processes(it, members)).map(({ NodeName }) => NodeName)
  const [dataNode] = await processes(it, { ServiceName: 'HDFS', NodeTypeName: 'core' })
  const ip = dataNode!.Ip
  for (const [members, expected] of [
    [{ ServiceName: 'hdfs', NodeTypeName: 'master' }, ['NameNode']],
    [{ SearchText: 'datan' }, ['DataNode', 'DataNode']],
    [
      { ServiceName: 'HDFS', SearchFields: [{ SearchType: 'ipv4', SearchValue: ip }] },
      ['DataNode'],
    ],
    [{ ServiceName: 'HDFS', OperatorStateId: 2 }, []],
    [{ ServiceName: 'HDFS', HealthStateId: '0' }, []],
    [{ ServiceName: 'HDFS', ConfStatus: -1 }, []],
    [{ ServiceName: 'HDFS', MaintainStateId: 2 }, []],
    [{ ServiceName: 'HDFS', DataNodeMaintenanceId: 1 }, []],
    [{ ServiceName: 'HDFS', Offset: 1, Limit: 2 }, ['DataNode']],
  ] as const)
    assert.deepEqual(await names(members), expected, JSON.stringify(members))
  const { TotalCnt, SupportNodeFlagFilterList } = await it.answer('DescribeServiceNodeInfos', {
    ServiceName: 'HDFS',
    Limit: 1,
  })
  assert.deepEqual([TotalCnt, SupportNodeFlagFilterList], [3, ['master', 'core']])
})

test('a service that the cluster does not have is refused by name', async (t) => {
  const it = await startEmr(t)
  await it.refused('DescribeServiceNodeInfos', [
    [{ ServiceName: 'HIVE' }, 'UnsupportedOperation.ServiceNotSupport', '`ServiceName`'],
    [{ InstanceId: 'emr-00000000' }, 'ResourceNotFound.InstanceNotFound', 'emr-00000000'],
  ])
})

test('processes of a node that ended by itself were started again', async (t) => {
  const it = await startEmr(t)
  const { NodeList } = await it.answer('DescribeClusterNodes', { NodeFlag: 'core' })
  const [core] = NodeList as { EmrResourceId: string; Ip: string }[]
  const dataNode = async () =>
    (await processes(it, { ServiceName: 'HDFS' })).find(({ Ip }) => Ip === core!.Ip)!
  const before = await dataNode()
  it.cloud.clock.advance(60_000)
  await failNode(it, core!.EmrResourceId, 'end')
  const after = await dataNode()
  assert.equal(after.Status, 1)
  assert.ok(after.LastRestartTime > before.LastRestartTime, after.LastRestartTime)
})
