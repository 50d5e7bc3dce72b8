/** Users, roles and policies as clients of both clouds meet them. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { emr } from 'tencentcloud-sdk-nodejs/tencentcloud/services/emr/index.js'
import { startCloud, type Cloud } from '../support/fixture/cloud.ts'
import { alibabaClient, refusalOf } from '../support/http/alibaba-client.ts'
import { wires, type Key, type Statement, type Wire } from '../support/http/wire.ts'

let made = 0

async function userKey(cloud: Cloud, wire: Wire, statements: readonly Statement[]): Promise<Key> {
  const { users, keys, policies } = cloud.identity
  const { account } = wire
  const name = `user-${made++}`
  await users.add({ account, name })
  await policies.add({ account, name: `of-${name}`, text: wire.policy(statements) })
  await users.attach({ account, name, policy: `of-${name}` })
  const { key, secret } = await keys.add({ account, user: name })
  return { keyId: key.id, secret }
}

/** A role of the account with everything allowed, assumed for a quarter of an hour. */
async function roleKey(cloud: Cloud, wire: Wire): Promise<Required<Key>> {
  const { account } = wire
  await cloud.identity.roles.add({ account, name: 'night', kind: 'normal' })
  await cloud.identity.roles.attach({ account, name: 'night', policy: wire.everything })
  const { session, secret, token } = await cloud.identity.tokens.add({
    account,
    role: 'night',
    session: 'shift',
    lifetimeMs: 900_000,
  })
  return { keyId: session.id, secret, token }
}

/** The words in which each language tells clusters apart by the tag `team`. */
const byTag = (wire: Wire, team: string, qualifier = '') =>
  wire.dialect === 'alibaba'
    ? { StringEquals: { 'acs:ResourceTag/team': team } }
    : { [`${qualifier}string_equal`]: { 'qcs:resource_tag': [`team&${team}`] } }

const listed = async (cloud: Cloud, wire: Wire, key: Key, more: object = {}) => {
  const request =
    wire.dialect === 'alibaba'
      ? { RegionId: wire.region, PageSize: 2, ...more }
      : { DisplayStrategy: 'clusterList', ProjectId: -1, ...more }
  const reply = await wire.send(cloud.port, 'DescribeInstances', request, { key })
  const rows = (reply.body['Data'] ?? reply.body['ClusterList'] ?? []) as Record<string, unknown>[]
  const total = (reply.body['Total'] ?? reply.body['TotalCnt']) as number | undefined
  const names = rows.map((row) =>
    String(row['InstanceName'] ?? row['ClusterName']).replace('named-', ''),
  )
  return { code: reply.code, names, total }
}

const release = (cloud: Cloud, wire: Wire, id: string, key: Key) =>
  wire.send(
    cloud.port,
    wire.dialect === 'alibaba' ? 'ReleaseInstance' : 'TerminateInstance',
    { InstanceId: id },
    { key, region: wire.region },
  )

