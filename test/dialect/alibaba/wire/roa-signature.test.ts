import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'

import {
  parseRoa,
  roaStringsToSign,
  verifyRoa,
} from '../../../../src/dialect/alibaba/wire/roa-signature.ts'
import type { SignedRequest } from '../../../../src/gateway/signed-request.ts'
import { hmac } from '../../../../src/kernel/digest.ts'
import { withHeader, withPart, withoutHeader } from '../../../support/http/mutate.ts'
import { signRoa } from '../../../support/http/sign.ts'
import type { RoaToSign } from '../../../support/http/sign.ts'

const SECRET = 'testSk'

/** The base of the reference's vector R-c. */
const base: RoaToSign = {
  keyId: 'testAk',
  secret: SECRET,
  host: 'starrocks.cn-hangzhou.aliyuncs.com',
  path: '/webapi/cluster/release',
  parameters: { InstanceId: 'c-0123456789abcdef', RegionId: 'cn-hangzhou' },
  date: 'Fri, 02 Jan 2026 03:04:05 GMT',
  nonce: '0123456789abcdef0123456789abcdef',
  headers: { 'content-type': 'application/json; charset=utf-8' },
}

const goSdk: RoaToSign = {
  keyId: 'testAk',
  secret: SECRET,
  host: base.host,
  path: base.path,
  parameters: { InstanceId: 'c-0123456789abcdef' },
  date: base.date,
  contentMd5: true,
  headers: { 'content-type': 'application/octet-stream' },
}

function authenticate(request: SignedRequest, secret = SECRET): void {
  verifyRoa(request, parseRoa(request), secret)
}

function refuses(request: SignedRequest, kind: string, facts: object = {}): void {
  assert.throws(() => authenticate(request), { name: 'SignatureProblem', kind, ...facts })
}

/** The Go SDK's unit tests use a date that is none, so they reach the signature and not the date's parser. */
function goUnitTest(accept: string, digest: string, type: string, body: string): SignedRequest {
  return {
    method: 'GET',
    path: '/users/:user',
    query: '',
    headers: {
      accept,
      'content-md5': digest,
      'content-type': type,
      date: 'mock date',
      'x-acs-signature-method': 'HMAC-SHA1',
      'x-acs-signature-version': '1.0',
      'x-acs-version': '',
    },
    body: Buffer.from(body),
  }
}

function verifyWithoutDate(request: SignedRequest, signature: string, secret: string): void {
  const parsed = { keyId: 'a', token: undefined, signedAtMs: 0, nonce: undefined, signature }
  verifyRoa(request, parsed, secret)
}

test('vector R-a of the Go SDK gives its string and its signature', () => {
  const request = goUnitTest(
    'application/json',
    '1B2M2Y8AsgTpgAmY7PhCfg==',
    'application/octet-stream',
    '',
  )
  const [documented = ''] = roaStringsToSign(request)
  assert.equal(
    documented,
    'GET\napplication/json\n1B2M2Y8AsgTpgAmY7PhCfg==\napplication/octet-stream\nmock date\nx-acs-signature-method:HMAC-SHA1\nx-acs-signature-version:1.0\nx-acs-version:\n/users/:user',
  )
  const signature = 'degLHXLEN6rMojj+bOlK74U9iic='
  assert.equal(hmac('sha1', 'accessKeySecret', documented).toString('base64'), signature)
  verifyWithoutDate(request, signature, 'accessKeySecret')
})

test('vector R-b of the Go SDK gives its string and its signature', () => {
  const request = goUnitTest(
    'application/xml',
    '7xdqbEJPlU+kLUzeA5SYlw==',
    'application/x-www-form-urlencoded',
    'key=value',
  )
  const [documented = ''] = roaStringsToSign(request)
  assert.equal(
    documented,
    'GET\napplication/xml\n7xdqbEJPlU+kLUzeA5SYlw==\napplication/x-www-form-urlencoded\nmock date\nx-acs-signature-method:HMAC-SHA1\nx-acs-signature-version:1.0\nx-acs-version:\n/users/:user',
  )
  const signature = 'U9uA3ftRZKixHPB08Z7Z4GOlpTY='
  assert.equal(hmac('sha1', 'accessKeySecret', documented).toString('base64'), signature)
  verifyWithoutDate(request, signature, 'accessKeySecret')
})

test('vector R-c (as Terraform signs) verifies and is what the test’s signer makes', () => {
  const request = signRoa(base)
  assert.equal(request.headers['authorization'], 'acs testAk:OfaNlT32Nv5bxxh6fjVC350Ljws=')
  const parsed = parseRoa(request)
  assert.equal(parsed.keyId, 'testAk')
  assert.equal(parsed.nonce, base.nonce)
  assert.equal(parsed.signedAtMs, Date.UTC(2026, 0, 2, 3, 4, 5))
  verifyRoa(request, parsed, SECRET)
})

