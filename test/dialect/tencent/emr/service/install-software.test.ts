import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { statuses } from '../../../../support/fixture/emr-process.ts'
import { sampleCreateRequest } from '../../../../support/http/tencent-client.ts'

const { Software } = sampleCreateRequest()
const zookeeperOnly = {
  ProductId: 30,
  SceneName: 'Hadoop-Zookeeper',
  Software: ['zookeeper-3.6.1'],
  SupportHA: 1,
}

test('what cannot be installed is refused by name', async (t) => {
  const it = await startEmr(t)
  const soft = (...SoftInfo: string[]) => ({ SoftInfo })
  const good = soft('spark-2.4.3')
  await it.refused('InstallSoftware', [
    [soft('-'), 'InvalidParameter.InvalidSoftInfo', '`SoftInfo`'],
    [soft('nothing-1.0'), 'InvalidParameter.InvalidComponent', 'nothing'],
    [soft('doris-1.0'), 'InvalidParameter.InvalidComponent', 'doris'],
    [soft('hbase-9.9'), 'InvalidParameter.InvalidSoftWareVersion', 'hbase'],
    [soft('hdfs-2.8.5'), 'InvalidParameter.InvalidSoftInfo', 'hdfs'],
    [soft('livy'), 'InvalidParameter.InvalidSoftInfo', 'spark'],
    [soft('kerberos'), 'InvalidParameter.InvalidSoftInfo', 'SoftInfo'],
    [soft('hive'), 'InvalidParameter.InvalidMetaType', 'metadata database'],
    [{ ...good, MetaType: 'EMR_NEW_META' }, 'UnsupportedOperation', '`MetaType`'],
    [{ ...good, CdbAutoRenew: 'AUTO_RENEW' }, 'UnsupportedOperation', '`CdbAutoRenew`'],
    [{ ...good, UnifyMetaInstanceId: 'cdb-1' }, 'UnsupportedOperation', '`UnifyMetaInstanceId`'],
    [{ ...good, MetaDBInfo: { MetaDataUser: 'u' } }, 'UnsupportedOperation', '`MetaDBInfo`'],
    [{ ...good, DefaultMetaVersion: 'mysql8' }, 'UnsupportedOperation', '`DefaultMetaVersion`'],
    [{ ...good, NeedCdbAudit: 1 }, 'UnsupportedOperation', '`NeedCdbAudit`'],
    [{ ...good, Tags: [{ TagKey: 'a' }] }, 'UnsupportedOperation', '`Tags`'],
    [
      { ...good, ServiceDeployInfoList: [{ ServiceName: 'YARN' }] },
      'UnsupportedOperation',
      '`ServiceDeployInfoList`',
    ],
    [
      { ...good, ContainerExtraConf: { JobAccessProxyType: 'None' } },
      'UnsupportedOperation',
      '`ContainerExtraConf`',
    ],
    [{ ...good, InstanceId: 'emr-00000000' }, 'ResourceNotFound.InstanceNotFound', 'emr-00000000'],
  ])
})

test('an installed component is on its nodes, in the lists, and continues from there', async (t) => {
  const it = await startEmr(t, { seconds: 60 })
  const started = await it.answer('InstallSoftware', { SoftInfo: ['hbase\r\n'] })
  assert.deepEqual(started['ErrorMessages'], [])
  await it.cloud.loop.drain()
  assert.equal(await it.status(), 6)
  const busy = await it.ask('InstallSoftware', { SoftInfo: ['flume'] })
  assert.equal(busy.code, 'ResourceInUse.InstanceInProcess')
  await it.cloud.settle()
  const flow = await it.answer('DescribeClusterFlowStatusDetail', {
    FlowParam: { FKey: 'FlowId', FValue: String(started['FlowId']) },
  })
  assert.deepEqual([flow['FlowName'], flow['FlowTotalStatus']], ['Install Service', 2])
  assert.deepEqual(await statuses(it, 'HBASE'), [
    'HMaster 1',
    'HRegionServer 1',
    'HRegionServer 1',
    'HbaseThrift 1',
  ])
  const { ClusterList } = await it.answer('DescribeInstances', {
    InstanceId: undefined,
    DisplayStrategy: 'clusterList',
  })
  const [cluster] = ClusterList as { Config: { SoftInfo: string[] } }[]
  const [last, ...before] = cluster!.Config.SoftInfo.toReversed()
  assert.match(last!, /^hbase-\d/)
  assert.deepEqual(before.toReversed(), Software)
})

test('a component that needs a database shares that of the cluster', async (t) => {
  const it = await startEmr(t, { members: { Software: [...Software, 'hive-2.3.7'] } })
  assert.equal((await it.ask('InstallSoftware', { SoftInfo: ['hue'] })).code, '')
  await it.cloud.settle()
  assert.deepEqual(await statuses(it, 'HUE'), ['Hue 1'])
})

test('a cluster of ZooKeeper alone carries nothing else', async (t) => {
  const { ResourceSpec } = sampleCreateRequest()
  const common = { CommonResourceSpec: ResourceSpec.CoreResourceSpec, CommonCount: 3 }
  const it = await startEmr(t, { members: { ...zookeeperOnly, ResourceSpec: common } })
  await it.refused('InstallSoftware', [
    [{ SoftInfo: ['hdfs'] }, 'InvalidParameter.InvalidSoftDeployInfo', 'hdfs'],
  ])
})
