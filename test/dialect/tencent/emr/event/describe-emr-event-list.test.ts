import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { money, stillClock } from '../../../../support/fixture/money.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

const START_S = Date.parse('2026-04-01T00:00:00Z') / 1000

test('what happened to nodes is listed with their address, the latest first, within the time asked for', async (t) => {
  const cloud = await startCloud(t, { clock: stillClock('2026-04-01T00:00:00Z') })
  const { post, pass } = money(cloud)
  const id = await create(cloud)
  await cloud.settle()
  const { response } = await ask(cloud, 'DescribeClusterNodes', {
    InstanceId: id,
    NodeFlag: 'core',
  })
  const nodes = response['NodeList'] as { EmrResourceId: string; Ip: string }[]
  for (const [at, fault] of ['end', 'hang'].entries()) {
    await pass(60_000)
    await post('node-faults', { cluster: id, node: nodes[at]!.EmrResourceId, fault })
    await cloud.settle()
  }
  const list = async (members: object = {}) => {
    const times = { StartTime: START_S, EndTime: START_S + 3600 }
    const request = { InstanceId: id, ...times, ...members }
    const asking = { port: cloud.port, language: 'en-US' as const }
    const answer = await ask(asking, 'DescribeEMREventList', request)
    const rows = (answer.response['EventList'] ?? []) as Record<string, string>[]
    return { code: answer.code, total: answer.response['TotalNum'], rows }
  }
  const all = await list()
  assert.equal(all.code, '')
  const hung = all.rows.find(({ Name }) => Name === 'Process of a node does not answer')
  assert.deepEqual([hung?.['Host'], hung?.['Role']], [nodes[1]!.Ip, 'Core'])
  assert.match(hung?.['Detail'] ?? '', /did not answer/)
  assert.match(hung?.['CreateTime'] ?? '', /^2026-04-01T00:0\d:\d\dZ$/)
  const times = all.rows.map(({ CreateTime }) => CreateTime ?? '')
  assert.deepEqual(times, times.toSorted().toReversed())
  const of = await list({ Host: nodes[0]!.Ip, Role: 'Core' })
  assert.ok(of.rows.length > 0 && of.rows.every(({ Host }) => Host === nodes[0]!.Ip))
  assert.equal((await list({ Name: hung!['Name'] })).total, 1)
  assert.equal((await list({ EndTime: START_S })).total, 0)
  assert.equal((await list({ Limit: 1 })).rows.length, 1)
  assert.equal((await list({ EndTime: START_S - 1 })).code, 'InvalidParameterValue')
  const unknown = await list({ InstanceId: 'emr-00000000' })
  assert.equal(unknown.code, 'InvalidParameter.InvalidClusterId')
})
