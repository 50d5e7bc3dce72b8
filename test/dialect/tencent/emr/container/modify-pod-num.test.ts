import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startContainers } from '../../../../support/fixture/emr-container.ts'
import { startEmr } from '../../../../support/fixture/emr-cluster.ts'
import { money } from '../../../../support/fixture/money.ts'
import { rayCloudRequest } from '../../../../support/http/tencent-container.ts'

const HIVE = { ServiceGroup: 47, ServiceType: 31 }

test('pods come and go, are seen to serve, and cost what they are', async (t) => {
  const it = await startContainers(t, { seconds: 60 })
  const { orders } = money(it.cloud)
  const hive = async () =>
    (await it.pods())
      .filter(({ NameTag }) => NameTag.startsWith('hiveserver2node'))
      .map(({ NameTag, ServicesStatus }) => `${NameTag} ${ServicesStatus}`)
  const { FlowId } = await it.answer('ModifyPodNum', { ...HIVE, PodNum: 3 })
  assert.equal(await it.status(), 4)
  const flow = async () =>
    (await it.answer('DescribeClusterFlowStatusDetail', {
      FlowParam: { FKey: 'FlowId', FValue: String(FlowId) },
    })) as { FlowTotalStatus: number; FlowName: string }
  assert.equal((await flow()).FlowTotalStatus, 1)
  await it.cloud.settle()
  assert.equal((await flow()).FlowTotalStatus, 2)
  assert.deepEqual(await hive(), [
    'hiveserver2node-0 HiveServer2Node:STARTED',
    'hiveserver2node-1 HiveServer2Node:STARTED',
    'hiveserver2node-2 HiveServer2Node:STARTED',
  ])
  await it.answer('ModifyPodNum', { ServiceGroup: 47, PodNum: 2 })
  assert.equal(await it.status(), 24)
  await it.cloud.settle()
  assert.equal((await hive()).length, 2)
  assert.equal(await it.status(), 2)
  const prices = (await orders(it.id)).map(({ listPrice }) => Number(listPrice))
  // The latest first: two pods of it, three, one.
  assert.ok(prices[2]! < prices[0]! && prices[0]! < prices[1]!, prices.join(', '))
  const { LogList } = await it.answer('DescribeInstanceOplog', { Offset: 0, Limit: 10 })
  assert.deepEqual(
    (LogList as { Operation: string }[]).map(({ Operation }) => Operation),
    ['Scale In', 'Scale Out', 'Create Cluster'],
  )
})

test('what cannot be is refused by name', async (t) => {
  const text = `tencent:
  networks: [{ id: vpc-12345678, region: ap-guangzhou, cidr: 10.1.0.0/16 }]
  container-clusters:
    - { id: cls-12345678, region: ap-guangzhou, network: vpc-12345678, nodes: 1, cpu: 9, memory: 20 }
`
  const it = await startContainers(t, { text, seconds: 60 })
  await it.refused('ModifyPodNum', [
    [{ ...HIVE, PodNum: 3, InstanceId: 'emr-0' }, 'ResourceNotFound.ClusterNotFound', 'emr-0'],
    [
      { ...HIVE, PodNum: 3, ServiceGroup: 44 },
      'ResourceNotFound.ServiceGroupNotFound',
      'ServiceGroup',
    ],
    [{ ...HIVE, PodNum: 3, ServiceType: 93 }, 'InvalidParameter.InvalidServiceType', 'ServiceType'],
    [HIVE, 'MissingParameter', 'PodNum'],
    [{ ...HIVE, PodNum: 0 }, 'InvalidParameter.InvalidCoreCount', 'PodNum'],
    [{ ...HIVE, PodNum: 1 }, 'InvalidParameter.InvalidCoreCount', 'PodNum'],
    [{ ServiceGroup: 0, PodNum: 2 }, 'InvalidParameter.IncorrectCommonCount', 'PodNum'],
    [{ ServiceGroup: 39, PodNum: 3 }, 'InvalidParameter.IncorrectMasterCount', 'PodNum'],
    [{ ...HIVE, PodNum: 3 }, 'LimitExceeded.PodCpuLimitExceededAvailableCpu', 'cls-12345678'],
  ])
  await it.answer('ModifyPodNum', { ...HIVE, PodNum: 2 })
  await it.refused('ModifyPodNum', [
    [{ ...HIVE, PodNum: 1 }, 'ResourceInUse.InstanceInProcess', it.id],
  ])
})

test('a cluster of machines has no pods, and what no number is known of is not addressed', async (t) => {
  const machines = await startEmr(t)
  await machines.refused('ModifyPodNum', [
    [{ ...HIVE, PodNum: 3 }, 'ResourceUnavailable.NotSupportClusterType', 'InstanceId'],
  ])
  const ray = await startContainers(t, { request: rayCloudRequest() })
  await ray.refused('ModifyPodNum', [
    [{ ...HIVE, PodNum: 3 }, 'ResourceNotFound.ServiceGroupNotFound', 'ServiceGroup'],
  ])
})