for (const wire of wires) {
  const title = (sentence: string) => `${wire.dialect}: ${sentence}`

  test(title('a temporary key needs its own token, and ends with its session'), async (t) => {
    const cloud = await startCloud(t)
    const key = await roleKey(cloud, wire)
    const lasting = await userKey(cloud, wire, [{ effect: 'allow', action: '*' }])
    const { token } = wire.refusals
    const code = async (given: Key) => (await listed(cloud, wire, given)).code
    const { keyId, secret } = key
    assert.equal(await code(key), '')
    assert.equal(await code({ keyId, secret }), token.missing)
    const other = key.token.endsWith('a') ? 'b' : 'a'
    const almost = `${key.token.slice(0, -1)}${other}`
    assert.equal(await code({ keyId, secret, token: almost }), token.wrong)
    assert.equal(await code({ keyId, secret, token: 'no token!' }), token.malformed)
    assert.equal(await code({ ...lasting, token: key.token }), token.wrong)
    assert.equal(await code({ ...key, secret: lasting.secret }), wire.refusals.wrongSignature)
    cloud.clock.advance(880_000)
    assert.equal(await code(key), '')
    cloud.clock.advance(21_000)
    assert.equal(await code(key), token.expired)
    assert.equal(await code({ keyId, secret }), token.missing)
  })

  test(
    title('whoever is disabled is refused from the acknowledgement on, and let in again'),
    async (t) => {
      const cloud = await startCloud(t)
      const key = await userKey(cloud, wire, [{ effect: 'allow', action: '*' }])
      const [user] = (await cloud.identity.users.list({ account: wire.account, limit: 1 })).rows
      const named = { account: wire.account, name: user!.document.name }
      const { identity } = cloud
      for (const setStatus of [
        (status: 'active' | 'disabled') => identity.keys.setStatus(key.keyId, status),
        (status: 'active' | 'disabled') => identity.users.setStatus(named, status),
        (status: 'active' | 'disabled') => identity.accounts.setStatus(wire.account, status),
      ] as const) {
        assert.equal((await listed(cloud, wire, key)).code, '')
        await setStatus('disabled')
        assert.equal((await listed(cloud, wire, key)).code, wire.refusals.disabledKey)
        await setStatus('active')
      }
      await identity.accounts.setStatus(wire.account, 'disabled')
      const root = await wire.send(cloud.port, 'DescribeInstances', {}, {})
      assert.equal(root.code, wire.refusals.disabledKey)
    },
  )

  test(
    title('a listing shows what its caller may see, page after page, and counts nothing else'),
    async (t) => {
      const cloud = await startCloud(t)
      const ids = new Map<string, string>()
      for (const [name, tag] of [
        ['b1', 'blue'],
        ['r1', 'red'],
        ['b2', 'blue'],
        ['n1'],
        ['b3', 'blue'],
      ] as const)
        ids.set(name, await wire.create(cloud.port, { name, ...(tag ? { tag } : {}) }))
      await cloud.settle()
      const action = wire.actions.find((each) => each.name === 'DescribeInstances')!.permission
        .action
      const seen = async (...statements: Statement[]) =>
        listed(cloud, wire, await userKey(cloud, wire, statements))
      const all = wire.dialect === 'alibaba' ? ['b3', 'n1'] : ['b3', 'n1', 'b2', 'r1', 'b1']

      const plain = await seen({ effect: 'allow', action })
      assert.deepEqual([plain.names, plain.total], [all, 5])
      const blue = {
        effect: 'allow',
        action,
        condition: byTag(wire, 'blue', 'for_any_value:'),
      } as const
      const blues = await userKey(cloud, wire, [blue])
      const first = await listed(cloud, wire, blues)
      assert.equal(first.total, 3)
      if (wire.dialect === 'alibaba') {
        const second = await listed(cloud, wire, blues, { PageNumber: 2 })
        assert.deepEqual([...first.names, ...second.names], ['b3', 'b2', 'b1'])
      } else assert.deepEqual(first.names, ['b3', 'b2', 'b1'])
      const one = await seen({
        effect: 'allow',
        action,
        resource: wire.resource(wire.account, ids.get('r1')!),
      })
      assert.deepEqual([one.names, one.total], [['r1'], 1])
      const hidden = await seen(
        { effect: 'allow', action: '*' },
        { effect: 'deny', action: '*', resource: wire.resource(wire.account, ids.get('n1')!) },
      )
      assert.equal(hidden.total, 4)
      assert.ok(!hidden.names.includes('n1'))
      const none = await seen({
        effect: 'allow',
        action,
        resource: wire.resource(wire.account, 'none'),
      })
      assert.deepEqual([none.code, none.names, none.total], ['', [], 0])
      const denied = await seen({ effect: 'allow', action: '*' }, { effect: 'deny', action })
      assert.match(denied.code, wire.refusals.denied)
      const foreign = await seen({ effect: 'allow', action, resource: wire.resource('42', '*') })
      assert.deepEqual([foreign.names, foreign.total], [[], 0])
    },
  )

  test(
    title("a policy by tag is judged by the cluster's own tags, at the time of the request"),
    async (t) => {
      const cloud = await startCloud(t)
      const blue = await wire.create(cloud.port, { name: 'blue', tag: 'blue' })
      const red = await wire.create(cloud.port, { name: 'red', tag: 'red' })
      await cloud.settle()
      const key = await userKey(cloud, wire, [
        { effect: 'allow', action: '*', condition: byTag(wire, 'blue') },
      ])
      assert.match((await release(cloud, wire, red, key)).code, wire.refusals.denied)
      assert.match((await release(cloud, wire, 'emr-00000000', key)).code, wire.refusals.denied)
      assert.equal((await release(cloud, wire, blue, key)).code, '')
      await cloud.store.write(async (tx) => {
        const found = (await tx.findById('cluster', red))!
        await tx.save('cluster', found, {
          ...found.document,
          tags: [{ key: 'team', value: 'blue' }],
        })
      })
      assert.equal((await release(cloud, wire, red, key)).code, '')
    },
  )

  test(title('what a request would put on a cluster can be demanded of it'), async (t) => {
    const cloud = await startCloud(t)
    const condition =
      wire.dialect === 'alibaba'
        ? { StringEquals: { 'acs:RequestTag/team': 'blue' } }
        : { string_equal: { 'qcs:request_tag': ['team&blue'] } }
    const key = await userKey(cloud, wire, [{ effect: 'allow', action: '*', condition }])
    const create = (name: string, tag?: string) =>
      wire.create(cloud.port, { name, key, ...(tag === undefined ? {} : { tag }) })
    await assert.rejects(create('none'))
    await assert.rejects(create('red', 'red'))
    assert.ok(await create('blue', 'blue'))
    const all = await listed(cloud, wire, {
      keyId: 'EMRYSDEVELOPMENTKEY',
      secret: 'emrys-development-secret',
    })
    assert.equal(all.total, 1)
  })

  test(
    title('the time and the address of a request are facts that a policy may ask for'),
    async (t) => {
      const cloud = await startCloud(t)
      const until = new Date(cloud.clock.now() + 3_600_000).toISOString()
      const words = (ip: string) =>
        wire.dialect === 'alibaba'
          ? { DateLessThan: { 'acs:CurrentTime': until }, IpAddress: { 'acs:SourceIp': ip } }
          : { date_less_than: { 'qcs:current_time': until }, ip_equal: { 'qcs:ip': ip } }
      const here = await userKey(cloud, wire, [
        { effect: 'allow', action: '*', condition: words('127.0.0.0/8') },
      ])
      const away = await userKey(cloud, wire, [
        { effect: 'allow', action: '*', condition: words('10.0.0.0/8') },
      ])
      const id = await wire.create(cloud.port, { name: 'c' })
      await cloud.settle()
      assert.match((await release(cloud, wire, id, away)).code, wire.refusals.denied)
      cloud.clock.advance(3_600_001)
      assert.match((await release(cloud, wire, id, here)).code, wire.refusals.denied)
      const later = await userKey(cloud, wire, [{ effect: 'allow', action: '*' }])
      assert.equal((await release(cloud, wire, id, later)).code, '')
    },
  )
}

