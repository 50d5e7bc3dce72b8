import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { slCreateRequest } from '../../../../support/http/tencent-request.ts'

test('instances are listed by strategy, filters, order and page', async (t) => {
  // Nothing is done before time passes.
  const progressions = { default: { mode: 'time', seconds: 60 } } as const
  const cloud = await startCloud(t, { config: { progressions } })
  await create(cloud)
  const ids: string[] = []
  for (const InstanceName of ['hbase-one', 'hbase-two', 'hbase-three']) {
    const { response } = await ask(cloud, 'CreateSLInstance', slCreateRequest({ InstanceName }))
    ids.push(String(response['InstanceId']))
    if (ids.length < 3) await cloud.settle()
  }
  const list = async (members: object = {}) => {
    const request = { DisplayStrategy: 'clusterList', OrderField: 'addTime', ...members }
    const asking = { port: cloud.port, language: 'en-US' as const }
    const answer = await ask(asking, 'DescribeSLInstanceList', request)
    const rows = (answer.response['InstancesList'] ?? []) as Record<string, unknown>[]
    return { ...answer, rows, ids: rows.map((row) => row['ClusterId']) }
  }
  const named = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] })
  assert.deepEqual((await list()).ids, ids)
  assert.deepEqual((await list({ Asc: 1 })).ids, ids.toReversed())
  assert.deepEqual((await list({ DisplayStrategy: 'monitorManage' })).ids, ids.slice(0, 2))
  assert.deepEqual((await list(named('ClusterName', 'hbase-two'))).ids, [ids[1]])
  assert.deepEqual((await list(named('ClusterId', ids[0]!, 'emr-0'))).ids, [ids[0]])
  assert.deepEqual((await list(named('ClusterStatus', '3'))).ids, [ids[2]])
  await ask(cloud, 'ModifySLInstance', { InstanceId: ids[0], Zone: 'ap-guangzhou-3', NodeNum: 5 })
  assert.deepEqual((await list(named('ClusterStatus', '22'))).ids, [ids[0]])
  const page = await list({ Limit: 2, Offset: 2 })
  assert.deepEqual([page.ids, page.response['TotalCnt']], [ids.slice(2), 3])
  const [row] = page.rows
  assert.deepEqual(
    [row?.['ZoneId'], row?.['VpcName'], row?.['Status'], row?.['PayMode']],
    [100_003, 'vpc-12345678', 3, 0],
  )
  const refusals = [
    [{ DisplayStrategy: 'all' }, 'InvalidParameter.DisplayStrategyNotMatch'],
    [{ OrderField: 'colour' }, 'InvalidParameter.OrderFieldNotMatch'],
    [named('Colour', 'red'), 'InvalidParameterValue'],
  ] as const
  for (const [members, code] of refusals) assert.equal((await list(members)).code, code)
})
