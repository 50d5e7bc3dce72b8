import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeDiagnosis } from '../../../src/dialect/alibaba/identity/access-denied.ts'
import { alibaba } from '../../../src/dialect/alibaba/dialect.ts'
import { parsePolicy } from '../../../src/dialect/alibaba/identity/policy-language.ts'
import type { WireRequest } from '../../../src/gateway/dialect.ts'
import { createBody } from '../../support/http/alibaba-client.ts'
import {
  ACCOUNT,
  DIAGNOSIS_KEY,
  alibabaGate,
  credential,
  rootPrincipal,
  userPrincipal,
} from '../../support/http/alibaba-gate.ts'
import { startCloud } from '../../support/fixture/cloud.ts'

const DESCRIBE = '/webapi/starrocks/describeInstances'
const json = { 'content-type': 'application/json' }

function wire(members: Partial<WireRequest>): WireRequest {
  return {
    method: 'POST',
    path: '/',
    query: '',
    headers: {},
    body: new Uint8Array(),
    remoteAddress: '127.0.0.1',
    httpVersion: '1.1',
    secure: false,
    ...members,
  }
}

function policy(statement: object) {
  return parsePolicy('test', JSON.stringify({ Version: '1', Statement: [statement] }))
}

test('a request is recognised by its path, its headers or its Authorization, and by nothing else', () => {
  const { recognises } = alibaba()
  const authorization = (value: string) => ({ headers: { authorization: value } })
  assert.ok(recognises(wire({ path: '/webapi/anything' })))
  assert.ok(recognises(wire({ headers: { 'x-acs-action': 'X' } })))
  assert.ok(recognises(wire(authorization('ACS3-HMAC-SHA256 Credential=a'))))
  assert.ok(recognises(wire(authorization('acs a:b'))))
  assert.ok(!recognises(wire({})))
  assert.ok(!recognises(wire({ headers: { 'x-tc-action': 'X' } })))
  assert.ok(!recognises(wire(authorization('TC3-HMAC-SHA256 Credential=a'))))
  assert.ok(!recognises(wire({ path: '/webapi' })))
})

test('Chinese is spoken to whom asks for it, English to everybody else', () => {
  const { language } = alibaba()
  const asking = (value: string) => language(wire({ headers: { 'accept-language': value } }))
  assert.deepEqual(['zh-CN,zh;q=0.9', 'zh', 'en-US', 'zhx'].map(asking), ['zh', 'zh', 'en', 'en'])
  assert.equal(language(wire({})), 'en')
})

test('the region comes from the parameter, else from the endpoint, else it is any', () => {
  const { region } = alibaba()
  const endpoint = wire({ headers: { host: 'starrocks.cn-beijing.aliyuncs.com' } })
  assert.equal(region(endpoint, { regionid: 'cn-hangzhou' }), 'cn-hangzhou')
  assert.equal(region(endpoint, {}), 'cn-beijing')
  assert.equal(region(wire({ headers: { host: '127.0.0.1:80' } }), {}), '')
  assert.equal(region(wire({}), { RegionId: 'x'.repeat(100) }).length, 64)
})

test('the newer and the older signature are both accepted, with and without an action header', async (t) => {
  const gate = alibabaGate(await startCloud(t))
  for (const signature of ['acs3', 'roa'] as const) {
    for (const action of [undefined, 'DescribeInstances']) {
      const named = action === undefined ? {} : { headers: { 'x-acs-action': action } }
      const answer = await gate.send({ path: DESCRIBE, signature, ...named })
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
      assert.equal(answer.headers['content-type'], 'application/json;charset=utf-8')
      assert.equal(
        answer.headers['x-acs-trace-id'],
        answer.body.RequestId.replaceAll('-', '').toLowerCase(),
      )
    }
  }
})

