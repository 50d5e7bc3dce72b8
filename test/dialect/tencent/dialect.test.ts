import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePolicy } from '../../../src/dialect/tencent/identity/policy-language.ts'
import { tencent } from '../../../src/dialect/tencent/dialect.ts'
import type { Principal } from '../../../src/domain/identity.ts'
import { bodyText, type WireRequest } from '../../../src/gateway/dialect.ts'
import { gateway } from '../../../src/gateway/gateway.ts'
import { createNonceCache } from '../../../src/gateway/nonce-cache.ts'
import { throttle } from '../../../src/gateway/throttle.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { startCloud, type Cloud } from '../../support/fixture/cloud.ts'
import { signTc3, type Tc3ToSign } from '../../support/http/sign.ts'
import {
  ask,
  askV1,
  create,
  KEYS,
  REGION,
  send,
  type Answer,
} from '../../support/http/tencent-client.ts'

const LIST = { DisplayStrategy: 'clusterList' }

function wire(change: Partial<WireRequest>): WireRequest {
  return {
    method: 'POST',
    path: '/',
    query: '',
    headers: {},
    body: new Uint8Array(),
    remoteAddress: '127.0.0.1',
    httpVersion: '1.1',
    secure: false,
    ...change,
  }
}

function sign(cloud: Cloud, change: Partial<Tc3ToSign>) {
  return signTc3({
    ...KEYS,
    host: `127.0.0.1:${cloud.port}`,
    action: 'DescribeInstances',
    region: REGION,
    timestamp: Math.floor(Date.now() / 1000),
    body: JSON.stringify(LIST),
    ...change,
  })
}

test('a request is recognised by its headers or by the names of its parameters, never by guessing', () => {
  const { recognises } = tencent()
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const ours = [
    wire({ headers: { 'x-tc-action': 'DescribeInstances' } }),
    wire({ headers: { authorization: 'TC3-HMAC-SHA256 Credential=a' } }),
    wire({ headers: { 'x-tc-version': '2019-01-03' } }),
    wire({ method: 'GET', query: 'Action=DescribeInstances' }),
    wire({ method: 'GET', query: 'SecretId=a&Signature=b' }),
    wire({ headers: form, body: Buffer.from('Action=DescribeInstances&SecretId=a') }),
  ]
  const others = [
    wire({}),
    wire({ method: 'GET', path: '/_emrys/health' }),
    wire({ method: 'GET', path: '/webapi/cluster', query: 'Action=DescribeInstances' }),
    wire({ method: 'GET', query: 'Action=DescribeInstances&AccessKeyId=a&Signature=b' }),
    wire({ headers: { 'x-acs-action': 'DescribeInstances' } }),
    wire({ headers: { authorization: 'ACS3-HMAC-SHA256 Credential=a' } }),
    wire({ body: Buffer.from('Action=DescribeInstances&SecretId=a') }),
  ]
  for (const request of ours) assert.ok(recognises(request), JSON.stringify(request))
  for (const request of others) assert.ok(!recognises(request), JSON.stringify(request))
})

test('messages follow the requested language, Chinese by default', async (t) => {
  const cloud = await startCloud(t)
  const cases: readonly (readonly [unknown, string, string, string])[] = [
    [
      {},
      'MissingParameter',
      '请求缺少必传参数 `DisplayStrategy` 。',
      'The request is missing a required parameter `DisplayStrategy`.',
    ],
    [
      { ...LIST, X: 1 },
      'UnknownParameter',
      '未定义参数 `X` ',
      'The parameter `X` is not recognized.',
    ],
    [
      { ...LIST, InstanceIds: [1] },
      'InvalidParameter',
      '参数 `InstanceIds.0` 取值类型错误。参数类型应为 `string`',
      'The value type of the parameter `InstanceIds.0` is wrong. It should be `string`.',
    ],
  ]
  for (const [parameters, code, zh, en] of cases) {
    const spoken = [
      [await ask(cloud, 'DescribeInstances', parameters), zh],
      [await ask({ port: cloud.port, language: 'zh-CN' }, 'DescribeInstances', parameters), zh],
      [await ask({ port: cloud.port, language: 'en-US' }, 'DescribeInstances', parameters), en],
    ] as const
    for (const [answer, message] of spoken) {
      assert.equal(answer.code, code)
      assert.ok(answer.message.startsWith(message), answer.message)
    }
  }
  const headers = { 'x-tc-language': 'tlh' }
  const unknown = await ask({ port: cloud.port, headers }, 'DescribeInstances', LIST)
  assert.equal(unknown.code, 'InvalidParameterValue')
  assert.match(unknown.message, /`X-TC-Language`.*zh-CN, en-US/)
})

