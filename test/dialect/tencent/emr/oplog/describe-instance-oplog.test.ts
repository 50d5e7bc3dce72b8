import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { money, stillClock } from '../../../../support/fixture/money.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { withTask } from '../../../../support/http/tencent-request.ts'

const START_S = Date.parse('2026-04-01T00:00:00Z') / 1000

test('what was asked of a cluster is logged with who asked, found by time, object, level and name', async (t) => {
  const cloud = await startCloud(t, { clock: stillClock('2026-04-01T00:00:00Z') })
  const { users, keys, policies } = cloud.identity
  const account = '100000000001'
  await users.add({ account, name: 'alice' })
  const text = JSON.stringify({
    version: '2.0',
    statement: [{ effect: 'allow', action: '*', resource: '*' }],
  })
  await policies.add({ account, name: 'all', text })
  await users.attach({ account, name: 'alice', policy: 'all' })
  const { key, secret } = await keys.add({ account, user: 'alice' })
  const InstanceId = await create(cloud, withTask())
  await cloud.settle()
  const asAlice = { port: cloud.port, keyId: key.id, secret }
  await money(cloud).pass(60_000)
  await ask(asAlice, 'ModifyInstanceBasic', { InstanceId, ClusterName: 'other-name' })
  const { response } = await ask(cloud, 'DescribeClusterNodes', { InstanceId, NodeFlag: 'task' })
  const ResourceIds = (response['NodeList'] as Record<string, unknown>[]).map(
    (node) => node['EmrResourceId'],
  )
  await ask(asAlice, 'TerminateTasks', { InstanceId, ResourceIds })
  await cloud.settle()
  const log = async (members: object = {}, language: 'zh-CN' | 'en-US' = 'zh-CN') => {
    const request = { InstanceId, Offset: 0, Limit: 10, ...members }
    const answer = await ask({ port: cloud.port, language }, 'DescribeInstanceOplog', request)
    const rows = (answer.response['LogList'] ?? []) as Record<string, unknown>[]
    const said = rows.map((row) => [row['Operation'], row['Operator'], row['SecurityLevel']])
    return { ...answer, rows, said, total: answer.response['TotalCnt'] }
  }
  const all = await log()
  assert.deepEqual(all.said, [
    ['缩容Task', 'alice', '高危'],
    ['修改集群名称', 'alice', '一般'],
    ['创建集群', account, '一般'],
  ])
  const made = all.rows[2]
  assert.deepEqual([made?.['OperationType'], made?.['UserType'], made?.['Operand']], [1, 1, '集群'])
  assert.equal(made?.['CreateTime'], '2026-04-01 08:00:00')
  assert.deepEqual(all.response['OperandList'], ['组件', '节点', '集群'])
  assert.deepEqual(all.response['SecurityLevelList'], ['一般', '危险', '高危'])
  assert.deepEqual((await log({ Operand: '节点' })).said, all.said.slice(0, 1))
  assert.deepEqual((await log({ SecurityLevel: 'General' })).said, all.said.slice(1))
  const named = { SearchFields: [{ SearchType: 'Operation', SearchValue: 'Rename' }] }
  assert.deepEqual((await log(named, 'en-US')).said, [['Rename Cluster', 'alice', 'General']])
  assert.deepEqual((await log({ EndTime: START_S })).said, all.said.slice(2))
  assert.deepEqual((await log({ StartTime: START_S + 1 })).said, all.said.slice(0, 2))
  const page = await log({ Limit: 2, Offset: 2 })
  assert.deepEqual([page.said, page.total], [all.said.slice(2), 3])
  assert.equal((await log({ Operand: 'pod' })).code, 'InvalidParameterValue')
  assert.equal((await log({ SecurityLevel: 'none' })).code, 'InvalidParameterValue')
  const unknown = await log({ InstanceId: 'emr-00000000' })
  assert.equal(unknown.code, 'ResourceNotFound.InstanceNotFound')
})