test("Terraform's habits are accepted: an empty object for a body, and a region everywhere", async (t) => {
  const cloud = await startCloud(t)
  const gate = alibabaGate(cloud)
  const send = (path: string, parameters: Record<string, string>, body: object = {}) =>
    gate.send({
      path,
      parameters: { ...parameters, RegionId: 'cn-hangzhou' },
      headers: json,
      body: JSON.stringify(body),
      signature: 'roa',
    })
  const unset = { cu: 0, storageSize: 0, diskNumber: 0, residentNodeNumber: 0, specType: '' }
  const created = await send(
    '/webapi/cluster/createV1',
    {},
    createBody({
      clientToken: 'TF-/webapi/cluster/createV1-1-2',
      BackendNodeGroups: [{ ...unset, storagePerformanceLevel: '', zoneId: '' }],
    }),
  )
  assert.equal(created.status, 200, JSON.stringify(created.body))
  const { InstanceId } = created.body.Data
  await cloud.settle()
  const name = { InstanceId, ClusterName: 'tfaccstarrocks12345' }
  assert.equal((await send('/webapi/cluster/update_name', name)).body.Data, true)
  const group = { InstanceId, NewResourceGroupId: 'rg-aekzllkih7jqxxx', ResourceType: 'instance' }
  assert.equal((await send('/webapi/resourceGroup/change', group)).body.Data, true)
  const [read] = (await send(DESCRIBE, { InstanceId })).body.Data
  assert.equal(read.InstanceStatus, 'running')
  const groups = await send(
    '/webapi/nodegroup/describeNodeGroups',
    { ClusterId: InstanceId },
    { ClusterId: InstanceId, RegionId: 'cn-hangzhou', nodeGroupIds: null },
  )
  const [, compute] = groups.body.Data
  assert.deepEqual([compute.Cu, compute.ResidentNodeNumber, compute.DiskNumber], [8, 3, 1])
  assert.equal((await send('/webapi/cluster/release', { InstanceId })).body.Data, true)
})

test('temporary keys are accepted with their token, in both signatures', async (t) => {
  const cloud = await startCloud(t)
  const temporary = { sessionToken: 'token==', expiresMs: cloud.clock.wall() + 60_000 }
  const gate = alibabaGate(cloud, {
    credentials: [credential('STS.ak', rootPrincipal, temporary)],
  })
  for (const signature of ['acs3', 'roa'] as const) {
    const answer = await gate.send({ path: DESCRIBE, keyId: 'STS.ak', token: 'token==', signature })
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
  }
})

test('policies decide about users: by action, by instance, by tag and resource group of the request', async (t) => {
  const cloud = await startCloud(t)
  const root = credential('rootAk', rootPrincipal)
  const first = alibabaGate(cloud, { credentials: [root] })
  const creating = { path: '/webapi/cluster/createV1', headers: json }
  const created = await first.send({
    ...creating,
    keyId: 'rootAk',
    body: JSON.stringify(createBody()),
  })
  const id: string = created.body.Data.InstanceId
  const users: Readonly<Record<string, object>> = {
    reader: { Effect: 'Allow', Action: 'starrocks:Describe*', Resource: '*' },
    owner: {
      Effect: 'Allow',
      Action: 'sr:*',
      Resource: `acs:sr:cn-hangzhou:${ACCOUNT}:instance/${id}`,
    },
    tagger: {
      Effect: 'Allow',
      Action: 'sr:CreateInstanceV1',
      Resource: '*',
      Condition: { StringEquals: { 'acs:RequestTag/team': ['data'] } },
    },
    grouped: {
      Effect: 'Allow',
      Action: 'sr:CreateInstanceV1',
      Resource: '*',
      Condition: { StringEquals: { 'acs:ResourceGroupId': ['rg-mine'] } },
    },
  }
  const gate = alibabaGate(cloud, {
    credentials: Object.entries(users).map(([name, statement]) =>
      credential(name, userPrincipal(name, [policy(statement)])),
    ),
  })
  const status = async (keyId: string, path: string, it: Record<string, unknown>) =>
    (await gate.send({ path, keyId, headers: json, body: JSON.stringify(it) })).status
  const release = '/webapi/cluster/release'
  const create = creating.path
  assert.equal(await status('reader', DESCRIBE, {}), 200)
  assert.equal(await status('reader', release, { InstanceId: id }), 403)
  assert.equal(await status('owner', DESCRIBE, { InstanceId: id }), 200)
  assert.equal(await status('owner', DESCRIBE, { InstanceId: 'c-0' }), 403)
  assert.equal(await status('owner', release, { InstanceId: 'c-0' }), 403)
  const tagged = createBody({ Tags: [{ Key: 'team', Value: 'data' }] })
  assert.equal(await status('tagger', create, tagged), 200)
  assert.equal(await status('tagger', create, createBody()), 403)
  assert.equal(await status('grouped', create, createBody({ ResourceGroupId: 'rg-mine' })), 200)
  assert.equal(await status('grouped', create, createBody()), 403)
})