test('every answer has status 200, exactly application/json and the trace that was sent', async (t) => {
  const cloud = await startCloud(t)
  const trace = '01234567-89ab-cdef-0123-456789abcdef'
  const traced = { port: cloud.port, headers: { 'x-tc-traceid': trace } }
  for (const answer of [
    await ask(traced, 'DescribeInstances', LIST),
    await ask({ ...traced, secret: 'wrong' }, 'DescribeInstances', LIST),
  ]) {
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['content-type'], 'application/json')
    assert.equal(answer.headers['x-tc-traceid'], trace)
    assert.match(String(answer.response['RequestId']), /^[0-9a-f-]{36}$/)
  }
  assert.equal((await ask(cloud, 'DescribeInstances', LIST)).headers['x-tc-traceid'], undefined)
})

test('what is no readable v3 request is refused in the vendor form', async (t) => {
  const cloud = await startCloud(t)
  const multipart = { 'content-type': 'multipart/form-data; boundary=x' }
  const get = { method: 'GET', body: '', parameters: LIST }
  const cases: readonly (readonly [string, RegExp, Partial<Tc3ToSign>])[] = [
    ['InvalidParameter', /not valid JSON/, { body: '{"DisplayStrategy":' }],
    ['InvalidParameter', /not valid JSON/, { body: '' }],
    ['InvalidParameter', /not valid JSON/, { body: Buffer.from([0x7b, 0xff, 0x7d]) }],
    ['InvalidParameter', /JSON object/, { body: '[]' }],
    ['InvalidParameter', /JSON object/, { body: 'null' }],
    ['InvalidParameter', /Content-Type=`multipart\/form-data`/, { headers: multipart }],
    [
      'InvalidParameter',
      /Content-Type=`text\/plain`/,
      { headers: { 'content-type': 'text/plain' } },
    ],
    ['InvalidParameter', /utf-8/, { headers: { 'content-type': 'application/json; charset=gbk' } }],
    ['UnsupportedProtocol', /PUT/, { method: 'PUT' }],
    ['InvalidParameter', /must not have a query/, { parameters: { a: 'b' } }],
    ['InvalidParameter', /contradict/, { ...get, parameters: { 'A.B': '1', A: '2' } }],
    ['RequestSizeLimitExceeded', /32768/, { ...get, parameters: { A: 'x'.repeat(33_000) } }],
    ['InvalidAction', /`Action`/, { path: '/elsewhere' }],
    ['MissingParameter', /`Version`/, { version: '' }],
    ['MissingParameter', /`Action`/, { action: '' }],
    ['InvalidParameterValue', /`X-TC-Region`/, { region: 'mars-1' }],
  ]
  for (const [code, message, change] of cases) {
    const answer = await send(cloud.port, sign(cloud, change))
    assert.equal(answer.status, 200)
    assert.equal(answer.code, code, JSON.stringify(change))
    assert.match(answer.message, message)
  }
  const signed = sign(cloud, { action: 'TerminateInstance', body: '{}' })
  const { 'x-tc-region': _, ...headers } = signed.headers
  const regionless = await send(cloud.port, { ...signed, headers })
  assert.equal(regionless.code, 'MissingParameter')
  assert.match(regionless.message, /`Region`/)
})

test('a body beside a query is refused, and so is a query beside a body', () => {
  const headers = { authorization: 'TC3-HMAC-SHA256', 'content-type': 'application/json' }
  const body = Buffer.from('{}')
  for (const request of [
    wire({ method: 'GET', query: 'A=1', headers, body }),
    wire({ query: 'A=1', headers, body }),
  ])
    assert.throws(() => tencent().parameters(request, {} as never), { code: 'RequestMalformed' })
})