test('the official clients of both clouds work with a temporary key', async (t: TestContext) => {
  const cloud = await startCloud(t)
  const [ram, cam] = wires
  const inRam = await roleKey(cloud, ram!)
  for (const signature of ['v3', 'v2'] as const) {
    const client = alibabaClient(cloud.port, { ...inRam, signature })
    const answer = await client('DescribeInstances', { query: { RegionId: 'cn-hangzhou' } })
    assert.equal(answer.body.Success, true)
  }
  const { token: _, ...without } = inRam
  const refused = await refusalOf(alibabaClient(cloud.port, without)('DescribeInstances'))
  assert.equal(refused.code, 'MissingSecurityToken')
  const inCam = await roleKey(cloud, cam!)
  for (const signMethod of ['TC3-HMAC-SHA256', 'HmacSHA256', 'HmacSHA1'] as const) {
    const client = new emr.v20190103.Client({
      credential: { secretId: inCam.keyId, secretKey: inCam.secret, token: inCam.token },
      region: 'ap-guangzhou',
      profile: {
        signMethod,
        httpProfile: { endpoint: `127.0.0.1:${cloud.port}`, protocol: 'http://' },
      },
    })
    const { TotalCnt } = await client.DescribeInstances({ DisplayStrategy: 'clusterList' })
    assert.equal(TotalCnt, 0)
  }
})

test('a role that may not is named with its session', async (t) => {
  const cloud = await startCloud(t)
  const [ram] = wires
  const { account } = ram!
  await cloud.identity.roles.add({ account, name: 'idle', kind: 'normal' })
  const { session, secret, token } = await cloud.identity.tokens.add({
    account,
    role: 'idle',
    session: 'shift',
  })
  const client = alibabaClient(cloud.port, { keyId: session.id, secret, token })
  const refused = await refusalOf(client('DescribeRegions'))
  assert.equal(refused.code, 'Forbidden.RAM')
  assert.equal(refused.accessDeniedDetail?.['AuthPrincipalType'], 'AssumedRoleUser')
  assert.equal(refused.accessDeniedDetail?.['AuthPrincipalDisplayName'], 'idle:shift')
})

test('alibaba: a policy by resource group is judged by the group that an instance is in', async (t) => {
  const cloud = await startCloud(t)
  const [ram] = wires
  const id = await ram!.create(cloud.port, { name: 'c' })
  await cloud.settle()
  const inGroup = (group: string) =>
    userKey(cloud, ram!, [
      {
        effect: 'allow',
        action: '*',
        condition: { StringEquals: { 'acs:ResourceGroupId': group } },
      },
    ])
  const found = (await cloud.store.read((tx) => tx.findById('cluster', id)))!.document
  const move = (key: Key) =>
    ram!.send(
      cloud.port,
      'ChangeResourceGroup',
      {
        InstanceId: id,
        NewResourceGroupId: 'rg-claimed',
        ResourceType: 'instance',
        RegionId: 'cn-hangzhou',
      },
      { key },
    )
  // Naming the group that one may use does not help with an instance that is in another.
  assert.match((await move(await inGroup('rg-claimed'))).code, ram!.refusals.denied)
  assert.equal((await move(await inGroup(found.resourceGroup))).code, '')
})

test('tencent: a listing without a region judges every cluster in its own', async (t) => {
  const cloud = await startCloud(t)
  const [, cam] = wires
  await cam!.create(cloud.port, { name: 'here' })
  await cloud.settle()
  const seen = async (region: string) => {
    const key = await userKey(cloud, cam!, [
      {
        effect: 'allow',
        action: 'emr:*',
        resource: `qcs::emr:${region}:uin/${cam!.account}:emr-instance/*`,
      },
    ])
    const client = new emr.v20190103.Client({
      credential: { secretId: key.keyId, secretKey: key.secret },
      region: '',
      profile: { httpProfile: { endpoint: `127.0.0.1:${cloud.port}`, protocol: 'http://' } },
    })
    return (await client.DescribeInstancesList({ DisplayStrategy: 'clusterList' })).TotalCnt
  }
  assert.equal(await seen('gz'), 1)
  assert.equal(await seen('ap-beijing'), 0)
})