test('a denial says why, in a message that only this installation can read', async (t) => {
  const deny = policy({ Effect: 'Deny', Action: 'sr:DescribeInstances', Resource: '*' })
  const role = { ...userPrincipal('ops/session', []), kind: 'role' } as const
  const gate = alibabaGate(await startCloud(t), {
    credentials: [credential('userAk', userPrincipal('alice', [deny])), credential('roleAk', role)],
  })
  const explicit = (await gate.send({ path: DESCRIBE, keyId: 'userAk' })).body.AccessDeniedDetail
  assert.equal(explicit.NoPermissionType, 'ExplicitDeny')
  assert.equal(explicit.AuthPrincipalType, 'SubUser')
  assert.equal(explicit.AuthPrincipalDisplayName, '20005')
  assert.equal(explicit.AuthPrincipalOwnerId, ACCOUNT)
  assert.equal(explicit.AuthAction, 'sr:DescribeInstances')
  const diagnosis = decodeDiagnosis(explicit.EncodedDiagnosticMessage, DIAGNOSIS_KEY)
  assert.equal(diagnosis?.policy, 'test')
  assert.equal(diagnosis?.deniedResource, `acs:sr:cn-hangzhou:${ACCOUNT}:*`)
  const implicit = (await gate.send({ path: DESCRIBE, keyId: 'roleAk' })).body.AccessDeniedDetail
  assert.equal(implicit.NoPermissionType, 'ImplicitDeny')
  assert.equal(implicit.AuthPrincipalType, 'AssumedRoleUser')
  assert.equal(implicit.AuthPrincipalDisplayName, 'ops:session')
})

test('a burst is throttled, each action by itself', async (t) => {
  const gate = alibabaGate(await startCloud(t), { perSecond: 2 })
  const statuses: string[] = []
  for (let at = 0; at < 30; at++) {
    const { status, body, headers } = await gate.send({ path: DESCRIBE })
    statuses.push(status === 200 ? 'ok' : body.Code)
    if (status !== 200) assert.equal(headers['x-acs-retry-after'], '1000')
  }
  // The clock runs: two in each second pass.
  assert.equal(statuses[0], 'ok')
  assert.ok(statuses.includes('Throttling.User'))
  assert.equal((await gate.send({ path: '/webapi/region/list' })).status, 200)
})

test('a body of another kind, or too large a one, is refused in the form of the service', async (t) => {
  const cloud = await startCloud(t)
  const gate = alibabaGate(cloud)
  const media = await gate.send({
    path: DESCRIBE,
    headers: { 'content-type': 'text/xml' },
    body: '<a/>',
  })
  assert.deepEqual([media.status, media.body.Code], [415, 'UnsupportedMediaType'])
  const cut = await gate.send({ path: DESCRIBE, headers: json, body: '{"RegionId":"cn-' })
  assert.deepEqual([cut.status, cut.body.Code], [400, 'InvalidParameter'])
  const large = await fetch(`${cloud.url}/webapi/cluster/createV1`, {
    method: 'POST',
    headers: json,
    body: `{"InstanceName":"${'x'.repeat(11 * 1024 * 1024)}"}`,
  })
  const body = (await large.json()) as Record<string, unknown>
  assert.equal(large.status, 413)
  assert.equal(body['Code'], 'RequestEntityTooLarge')
  assert.equal(body['ErrCode'], 'RequestEntityTooLarge')
  assert.equal(body['Success'], false)
})
