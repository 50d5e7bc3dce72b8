import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createRequire } from 'node:module'
import { test } from 'node:test'

import type { SignedRequest } from '../../../../src/gateway/signed-request.ts'
import { parseAcs3, verifyAcs3 } from '../../../../src/dialect/alibaba/wire/acs3-signature.ts'
import { sha256Hex } from '../../../../src/kernel/digest.ts'
import { withHeader, withPart, withoutHeader } from '../../../support/http/mutate.ts'
import { signAcs3 } from '../../../support/http/sign.ts'
import type { Acs3ToSign } from '../../../support/http/sign.ts'

const SECRET = 'testSk'

/** The base of the reference's own vectors V3-b and V3-c. */
const base: Acs3ToSign = {
  keyId: 'testAk',
  secret: SECRET,
  host: 'starrocks.cn-hangzhou.aliyuncs.com',
  path: '/webapi/starrocks/describeInstances',
  parameters: {
    RegionId: 'cn-hangzhou',
    InstanceStatus: 'running,creating',
    PageSize: '10',
    Tag: '[{"Key":"k1","Value":"v1"}]',
  },
  action: 'DescribeInstances',
  date: '2026-01-02T03:04:05Z',
  nonce: '0123456789abcdef0123456789abcdef',
}

const withBody: Acs3ToSign = {
  ...base,
  path: '/webapi/cluster/createV1',
  parameters: {},
  action: 'CreateInstanceV1',
  body: '{"RegionId":"cn-hangzhou","InstanceName":"c1"}',
  token: 'STS.token==',
}

/** Parse, look up, verify: as the server does, with one known key. */
function authenticate(request: SignedRequest, secret = SECRET, knownKey = 'testAk'): void {
  const parsed = parseAcs3(request)
  assert.equal(parsed.keyId, knownKey)
  verifyAcs3(request, parsed, secret)
}

function withAuthorization(
  request: SignedRequest,
  from: string | RegExp,
  to: string,
): SignedRequest {
  return withPart(request, { header: 'authorization' }, (value) => value.replace(from, to))
}

function refuses(request: SignedRequest, kind: string, facts: object = {}): void {
  assert.throws(() => authenticate(request), { name: 'SignatureProblem', kind, ...facts })
}