test('a v1 request with broken pairs, times, nonces or methods is refused by name', async (t) => {
  const cloud = await startCloud(t)
  const { port } = cloud
  const raw = (query: string) =>
    send(port, { method: 'GET', path: '/', query, headers: {}, body: new Uint8Array() })
  const fine =
    'Action=DescribeInstances&Version=2019-01-03&Region=ap-guangzhou&SecretId=a&Signature=b'
  const now = Math.floor(Date.now() / 1000)
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['Action=DescribeInstances&Version', 'MissingParameter', /`Version`/],
    [`${fine}&Nonce=1&Timestamp=${now}&loose`, 'InvalidParameter', /Url key and value/],
    [`${fine}&Nonce=1&Timestamp=${now}&a=%G1`, 'InvalidParameter', /percent sign/],
    [`${fine}&Timestamp=${now}`, 'MissingParameter', /`Nonce`/],
    [`${fine}&Nonce=x&Timestamp=${now}`, 'InvalidParameter', /^Parameter `Nonce` type error\.$/],
    [`${fine}&Nonce=1&Timestamp=soon`, 'InvalidParameter', /^Parameter `Timestamp` type error\.$/],
    [`${fine}&Nonce=1`, 'MissingParameter', /`Timestamp`/],
    [
      `${fine}&Nonce=1&Timestamp=${now}&SignatureMethod=MD5`,
      'InvalidParameterValue',
      /`MD5`.*`SignatureMethod`/,
    ],
    [`${fine}&Nonce=1&Timestamp=${now}`, 'AuthFailure.SecretIdNotFound', /SecretId/],
  ]
  for (const [query, code, message] of cases) {
    const answer = await raw(query)
    assert.equal(answer.code, code, query)
    assert.match(answer.message, message)
  }
  const unknown = await askV1({ port, method: 'POST', region: 'mars-1' }, 'DescribeInstances', LIST)
  assert.equal(unknown.code, 'InvalidParameterValue')
  assert.match(unknown.message, /in `Region` is not valid/)
  const large = { ...LIST, Big: 'x'.repeat(1024 * 1024) }
  const tooLarge = await askV1({ port, method: 'POST' }, 'DescribeInstances', large)
  assert.equal(tooLarge.code, 'AuthFailure.SignatureFailure')
  assert.match(tooLarge.message, /exceeding request size limit.*`TC3-HMAC-SHA256`/)
})

test('a v1 nonce may come again: the clients draw them from too few', async (t) => {
  const { port } = await startCloud(t)
  for (const again of [false, true]) {
    const answer = await askV1({ port, method: 'GET', nonce: 7 }, 'DescribeInstances', LIST)
    assert.equal(answer.code, '', `${again ? 'second' : 'first'}: ${answer.message}`)
  }
})

test('a body beyond ten megabytes is refused with the code for it', async (t) => {
  const cloud = await startCloud(t)
  const body = JSON.stringify({ ...LIST, Big: 'x'.repeat(10 * 1024 * 1024) })
  const answer = await send(cloud.port, sign(cloud, { body }))
  assert.equal(answer.status, 200)
  assert.equal(answer.code, 'RequestSizeLimitExceeded')
})

test('a malformed Authorization is refused with what does not conform', async (t) => {
  const cloud = await startCloud(t)
  const good = sign(cloud, {})
  const change = (from: string | RegExp, to: string) =>
    send(cloud.port, {
      ...good,
      headers: {
        ...good.headers,
        authorization: good.headers['authorization']!.replace(from, to),
      },
    })
  const prefix = 'The request `Authorization` header does not conform to tencentcloud standards: '
  for (const [from, to] of [
    ['/emr/', '/e m r/'],
    ['tc3_request', 'tc4_request'],
    ['TC3-HMAC-SHA256', 'TC3-HMAC-SM3'],
    ['TC3-HMAC-SHA256 ', 'SKIP '],
    ['content-type;host', 'host'],
    ['Signature=', 'Signatur='],
  ] as const) {
    const answer = await change(from, to)
    assert.equal(answer.code, 'AuthFailure.InvalidAuthorization', to)
    assert.ok(answer.message.startsWith(prefix), answer.message)
  }
  assert.equal(
    (await change('/emr/', '/e m r/')).message,
    `${prefix}\`Service\` in Credential not valid.`,
  )
})

