import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alibabaClient, refusalOf } from '../../../../support/http/alibaba-client.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { wires } from '../../../../support/http/wire.ts'

const NAME = 'UpdateNodeGroupDescription'

test('a group is described again, which its groups show and its history does not', async (t) => {
  const { call, groups, group, history } = await startInstance(t)
  const { NodeGroupId, Description: before } = await group('CN')
  const context = { 'X-Acs-Ram-Auth-Context': '{"a":"b"}' }
  const { body } = await call(NAME, { query: { NodeGroupId, Description: '夜间', ...context } })
  const { RequestId, ...around } = body
  assert.ok(RequestId)
  const usual = { HttpStatusCode: 200, Success: true, ErrCode: null, ErrMessage: null }
  assert.deepEqual(around, usual)
  assert.notEqual(before, '夜间')
  assert.deepEqual(
    (await groups()).map(({ ComponentType, Description }) => [ComponentType, Description]),
    [
      ['FE', before],
      ['CN', '夜间'],
    ],
  )
  assert.deepEqual(
    (await history()).map(({ OperationType }) => OperationType),
    ['create_cluster'],
  )
  await call(NAME, { query: { NodeGroupId } })
  assert.equal((await group('CN')).Description, '')
})

test('a description outlives the server, and a change that is undone', async (t) => {
  const { cloud, call, id, group, send } = await startInstance(t)
  const { NodeGroupId } = await group('CN')
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await send('ModifyCu', { Target: 16 }, 'CN')
  await call(NAME, { query: { NodeGroupId, Description: 'meanwhile' } })
  cloud.clock.advance(3 * 3_600_000)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await cloud.settle()
  const { Cu, Description } = await group('CN')
  assert.deepEqual([Cu, Description], [8, 'meanwhile'])
  await cloud.close()
  const again = alibabaClient((await startCloud(t, { dataDir: cloud.dataDir })).port)
  const found = await again('DescribeNodeGroups', { query: { ClusterId: id } })
  assert.equal(found.body.Data[1].Description, 'meanwhile')
})

test('a group that is not there, any more or for this region, is not found', async (t) => {
  const { call, id, group } = await startInstance(t)
  const { NodeGroupId } = await group('FE')
  const refusal = (query: Record<string, string>) =>
    refusalOf(call(NAME, { query: { Description: 'x', ...query } }))
  assert.equal((await refusal({})).code, 'MissingNodeGroupId')
  const strange = await refusal({ NodeGroupId: 'ng-0' })
  assert.deepEqual([strange.statusCode, strange.code], [404, 'NodeGroup.NotFound'])
  assert.match(strange.message, /Failed to find node group\[ng-0\]/)
  const elsewhere = await refusal({ NodeGroupId, RegionId: 'cn-shanghai' })
  assert.equal(elsewhere.code, 'NodeGroup.NotFound')
  await call('ReleaseInstance', { query: { InstanceId: id } })
  assert.equal((await refusal({ NodeGroupId })).code, 'NodeGroup.NotFound')
})

test('policies that tell instances apart hold, though the request names none', async (t) => {
  const { cloud, id, group } = await startInstance(t)
  const { NodeGroupId } = await group('CN')
  const [wire] = wires
  const { users, keys, policies } = cloud.identity
  const account = wire!.account
  const action = `sr:${NAME}`
  const asked = async (name: string, text: string) => {
    await users.add({ account, name })
    await policies.add({ account, name, text })
    await users.attach({ account, name, policy: name })
    const { key, secret } = await keys.add({ account, user: name })
    const query = { NodeGroupId, Description: name }
    const call = alibabaClient(cloud.port, { keyId: key.id, secret })
    return call(NAME, { query }).then(
      () => '',
      ({ code }) => code,
    )
  }
  const mine = wire!.resource(account, id)
  const other = wire!.resource(account, 'c-0')
  const only = (resource: string) => wire!.policy([{ effect: 'allow', action, resource }])
  const butNot = (resource: string) =>
    wire!.policy([
      { effect: 'allow', action },
      { effect: 'deny', action, resource },
    ])
  assert.equal(await asked('other', only(other)), 'NodeGroup.NotFound')
  assert.equal(await asked('denied', butNot(mine)), 'NodeGroup.NotFound')
  assert.equal(await asked('mine', only(mine)), '')
  assert.equal((await group('CN')).Description, 'mine')
})