test('a request signed by the vendor’s own SDK verifies', () => {
  const { OpenApiUtil } = createRequire(import.meta.url)('@alicloud/openapi-core') as {
    OpenApiUtil: {
      getStringToSign(request: object): string
      getROASignature(stringToSign: string, secret: string): string
    }
  }
  const parameters = { Name: 'a b+c&é=%', Empty: '', Tag: '["x"]' }
  const request = signRoa({ ...base, parameters, token: 'STS.token==' })
  const stringToSign = OpenApiUtil.getStringToSign({
    method: 'POST',
    pathname: base.path,
    query: parameters,
    headers: request.headers,
  })
  const signature = OpenApiUtil.getROASignature(stringToSign, SECRET)
  assert.equal(request.headers['authorization'], `acs testAk:${signature}`)
  authenticate(request)
  assert.equal(parseRoa(request).token, 'STS.token==')
})

test('the Go SDK’s layout verifies: no nonce, a digest of the body', () => {
  const request = signRoa(goSdk)
  assert.equal(request.headers['content-md5'], '1B2M2Y8AsgTpgAmY7PhCfg==')
  assert.equal(parseRoa(request).nonce, undefined)
  authenticate(request)
})

test('every way in which clients write what is absent verifies', () => {
  const parameters = { Empty: '', InstanceId: 'c-1' }
  const variants: Record<string, RoaToSign> = {
    'key=': { ...base, parameters, emptyValue: '=' },
    key: { ...base, parameters, emptyValue: '' },
    'a trailing question mark': { ...base, parameters: {}, trailingQuestionMark: true },
    'no question mark': { ...base, parameters: {} },
    'empty lines': { ...goSdk, contentMd5: false, absentLine: 'empty' },
    'an omitted line': { ...goSdk, absentLine: 'omitted', headers: { 'content-type': '' } },
    'an omitted line and key': {
      ...goSdk,
      parameters,
      absentLine: 'omitted',
      emptyValue: '',
      headers: { 'content-type': '' },
    },
  }
  for (const [name, variant] of Object.entries(variants)) {
    assert.doesNotThrow(() => authenticate(signRoa(variant)), name)
  }
})

test('a text without lines for what is absent proves nothing where it could be read in two ways', () => {
  const body = '{"a":1}'
  for (const headers of [{ accept: '' }, { accept: '', 'content-type': '' }])
    refuses(signRoa({ ...goSdk, body, absentLine: 'omitted', headers }), 'mismatch')
  refuses(signRoa({ ...goSdk, contentMd5: false, absentLine: 'omitted' }), 'mismatch')
})

test('there are never more than four strings to try', () => {
  const bare = { host: 'a', date: 'd' }
  for (const query of ['', 'A=', 'A=&B&C=1', 'A=%zz', 'A=1']) {
    for (const headers of [
      bare,
      { ...bare, accept: 'a', 'content-md5': 'b', 'content-type': 'c' },
    ]) {
      const request = { method: 'POST', path: '/x', query, headers, body: new Uint8Array() }
      const strings = roaStringsToSign(request)
      assert.ok(strings.length >= 1 && strings.length <= 4, `${query}: ${strings.length}`)
      assert.equal(new Set(strings).size, strings.length)
    }
  }
})

test('the query verifies in any encoding and order, and a stray percent sign breaks nothing', () => {
  const request = signRoa({ ...base, parameters: { Name: 'a b+c', Tag: '["é"]' } })
  authenticate({ ...request, query: 'Tag=%5b%22%c3%a9%22%5d&Name=a+b%2Bc' })
  refuses({ ...request, query: 'Tag=%5b%22%c3%a8%22%5d&Name=a+b%2Bc' }, 'mismatch')
  refuses({ ...request, query: 'Name=%zz' }, 'mismatch')
})

test('tabs in vendor headers count as spaces', () => {
  const request = signRoa({ ...base, headers: { 'x-acs-note': 'a b' } })
  authenticate(withHeader(request, 'x-acs-note', 'a\tb'))
  refuses(withHeader(request, 'x-acs-note', 'a-b'), 'mismatch')
})