test('numbers may come as text and flags in any case where nothing is lost', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud, {
    ProductId: '30',
    SupportHA: '0',
    Placement: { Zone: '100003', ProjectId: '0' },
  })
  const { port } = cloud
  for (const ExportDb of ['true', 'True', 'FALSE'] as const) {
    const flat = { InstanceId: id, NodeFlag: 'all', ExportDb, Limit: '2' }
    const answer = await askV1({ port, method: 'GET' }, 'DescribeClusterNodes', flat)
    assert.equal((answer.response['NodeList'] as unknown[]).length, 2)
  }
  const lossy = await ask(cloud, 'DescribeInstances', { ...LIST, Limit: '1.5' })
  assert.equal(lossy.code, 'InvalidParameter')
})

test('a sub-user may do what its policies allow, and its refusals name what it may not', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud)
  const unseen = await create(cloud)
  const allow = {
    version: '2.0',
    statement: [
      {
        effect: 'allow',
        action: ['emr:DescribeInstances'],
        resource: [`qcs::emr:gz:uin/100000000001:emr-instance/${id}`],
      },
    ],
  }
  const gate = gateFor(cloud, {
    account: '100000000001',
    tenant: '1250000001',
    kind: 'user',
    id: '100000000042',
    name: 'sub',
    policies: [parsePolicy('test', JSON.stringify(allow))],
  })
  const named = await gate('DescribeInstances', { ...LIST, InstanceIds: [id] })
  assert.equal(named.response['TotalCnt'], 1)
  const all = await gate('DescribeInstances', LIST)
  assert.equal(all.response['TotalCnt'], 1, 'a listing shows what the caller may see')
  const other = await gate('DescribeInstances', { ...LIST, InstanceIds: [unseen] })
  assert.equal(other.code, 'UnauthorizedOperation.CheckCamAuth')
  const terminate = await gate('TerminateInstance', { InstanceId: id })
  assert.equal(
    terminate.message,
    `you are not authorized to perform operation (emr:TerminateInstance) resource (qcs::emr:ap-guangzhou:uin/100000000001:emr-instance/${id}) has no permission`,
  )
})

test('beyond the documented number of requests in a second, the excess is refused with its count', async (t) => {
  const cloud = await startCloud(t, { config: { requestsPerSecond: 2 } })
  let limited: Answer | undefined
  for (let sent = 0; sent < 50 && !limited; sent++) {
    const answer = await ask(cloud, 'DescribeInstances', LIST)
    if (answer.code !== '') limited = answer
  }
  assert.equal(limited?.code, 'RequestLimitExceeded')
  assert.match(limited?.message ?? '', /equals to `3` in a second.*frequency limit `2`/)
})

/** Requests of a principal of one's own, through a gateway over the same core. */
function gateFor(cloud: Cloud, principal: Principal) {
  const dialect = tencent()
  const gate = gateway({
    core: cloud.core,
    clock: cloud.clock,
    random: cloud.core.random,
    log: silentLogger(),
    credentials: async (_dialect, keyId) => ({ keyId, secret: 'secret', active: true, principal }),
    nonces: createNonceCache({ windowMs: 1000 }),
    throttle: throttle(0),
    onHandled: () => undefined,
  })
  return async (action: string, parameters: unknown) => {
    const body = JSON.stringify(parameters)
    const signed = sign(cloud, { keyId: 'AKIDTEST', secret: 'secret', action, body })
    const { headers } = signed
    const answer = await gate.handle(dialect, wire({ headers, body: signed.body }))
    const { Response: response } = JSON.parse(bodyText(answer)) as {
      Response: Record<string, unknown> & { Error?: { Code: string; Message: string } }
    }
    return { response, code: response.Error?.Code ?? '', message: response.Error?.Message ?? '' }
  }
}