test('the vendor’s published vector V3-a verifies', () => {
  const request: SignedRequest = {
    method: 'POST',
    path: '/',
    query: 'ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai',
    headers: {
      host: 'ecs.cn-shanghai.aliyuncs.com',
      'x-acs-action': 'RunInstances',
      'x-acs-version': '2014-05-26',
      'x-acs-date': '2023-10-26T10:22:32Z',
      'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
      'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      authorization:
        'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    },
    body: new Uint8Array(),
  }
  const parsed = parseAcs3(request)
  assert.equal(parsed.keyId, 'YourAccessKeyId')
  assert.equal(parsed.nonce, '3156853299f313e23d1673dc12e1703d')
  assert.equal(parsed.token, undefined)
  assert.equal(parsed.signedAtMs, Date.UTC(2023, 9, 26, 10, 22, 32))
  verifyAcs3(request, parsed, 'YourAccessKeySecret')
  // The hash that the vendor publishes is what a client with a wrong secret gets to see.
  assert.throws(() => verifyAcs3(request, parsed, 'another'), {
    kind: 'mismatch',
    facts: {
      stringToSign:
        'ACS3-HMAC-SHA256\n7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259',
    },
  })
})

test('vector V3-b (query with JSON) verifies and is what the test’s signer makes', () => {
  const request = signAcs3(base)
  assert.equal(
    request.query,
    'InstanceStatus=running%2Ccreating&PageSize=10&RegionId=cn-hangzhou&Tag=%5B%7B%22Key%22%3A%22k1%22%2C%22Value%22%3A%22v1%22%7D%5D',
  )
  assert.match(
    request.headers['authorization'] ?? '',
    /Signature=9e4ab5686e9adda86a994a2856042025f2b537bcbf2a228f69f2ea67c5a564d1$/,
  )
  authenticate(request)
})

test('vector V3-c (temporary credentials and a body) verifies and yields the token', () => {
  const request = signAcs3({ ...withBody, headers: { accept: 'application/json' } })
  assert.equal(
    request.headers['authorization'],
    'ACS3-HMAC-SHA256 Credential=testAk,SignedHeaders=content-type;host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version,Signature=ffc077b84c25f38e2970d88615bdd33c4d8785a10bcb769307057731390e945e',
  )
  assert.equal(
    sha256Hex(request.body),
    '2a49427d705bbc45d2dfcaa72a4aec6930b694731d9f71b03ebb371a43863d2b',
  )
  assert.equal(parseAcs3(request).token, 'STS.token==')
  authenticate(request)
})

test('a request signed by the vendor’s own SDK verifies', () => {
  const { OpenApiUtil } = createRequire(import.meta.url)('@alicloud/openapi-core') as {
    OpenApiUtil: {
      getAuthorization(
        request: object,
        algorithm: string,
        payload: string,
        keyId: string,
        secret: string,
      ): string
    }
  }
  const request = signAcs3({
    ...withBody,
    parameters: { Filter: 'a*b ~(é)\'!"+&=/', Empty: '', '0': 'digit' },
  })
  const authorization = OpenApiUtil.getAuthorization(
    {
      method: 'POST',
      pathname: withBody.path,
      query: { Filter: 'a*b ~(é)\'!"+&=/', Empty: '', '0': 'digit' },
      headers: request.headers,
    },
    'ACS3-HMAC-SHA256',
    request.headers['x-acs-content-sha256'] ?? '',
    'testAk',
    SECRET,
  )
  assert.equal(authorization, request.headers['authorization'])
  authenticate(request)
})

test('the same query verifies in every encoding that clients send', () => {
  const parameters = { Name: 'a b*c~d(e)é+f/g', Empty: '', Tag: '["x"]' }
  const request = signAcs3({ ...base, parameters })
  const encodings = {
    'as the platform’s URLSearchParams writes it': new URLSearchParams(parameters).toString(),
    'as encodeURIComponent writes it': Object.entries(parameters)
      .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
      .join('&'),
    'in lower-case hexadecimal': request.query.replace(/%../g, (byte) => byte.toLowerCase()),
    'with a key without =': request.query.replace('Empty=', 'Empty'),
    'with more encoded than needed': request.query.replace('Name=a', '%4Eame=%61'),
    'in another order': request.query.split('&').toReversed().join('&'),
    'with empty pieces': `&${request.query}&&`,
  }
  for (const [name, query] of Object.entries(encodings)) {
    assert.notEqual(query, request.query, name)
    assert.doesNotThrow(() => authenticate({ ...request, query }), name)
  }
})

test('a client that signs what it literally sends verifies', () => {
  // Signed with a literal `*` and `'`, which RFC 3986 would have encoded; `[0]` is not encoded in the key.
  const request = signLiterally('/webapi/tags/~a*b', "Tag[0]=it's*&Zone=a%2fb")
  authenticate(request)
  refuses({ ...request, query: "Tag[0]=it's*&Zone=a%2fc" }, 'mismatch')
})

test('a query that cannot be decoded is compared as it was sent, and nothing else goes wrong', () => {
  authenticate(signLiterally('/webapi/x', 'Name=100%'))
  authenticate(signLiterally('/webapi/%zz', 'Name=%e'))
  refuses({ ...signAcs3(base), query: 'Name=%zz' }, 'mismatch')
  refuses({ ...signAcs3(base), path: '/webapi/%' }, 'mismatch')
})

test('bytes that are not UTF-8 are distinguished', () => {
  const request = signLiterally('/webapi/x', 'Name=%FF')
  authenticate(request)
  refuses({ ...request, query: 'Name=%FE' }, 'mismatch')
})

test('values of a repeated key keep their order', () => {
  const request = signLiterally('/webapi/x', 'A=2&A=1&B=0')
  authenticate(request)
  authenticate({ ...request, query: 'B=0&A=2&A=1' })
  refuses({ ...request, query: 'A=1&A=2&B=0' }, 'mismatch')
})

test('a path verifies in other encodings, but its slashes stay its own', () => {
  const request = signAcs3({ ...base, path: '/webapi/~tags' })
  authenticate({ ...request, path: '/webapi/%7Etags' })
  authenticate({ ...request, path: '/webapi/%7etags' })
  refuses({ ...request, path: '/webapi%2F~tags' }, 'mismatch')
  refuses({ ...request, path: '/webapi/~tags/' }, 'mismatch')
})

test('a header with bytes beyond ASCII is verified byte by byte', () => {
  const asSent = Buffer.from('é').toString('latin1')
  const request = signAcs3({ ...base, headers: { 'x-acs-note': 'é' } })
  authenticate(withHeader(request, 'x-acs-note', asSent))
  refuses(withHeader(request, 'x-acs-note', Buffer.from('è').toString('latin1')), 'mismatch')
})

test('what a signature covers cannot be changed', () => {
  const request = signAcs3(withBody)
  const examples: Record<string, SignedRequest> = {
    method: { ...request, method: 'PUT' },
    path: { ...request, path: '/webapi/cluster/createV2' },
    query: { ...request, query: 'RegionId=cn-beijing' },
    host: withHeader(request, 'host', 'starrocks.cn-beijing.aliyuncs.com'),
    'content type': withHeader(request, 'content-type', 'application/json'),
    action: withHeader(request, 'x-acs-action', 'ReleaseInstance'),
    date: withHeader(request, 'x-acs-date', '2026-01-02T03:04:06Z'),
    nonce: withHeader(request, 'x-acs-signature-nonce', 'f123456789abcdef0123456789abcdef'),
    token: withHeader(request, 'x-acs-security-token', 'STS.token=A'),
    'body hash': withHeader(request, 'x-acs-content-sha256', sha256Hex('{}')),
    signature: withAuthorization(request, 'Signature=f', 'Signature=e'),
    'signature in upper case': withAuthorization(request, 'Signature=ff', 'Signature=FF'),
    'half a signature': withAuthorization(request, /[0-9a-f]{32}$/, ''),
  }
  for (const [name, changed] of Object.entries(examples)) {
    assert.throws(() => authenticate(changed), { kind: 'mismatch' }, name)
  }
  refuses({ ...request, body: Buffer.from('{}') }, 'body-hash-mismatch', {
    facts: { part: 'x-acs-content-sha256' },
  })
  assert.throws(() => authenticate(request, 'testSK'), { kind: 'mismatch' })
})

test('a wrong signature is found before the body is hashed', () => {
  const request = signAcs3(withBody)
  refuses({ ...request, method: 'PUT', body: Buffer.from('{}') }, 'mismatch')
})

test('the Authorization header is refused by what is wrong with it', () => {
  const request = signAcs3(base)
  const right = request.headers['authorization'] ?? ''
  const cases: [string, string][] = [
    ['', 'missing'],
    ['   ', 'missing'],
    ['Basic dGVzdA==', 'malformed'],
    ['acs testAk:c2lnbmF0dXJl', 'malformed'],
    ['ACS3-HMAC-SHA256', 'malformed'],
    ['ACS3-HMAC-SHA256 ', 'malformed'],
    ['acs3-hmac-sha256 Credential=a,SignedHeaders=host,Signature=b', 'malformed'],
    ['ACS3-HMAC-SHA256 Credential=a', 'malformed'],
    ['ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host', 'malformed'],
    ['ACS3-HMAC-SHA256 Credential=a,Signature=b,SignedHeaders=host', 'malformed'],
    ['ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=b', 'malformed'],
    ['ACS3-HMAC-SHA256 Credential=a b,SignedHeaders=host,Signature=b', 'malformed'],
    [`ACS3-HMAC-SHA256 Credential=${'a'.repeat(129)},SignedHeaders=host,Signature=b`, 'malformed'],
    ['ACS3-HMAC-SHA256 Credential=a,SignedHeaders=,Signature=b', 'malformed'],
    ['ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=', 'malformed'],
    ['ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host;host,Signature=b', 'malformed'],
    ['ACS3-HMAC-SHA256 Credential=a,SignedHeaders=x-acs-date;host,Signature=b', 'malformed'],
    ['ACS3-HMAC-SHA256 Credential=a,SignedHeaders=Host,Signature=b', 'malformed'],
    [`${right},More=1`, 'malformed'],
    [right.replace('ACS3-HMAC-SHA256', 'ACS3-HMAC-SM3'), 'algorithm-unknown'],
    [right.replace('ACS3-HMAC-SHA256', 'ACS3-RSA-SHA256'), 'algorithm-unknown'],
    ['ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=b', 'header-unsigned'],
    [right.replace('host;', ''), 'header-unsigned'],
    [right.replace('SignedHeaders=', 'SignedHeaders=constructor;'), 'missing'],
    [right.replace('SignedHeaders=', 'SignedHeaders=content-type;'), 'missing'],
  ]
  for (const [authorization, kind] of cases) {
    assert.throws(
      () => authenticate(withHeader(request, 'authorization', authorization)),
      { name: 'SignatureProblem', kind },
      authorization,
    )
  }
  authenticate(withHeader(request, 'authorization', right.replaceAll(',', ', ')))
  refuses(withoutHeader(request, 'authorization'), 'missing', { facts: { part: 'Authorization' } })
})

test('every vendor header, the host and the content type must be signed', () => {
  const request = signAcs3(base)
  for (const name of ['x-acs-security-token', 'x-acs-region-id', 'content-type']) {
    refuses(withHeader(request, name, 'late'), 'header-unsigned', { facts: { part: name } })
  }
  refuses(withAuthorization(request, 'host;', ''), 'header-unsigned', { facts: { part: 'host' } })
  // The agent's name and others are free.
  authenticate(withHeader(request, 'user-agent', 'anything'))
})

test('the headers a signature is made of are required', () => {
  const request = signAcs3(base)
  for (const name of ['x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256']) {
    refuses(withoutHeader(request, name), 'missing', { facts: { part: name } })
    refuses(withHeader(request, name, ''), 'missing', { facts: { part: name } })
  }
  refuses(withoutHeader(request, 'host'), 'missing', { facts: { part: 'host' } })
  refuses(withHeader(request, 'x-acs-signature-nonce', 'n'.repeat(129)), 'malformed')
})

test('a date must be written as documented and exist', () => {
  const wrong = [
    'Fri, 02 Jan 2026 03:04:05 GMT',
    '2026-01-02',
    '2026-01-02T03:04:05',
    '2026-01-02T03:04:05.000Z',
    '2026-01-02T03:04:05+00:00',
    '2026-02-30T03:04:05Z',
    '2026-01-02T24:00:00Z',
    '2026-13-02T03:04:05Z',
    '2026-01-02T03:60:05Z',
    '20260102T030405Z',
    '1767323045',
  ]
  for (const date of wrong) refuses(signAcs3({ ...base, date }), 'timestamp-malformed')
  authenticate(signAcs3({ ...base, date: '2024-02-29T23:59:59Z' }))
})

test('bearer tokens and contradicting key ids are refused', () => {
  const bearer = { 'x-acs-signature-type': 'BEARERTOKEN', 'x-acs-bearer-token': 'abc' }
  refuses({ ...signAcs3(base), headers: { ...bearer, host: 'a' } }, 'algorithm-unknown', {
    facts: { part: 'x-acs-signature-type', detail: 'BEARERTOKEN' },
  })
  refuses(signAcs3({ ...base, headers: { 'x-acs-accesskey-id': 'otherAk' } }), 'malformed')
})

test('no problem carries the secret or the token in its message', () => {
  const request = withHeader(signAcs3(withBody), 'x-acs-action', 'Other')
  assert.throws(
    () => authenticate(request),
    (error: Error) => !/testSk|STS\.token/.test(`${error.message}${error.stack}`),
  )
})

/** Signs path and query as they are; the test's signer always encodes. */
function signLiterally(path: string, query: string): SignedRequest {
  const placeholder = signAcs3({ ...base, parameters: {}, path })
  const parsed = parseAcs3(placeholder)
  const lines = parsed.signedHeaders.map((name) => `${name}:${placeholder.headers[name]}`)
  const canonical = [
    'POST',
    path,
    query,
    ...lines,
    '',
    parsed.signedHeaders.join(';'),
    parsed.bodyHash,
  ]
  const digest = sha256Hex(canonical.join('\n'))
  const signature = createHmac('sha256', SECRET).update(`ACS3-HMAC-SHA256\n${digest}`).digest('hex')
  return {
    ...withAuthorization(placeholder, parsed.signature, signature),
    query,
  }
}
