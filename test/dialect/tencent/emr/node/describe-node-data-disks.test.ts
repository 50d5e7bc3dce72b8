import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import {
  ask,
  create,
  machine,
  sampleCreateRequest,
} from '../../../../support/http/tencent-client.ts'

test('the disks of the named nodes are listed one by one, filtered and page by page', async (t) => {
  const cloud = await startCloud(t)
  const { ResourceSpec } = sampleCreateRequest()
  const more = [{ DiskType: 'CLOUD_SSD', Volume: 200, Count: 2 }]
  const core = { ...machine(4, 8), MultiDisks: more }
  const InstanceId = await create(cloud, {
    ResourceSpec: { ...ResourceSpec, CoreResourceSpec: core },
  })
  await cloud.settle()
  const { response } = await ask(cloud, 'DescribeClusterNodes', { InstanceId, NodeFlag: 'core' })
  const machines = (response['NodeList'] as { OrderNo: string }[]).map(({ OrderNo }) => OrderNo)
  const list = async (members: object = {}) => {
    const request = { InstanceId, CvmInstanceIds: machines, ...members }
    const answer = await ask(
      { port: cloud.port, language: 'en-US' },
      'DescribeNodeDataDisks',
      request,
    )
    const rows = (answer.response['CBSList'] ?? []) as Record<string, unknown>[]
    return { ...answer, rows, total: answer.response['TotalCount'] }
  }
  const all = await list()
  assert.equal(all.total, 6)
  assert.equal(new Set(all.rows.map(({ DiskId }) => DiskId)).size, 6)
  const [first] = all.rows
  assert.equal(first?.['DiskName'], `emr-Core.0_${InstanceId}_数据盘_1`)
  assert.deepEqual(
    [first['DiskType'], first['DiskSize'], first['DiskState'], first['DiskChargeType']],
    ['CLOUD_PREMIUM', 100, 'ATTACHED', 'POSTPAID_BY_HOUR'],
  )
  assert.deepEqual(first['InstanceIdList'], [machines[0]])
  assert.equal((await list({ CvmInstanceIds: machines.slice(1) })).total, 3)
  const ssd = { Name: 'disk-type', Values: ['CLOUD_SSD'] }
  assert.equal((await list({ Filters: [ssd] })).total, 4)
  const mine = { Name: 'instance-id', Values: [machines[0]] }
  assert.equal((await list({ Filters: [ssd, mine] })).total, 2)
  assert.equal((await list({ InnerSearch: 'Core.1' })).total, 3)
  // By rows, as the vendor's Terraform provider pages.
  const pages = [await list({ Limit: 4 }), await list({ Limit: 4, Offset: 4 })]
  assert.deepEqual(
    pages.flatMap(({ rows }) => rows),
    all.rows,
  )
  const refusals: readonly (readonly [object, string, string])[] = [
    [{ InstanceId: 'emr-00000000' }, 'InvalidParameter.InvalidClusterId', 'InstanceId'],
    [{ CvmInstanceIds: ['ins-0'] }, 'ResourceNotFound.CvmInstanceNotFound', 'CvmInstanceIds.0'],
    [{ Filters: [{ Name: 'colour', Values: [] }] }, 'InvalidParameterValue', 'Filters.0.Name'],
    [{ Scene: 'ModifyDiskExtraPerformance' }, 'UnsupportedOperation', 'Scene'],
  ]
  for (const [members, code, name] of refusals) {
    const answer = await list(members)
    assert.equal(answer.code, code, JSON.stringify(members))
    assert.ok(answer.message.includes(`\`${name}\``), answer.message)
  }
})