test('what a signature covers cannot be changed', () => {
  const request = signRoa({ ...goSdk, body: '{"a":1}', token: 'STS.t', nonce: 'n1' })
  const authorization = (from: string | RegExp, to: string): SignedRequest =>
    withPart(request, { header: 'authorization' }, (value) => value.replace(from, to))
  const examples: Record<string, SignedRequest> = {
    method: { ...request, method: 'PUT' },
    path: { ...request, path: '/webapi/cluster/Release' },
    query: { ...request, query: 'InstanceId=c-0123456789abcdee' },
    'one more parameter': { ...request, query: `${request.query}&Force=true` },
    accept: withHeader(request, 'accept', 'application/xml'),
    date: withHeader(request, 'date', 'Fri, 02 Jan 2026 03:04:06 GMT'),
    'content type': withHeader(request, 'content-type', 'application/json'),
    'content digest': withHeader(request, 'content-md5', '1B2M2Y8AsgTpgAmY7PhCfg=='),
    'no content digest': withoutHeader(request, 'content-md5'),
    nonce: withHeader(request, 'x-acs-signature-nonce', 'n2'),
    'no nonce': withoutHeader(request, 'x-acs-signature-nonce'),
    token: withHeader(request, 'x-acs-security-token', 'STS.u'),
    'one more vendor header': withHeader(request, 'x-acs-late', '1'),
    signature: authorization(/:./, ':!'),
    'half a signature': authorization(/.{14}$/, ''),
  }
  for (const [name, changed] of Object.entries(examples)) {
    assert.throws(() => authenticate(changed), { kind: 'mismatch' }, name)
  }
  refuses({ ...request, body: Buffer.from('{"a":2}') }, 'body-hash-mismatch', {
    facts: { part: 'Content-MD5' },
  })
  assert.throws(() => authenticate(request, 'testSK'), { kind: 'mismatch' })
})

test('a mismatch reports the documented string to sign as readable text', () => {
  const request = signRoa({ ...base, parameters: { Name: 'é' } })
  assert.throws(() => authenticate(request, 'another'), {
    facts: {
      stringToSign:
        'POST\napplication/json\n\napplication/json; charset=utf-8\nFri, 02 Jan 2026 03:04:05 GMT\nx-acs-signature-method:HMAC-SHA1\nx-acs-signature-nonce:0123456789abcdef0123456789abcdef\nx-acs-signature-version:1.0\nx-acs-version:2022-10-19\n/webapi/cluster/release?Name=é',
    },
  })
})

test('the Authorization header is refused by what is wrong with it', () => {
  const request = signRoa(base)
  const cases: [string, string][] = [
    ['', 'missing'],
    ['acs', 'malformed'],
    ['acs ', 'malformed'],
    ['acs testAk', 'malformed'],
    ['acs testAk:', 'malformed'],
    ['acs :c2ln', 'malformed'],
    ['acs a b:c2ln', 'malformed'],
    ['acs testAk:c2 ln', 'malformed'],
    ['ACS testAk:c2ln', 'malformed'],
    ['acs3 testAk:c2ln', 'malformed'],
    ['Basic dGVzdA==', 'malformed'],
    [`acs ${'a'.repeat(129)}:c2ln`, 'malformed'],
    ['acs testAk:c2ln', 'mismatch'],
  ]
  for (const [authorization, kind] of cases) {
    assert.throws(
      () => authenticate(withHeader(request, 'authorization', authorization)),
      { name: 'SignatureProblem', kind },
      authorization,
    )
  }
  refuses(withoutHeader(request, 'authorization'), 'missing', { facts: { part: 'Authorization' } })
})

test('other algorithms, versions and signature types are refused by name', () => {
  const request = signRoa(base)
  for (const [name, value] of [
    ['x-acs-signature-method', 'HMAC-SHA256'],
    ['x-acs-signature-method', 'RSA-SHA256'],
    ['x-acs-signature-version', '2.0'],
    ['x-acs-signature-type', 'BEARERTOKEN'],
  ] as const) {
    refuses(withHeader(request, name, value), 'algorithm-unknown', {
      facts: { part: name, detail: value },
    })
  }
})

test('a date must be written as documented and exist', () => {
  const wrong = [
    '2026-01-02T03:04:05Z',
    'Fri, 02 Jan 2026 03:04:05',
    'Fri, 02 Jan 2026 03:04:05 UTC',
    'Fri, 2 Jan 2026 03:04:05 GMT',
    'Mon, 02 Jan 2026 03:04:05 GMT',
    'Mon, 30 Feb 2026 03:04:05 GMT',
    'Fri, 02 Jan 2026 24:00:00 GMT',
    'mock date',
  ]
  for (const date of wrong) refuses(signRoa({ ...base, date }), 'timestamp-malformed')
  refuses(signRoa({ ...base, date: '' }), 'missing', { facts: { part: 'Date' } })
})

test('a contradicting key id and an endless nonce are refused', () => {
  refuses(signRoa({ ...base, headers: { 'x-acs-accesskey-id': 'otherAk' } }), 'malformed')
  refuses(signRoa({ ...base, nonce: 'n'.repeat(129) }), 'malformed')
})
