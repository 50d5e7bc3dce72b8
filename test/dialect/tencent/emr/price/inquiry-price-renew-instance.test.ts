import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'
import { withTask } from '../../../../support/http/tencent-request.ts'

const MONTHLY = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }

async function start(t: TestContext, created: object = MONTHLY) {
  // Nothing is done before time passes.
  const progressions = { default: { mode: 'time', seconds: 60 } } as const
  const cloud = await startCloud(t, { config: { progressions } })
  const id = await create(cloud, { ...withTask(), ...created })
  await cloud.settle()
  const asking = { port: cloud.port, language: 'en-US' as const }
  const { response } = await ask(cloud, 'DescribeClusterNodes', { InstanceId: id, NodeFlag: 'all' })
  const nodes = (response['NodeList'] as { EmrResourceId: string }[]).map((it) => it.EmrResourceId)
  const inquire = (members: object) =>
    ask(asking, 'InquiryPriceRenewInstance', { ...MONTHLY, ...members })
  const cents = async (members: object) => {
    const answer = await inquire(members)
    assert.equal(answer.message, '')
    return Math.round(Number(answer.response['OriginalCost']) * 100)
  }
  return { cloud, id, nodes, inquire, cents }
}

test('nodes by their ids cost what they cost together with all of their cluster', async (t) => {
  const { cloud, id, nodes, inquire, cents } = await start(t)
  let sum = 0
  for (const node of nodes) sum += await cents({ ResourceIds: [node] })
  assert.equal(await cents({ InstanceId: id }), sum)
  const Placement = { Zone: 'ap-guangzhou-3' }
  const whole = await ask(cloud, 'InquirePriceRenewEmr', { ...MONTHLY, InstanceId: id, Placement })
  assert.equal(Math.round(Number(whole.response['OriginalCost']) * 100), sum)
  const two = await inquire({ ResourceIds: nodes.slice(0, 2), NeedDetail: true })
  const ids = (list: string, member: string) =>
    (two.response[list] as Record<string, unknown>[]).map((row) => row[member])
  assert.deepEqual(ids('NodeRenewPriceDetails', 'EmrResourceId'), nodes.slice(0, 2))
  assert.deepEqual(ids('PriceDetail', 'ResourceId'), nodes.slice(0, 2))
  assert.deepEqual((await inquire({ InstanceId: id })).response['NodeRenewPriceDetails'], [])
})

test('nodes that are paid for as they are used are asked about with ModifyPayMode', async (t) => {
  const { nodes, inquire, cents } = await start(t, {})
  const ResourceIds = nodes.slice(0, 1)
  assert.ok((await cents({ ResourceIds, ModifyPayMode: 1 })) > 0)
  const { code, message } = await inquire({ ResourceIds })
  assert.equal(code, 'InvalidParameter.PayModeResourceNotMatch')
  assert.match(message, /`ModifyPayMode`/)
})

test('what cannot be renewed is refused by name', async (t) => {
  const { cloud, id, nodes, inquire } = await start(t)
  const other = await create(cloud, { InstanceName: 'another-one', ...MONTHLY })
  await cloud.settle()
  const { response } = await ask(cloud, 'DescribeClusterNodes', {
    InstanceId: other,
    NodeFlag: 'all',
  })
  const [stranger] = response['NodeList'] as { EmrResourceId: string }[]
  const NOT_FOUND = 'ResourceNotFound.ResourceNotFound'
  const refusals: readonly (readonly [object, string, string])[] = [
    [{}, 'MissingParameter', 'ResourceIds'],
    [{ ResourceIds: ['emr-vm-00000000'] }, NOT_FOUND, 'ResourceIds.0'],
    [{ ResourceIds: [nodes[0], stranger!.EmrResourceId] }, NOT_FOUND, 'ResourceIds.1'],
    [{ ResourceIds: ['ins-1'] }, 'InvalidParameter.InvalidResourceIds', 'ResourceIds.0'],
    [{ InstanceId: id, TimeSpan: 0 }, 'InvalidParameter.InvalidTimeSpan', 'TimeSpan'],
    [{ InstanceId: id, TimeUnit: 'y' }, 'InvalidParameter.InvalidTimeUnit', 'TimeUnit'],
    [{ InstanceId: id, Currency: 'USD' }, 'InvalidParameterValue', 'Currency'],
    [
      { InstanceId: id, Placement: { Zone: 'ap-guangzhou-4' } },
      'InvalidParameter.ZoneResourceNotMatch',
      'Placement.Zone',
    ],
    [
      { InstanceId: id, Placement: { Zone: 'ap-guangzhou-3', ProjectId: 1 } },
      'InvalidParameter.ProjectResourceNotMatch',
      'Placement.ProjectId',
    ],
    [{ InstanceId: 'emr-00000000' }, 'ResourceNotFound.InstanceNotFound', 'emr-00000000'],
  ]
  for (const [members, code, name] of refusals) {
    const answer = await inquire(members)
    assert.equal(answer.code, code, JSON.stringify(members))
    assert.ok(answer.message.includes(`\`${name}\``), answer.message)
  }
  await ask(cloud, 'ScaleOutInstance', { InstanceId: id, ...MONTHLY, CoreCount: 1 })
  assert.equal((await inquire({ InstanceId: id })).code, 'ResourceInUse.InstanceInProcess')
})
