import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'

import { parseTc3, verifyTc3 } from '../../../../src/dialect/tencent/wire/tc3-signature.ts'
import type { SignedRequest } from '../../../../src/gateway/signed-request.ts'
import { sha256Hex } from '../../../../src/kernel/digest.ts'
import { withHeader, withPart, withoutHeader } from '../../../support/http/mutate.ts'
import { signTc3 } from '../../../support/http/sign.ts'
import type { Tc3ToSign } from '../../../support/http/sign.ts'

const documented: Tc3ToSign = {
  keyId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
  secret: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
  timestamp: 1_551_113_065,
  service: 'cvm',
  host: 'cvm.tencentcloudapi.com',
  action: 'DescribeInstances',
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
}

/** Vector 4 of the reference; 5 to 8 are made from it. */
const emr: Tc3ToSign = {
  keyId: 'AKIDEXAMPLE00000000000000000000000000',
  secret: 'SECRETKEYEXAMPLE0000000000000000',
  timestamp: 1_700_000_000,
  host: 'emr.tencentcloudapi.com',
  body: '{"DisplayStrategy":"clusterList","Offset":0,"Limit":10}',
}

const vectors: Record<string, readonly [Tc3ToSign, string]> = {
  '1 (published)': [documented, '72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168'],
  '2 (published request, signed action in lower case)': [
    { ...documented, alsoSigned: ['x-tc-action'], lowerCaseValues: true },
    '644be983de9a8a3f00db8eadaba61467c3b429e2215758ba897b738ca469fd26',
  ],
  '3 (Node SDK’s own test)': [
    {
      keyId: 'test-secret-id',
      secret: 'test-secret-key',
      timestamp: 1_640_995_200,
      service: 'cvm',
      host: 'cvm.tencentcloudapi.com',
      body: '{"Action":"DescribeInstances","Version":"2017-03-12"}',
    },
    '96473b50fe407833672a5d6d067238d88bb44c8abcc39ef83baa3132afbfadd3',
  ],
  '4 (EMR)': [emr, '0cfd7533d11caaf52713352a7fec47fc4e3b4b75ba24d1362e344f33fe664d7d'],
  '5 (host with a port)': [
    { ...emr, host: 'localhost:8080' },
    '68b3e252193996a8dd9599c8344ea821f5d4a722c5a752a226b5e4807960c5a2',
  ],
  '6 (host with a port, signed without)': [
    { ...emr, host: 'localhost:8080', signedHost: 'localhost' },
    'ea5247a933a023d190fa2745ba7e978d247c6d07941d2decd41b49c40ec1e2bf',
  ],
  '7 (unsigned payload)': [
    { ...emr, unsignedPayload: true },
    'a344ba7b8f44fd1e2a86408b5d59b0e3cc0c23750f91d98b6921fb99032e0bad',
  ],
  '8 (GET)': [
    {
      ...emr,
      method: 'GET',
      parameters: { DisplayStrategy: 'clusterList', Limit: '10', Offset: '0' },
      body: '',
    },
    'e6c2d936b02736302c2342d3cf3a73c31efa6fa3bdad93b03742f064d746e9fb',
  ],
}

function authenticate(request: SignedRequest, secret = emr.secret): void {
  verifyTc3(request, parseTc3(request), secret)
}

function refuses(request: SignedRequest, kind: string, facts: object = {}): void {
  assert.throws(() => authenticate(request), { name: 'SignatureProblem', kind, ...facts })
}

function reauthorized(request: SignedRequest, from: string | RegExp, to: string): SignedRequest {
  return withPart(request, { header: 'authorization' }, (value) => value.replace(from, to))
}

for (const [name, [signing, signature]] of Object.entries(vectors)) {
  test(`vector ${name} verifies and is what the test’s signer makes`, () => {
    const request = signTc3(signing)
    assert.ok(request.headers['authorization']?.endsWith(`Signature=${signature}`))
    const parsed = parseTc3(request)
    assert.equal(parsed.keyId, signing.keyId)
    assert.equal(parsed.signedAtMs, signing.timestamp * 1000)
    assert.equal(parsed.service, signing.service ?? 'emr')
    verifyTc3(request, parsed, signing.secret)
  })
}

test('the documented Authorization header is read as the vendor writes it', () => {
  const request = signTc3({ ...documented, token: 'temporary' })
  assert.equal(
    request.headers['authorization'],
    'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
  )
  assert.deepEqual(parseTc3(request), {
    keyId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
    token: 'temporary',
    signedAtMs: 1_551_113_065_000,
    nonce: undefined,
    timestamp: '1551113065',
    date: '2019-02-25',
    service: 'cvm',
    signedHeaders: ['content-type', 'host'],
    signature: '72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
  })
  authenticate(request, documented.secret)
})

test('a request signed by the vendor’s own SDK verifies', () => {
  const { default: Sign } = createRequire(import.meta.url)(
    'tencentcloud-sdk-nodejs/tencentcloud/common/sign.js',
  ) as { default: { sign3(fields: object): string } }
  for (const method of ['GET', 'POST']) {
    // A client sends the URL as the platform writes it, which encodes some of these characters and leaves others.
    const url = new URL('http://127.0.0.1:8080/')
    if (method === 'GET') url.search = "Limit=10&Name=a%20b!'()*~"
    const body = Buffer.from(method === 'GET' ? '' : '{"Limit":10}')
    const authorization = Sign.sign3({
      method,
      url: url.href,
      payload: body.length === 0 ? '' : body,
      timestamp: emr.timestamp,
      service: '127',
      secretId: emr.keyId,
      secretKey: emr.secret,
      headers: { 'Content-Type': 'application/json' },
    })
    authenticate({
      method,
      path: '/',
      query: url.search.slice(1),
      headers: {
        host: url.host,
        'content-type': 'application/json',
        'x-tc-timestamp': String(emr.timestamp),
        authorization,
      },
      body,
    })
  }
})

test('hosts verify in every form that clients send and sign', () => {
  for (const [host, signedHost] of [
    ['localhost:8080', 'localhost:8080'],
    ['localhost:8080', 'localhost'],
    ['[::1]:8080', '[::1]'],
    ['[::1]', '[::1]'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['EMR.example.com', 'emr.example.com'],
    ['EMR.example.com:443', 'emr.example.com'],
  ] as const) {
    assert.doesNotThrow(() => authenticate(signTc3({ ...emr, host, signedHost })), host)
  }
  refuses(signTc3({ ...emr, host: 'localhost:8080', signedHost: 'localhost:8081' }), 'mismatch')
  refuses(signTc3({ ...emr, host: 'localhost', signedHost: 'localhost:8080' }), 'mismatch')
  refuses(signTc3({ ...emr, host: '[::1]', signedHost: '[:' }), 'mismatch')
})

test('a multipart boundary verifies as it is and in lower case', () => {
  const headers = { 'content-type': 'multipart/form-data; boundary=AbC' }
  authenticate(signTc3({ ...emr, headers }))
  authenticate(signTc3({ ...emr, headers, lowerCaseValues: true }))
})

test('any well-formed service passes, unless the server insists on its own', () => {
  for (const service of ['emr', '127', 'localhost:8080', '[::1]:8080']) {
    const request = signTc3({ ...emr, service })
    authenticate(request)
    assert.equal(parseTc3(request).service, service)
  }
  assert.equal(parseTc3(signTc3(emr), { services: ['emr'] }).service, 'emr')
  assert.throws(() => parseTc3(signTc3({ ...emr, service: 'cvm' }), { services: ['emr'] }), {
    kind: 'malformed',
    facts: { part: 'Authorization', detail: '`Service` in Credential not valid.' },
  })
})

test('the date of the scope is the UTC date of the timestamp', () => {
  const lastSecond = 1_700_006_399
  authenticate(signTc3({ ...emr, timestamp: lastSecond }))
  authenticate(signTc3({ ...emr, timestamp: lastSecond + 1, scopeDate: '2023-11-15' }))
  // What a client in UTC+8 writes that takes its local date.
  refuses(signTc3({ ...emr, timestamp: lastSecond, scopeDate: '2023-11-15' }), 'mismatch')
  refuses(signTc3({ ...emr, timestamp: lastSecond + 1, scopeDate: '2023-11-14' }), 'mismatch')
})

test('what a signature covers cannot be changed', () => {
  const request = signTc3({ ...emr, action: 'DescribeInstances', alsoSigned: ['x-tc-action'] })
  const examples: Record<string, SignedRequest> = {
    method: { ...request, method: 'GET' },
    path: { ...request, path: '//' },
    'a query beside the body': { ...request, query: 'Limit=100' },
    host: withHeader(request, 'host', 'emr.tencentcloudapi.cn'),
    'content type': withHeader(request, 'content-type', 'application/json; charset=utf-8'),
    'signed action': withHeader(request, 'x-tc-action', 'TerminateInstance'),
    timestamp: withHeader(request, 'x-tc-timestamp', '1700000001'),
    'another day': withHeader(request, 'x-tc-timestamp', '1700100000'),
    body: { ...request, body: Buffer.from('{}') },
    'payload declared unsigned': {
      ...request,
      headers: { ...request.headers, 'x-tc-content-sha256': 'UNSIGNED-PAYLOAD' },
    },
    service: reauthorized(request, '/emr/', '/cvm/'),
    'scope date': reauthorized(request, '2023-11-14', '2023-11-15'),
    'one signed header less': reauthorized(request, ';x-tc-action', ''),
    signature: reauthorized(request, /.$/, 'x'),
    'signature in upper case': withPart(request, { header: 'authorization' }, (value) => {
      const at = value.indexOf('Signature=') + 10
      return value.slice(0, at) + value.slice(at).toUpperCase()
    }),
    'half a signature': reauthorized(request, /.{32}$/, ''),
  }
  for (const [name, changed] of Object.entries(examples)) {
    assert.throws(() => authenticate(changed), { kind: 'mismatch' }, name)
  }
  assert.throws(() => authenticate(request, `${emr.secret}0`), { kind: 'mismatch' })
  const get = signTc3({ ...emr, method: 'GET', parameters: { Limit: '10' }, body: '' })
  refuses({ ...get, query: 'Limit=11' }, 'mismatch')
  refuses({ ...get, query: 'Limit=%31%30' }, 'mismatch')
  refuses({ ...get, body: Buffer.from('x') }, 'mismatch')
})

test('an unsigned payload leaves the body free and nothing else', () => {
  const request = signTc3({ ...emr, unsignedPayload: true })
  authenticate({ ...request, body: Buffer.from('anything') })
  refuses(withoutHeader(request, 'x-tc-content-sha256'), 'mismatch')
})

test('a declared digest of the body must be right', () => {
  const declared = sha256Hex(emr.body ?? '')
  authenticate(signTc3({ ...emr, headers: { 'x-tc-content-sha256': declared } }))
  refuses(
    signTc3({ ...emr, headers: { 'x-tc-content-sha256': sha256Hex('') } }),
    'body-hash-mismatch',
  )
})

test('the Authorization header is refused by what is wrong with it', () => {
  const right = signTc3(emr).headers['authorization'] ?? ''
  const id = emr.keyId
  const cases: [string, string, RegExp?][] = [
    ['', 'missing'],
    ['SKIP', 'malformed', /TC3-HMAC-SHA256/],
    ['Basic dGVzdA==', 'malformed', /TC3-HMAC-SHA256/],
    ['ACS3-HMAC-SHA256 Credential=a', 'malformed', /TC3-HMAC-SHA256/],
    ['TC3-HMAC-SHA256', 'malformed'],
    ['TC3-HMAC-SHA256 ', 'malformed'],
    ['TC3-HMAC-SHA256 nonsense', 'malformed', /not recognized/],
    [right.replace('SHA256', 'SM3'), 'algorithm-unknown', /^TC3-HMAC-SM3$/],
    [right.replace(/Credential=[^,]*, /, ''), 'malformed', /`Credential` is missing/],
    [right.replace(/SignedHeaders=[^,]*, /, ''), 'malformed', /`SignedHeaders` is missing/],
    [right.replace(/, Signature=.*/, ''), 'malformed', /`Signature` is missing/],
    [right.replace(/Signature=.*/, 'Signature='), 'malformed', /`Signature` is missing/],
    [`${right}, Signature=1`, 'malformed', /`Signature` is given twice/],
    [`${right}, Extra=1`, 'malformed', /not recognized/],
    [right.replace(`${id}/`, ''), 'malformed', /four parts/],
    [right.replace(`${id}/`, `${id}/x/`), 'malformed', /four parts/],
    [right.replace(id, ''), 'malformed', /`SecretId`/],
    [right.replace(id, 'a'.repeat(129)), 'malformed', /`SecretId`/],
    [right.replace('2023-11-14', '20231114'), 'malformed', /`Date`/],
    [right.replace('/emr/', '//'), 'malformed', /`Service` in Credential not valid\./],
    [right.replace('/emr/', '/e mr/'), 'malformed', /`Service` in Credential not valid\./],
    [right.replace('tc3_request', 'tc4_request'), 'malformed', /tc3_request/],
    [right.replace('content-type;host', 'host'), 'header-unsigned'],
    [right.replace('content-type;host', 'content-type'), 'header-unsigned'],
    [right.replace('content-type;host', 'host;content-type'), 'malformed', /sorted/],
    [right.replace('content-type;host', 'content-type;host;host'), 'malformed', /distinct/],
    [right.replace('content-type;host', 'Content-Type;content-type;host'), 'malformed', /lower/],
    [right.replace('content-type;host', 'content-type;host;x-late'), 'malformed', /not sent/],
    [right.replace('content-type;host', 'constructor;content-type;host'), 'malformed'],
  ]
  for (const [authorization, kind, detail = /(?:)/] of cases) {
    assert.throws(
      () => authenticate(withHeader(signTc3(emr), 'authorization', authorization)),
      (error: { name: string; kind: string; facts: { detail?: string } }) => {
        assert.equal(error.name, 'SignatureProblem', authorization)
        assert.equal(error.kind, kind, authorization)
        assert.match(error.facts.detail ?? '', detail)
        return true
      },
    )
  }
  authenticate(withHeader(signTc3(emr), 'authorization', right.replaceAll(', ', ',')))
})

test('a timestamp is whole seconds', () => {
  refuses(withoutHeader(signTc3(emr), 'x-tc-timestamp'), 'missing', {
    facts: { part: 'X-TC-Timestamp' },
  })
  for (const timestamp of ['0', '-1', '1.5', '01700000000', '1e9', 'now', '1700000000000']) {
    refuses(withHeader(signTc3(emr), 'x-tc-timestamp', timestamp), 'timestamp-malformed')
  }
})
