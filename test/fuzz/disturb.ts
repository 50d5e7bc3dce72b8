/** Changes of the wire around a request after it was signed: bytes of the body, headers, method, path, query, signature. */
import { jsonTexts, pairTexts } from '../attack/filling.ts'
import type { WireRequest } from '../support/http/sign.ts'
import type { Dice } from './dice.ts'

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'HEAD']
const PATHS = [
  '/',
  '//',
  '/webapi/',
  '/webapi/cluster/createV1/',
  '/webapi/cluster/createv1',
  '/WEBAPI/cluster/createV1',
  '/webapi/../etc',
  '/%2e%2e/',
  '/webapi/cluster/createV1%00',
  '/webapi/%E0%A4%A',
  '/favicon.ico',
  `/${'a'.repeat(5000)}`,
  '/webapi/instance/describe?x=/',
]
const TYPES = [
  '',
  'text/plain',
  'application/json; charset=utf-16',
  'application/xml',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'APPLICATION/JSON',
  'application/json;',
  ';',
  'application/json, text/plain',
]
const HEADERS = [
  'x-tc-action',
  'x-tc-version',
  'x-tc-region',
  'x-tc-timestamp',
  'x-tc-token',
  'x-tc-language',
  'x-tc-traceid',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-security-token',
  'x-acs-content-sha256',
  'authorization',
  'content-type',
  'accept',
  'accept-language',
  'date',
  'content-md5',
  'content-encoding',
  'x-forwarded-for',
  'expect-ct',
  'x-http-method-override',
]
const VALUES = [
  '',
  ' ',
  '0',
  '-1',
  'x',
  'CreateInstance',
  '2019-01-03',
  '2022-10-19',
  'ap-guangzhou',
  '__proto__',
  'gzip',
  '9'.repeat(40),
  '1970-01-01T00:00:00Z',
  'TC3-HMAC-SHA256',
  'TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, SignedHeaders=, Signature=',
  'ACS3-HMAC-SHA256 Credential=,SignedHeaders=;;,Signature=0',
  'acs a:b',
  'acs :',
  'Basic eDp5',
  'é'.normalize('NFC'),
  'x'.repeat(3000),
]
const QUERIES = [
  '%',
  '%zz',
  'a=%ff',
  'Action=CreateInstance&Action=DescribeInstances',
  'Tags.99999.TagKey=x',
  'a.b.c.d.e.f.g.h.i.j=1',
  '&&&===&',
  'Tag.1.Key=a&Tag.2=b',
  'Software=x&Software.0=y',
  '__proto__.polluted=1',
  'constructor.prototype.x=1',
  `q=${'y'.repeat(40_000)}`,
  'a=1&'.repeat(6_000),
  `${'.'.repeat(30_000)}=1`,
  `a=${'%41'.repeat(10_000)}`,
]
/** Of a body that is filled with much; the long version goes beyond what either cloud takes. */
const FILL_BYTES_MAX = process.env['EMRYS_LONG'] === '1' ? 2_000_000 : 100_000

const FILLINGS = [...Object.values(jsonTexts), ...Object.values(pairTexts)]

export function disturbed(it: Dice, request: WireRequest): WireRequest {
  switch (it.below(8)) {
    case 0:
      return { ...request, method: it.pick(METHODS) }
    case 1:
      return { ...request, path: it.pick(PATHS) }
    case 2:
      return { ...request, query: [request.query, it.pick(QUERIES)].filter(Boolean).join('&') }
    case 3:
      return withHeader(request, 'content-type', it.pick(TYPES))
    case 4:
      return withHeader(request, it.pick(HEADERS), it.pick(VALUES))
    case 5:
      return withoutHeader(request, it.pick(Object.keys(request.headers)))
    case 6:
      return { ...request, body: brokenBody(it, request.body) }
    default:
      return tampered(it, request)
  }
}

function brokenBody(it: Dice, body: Uint8Array): Uint8Array {
  const text = Buffer.from(body).toString('utf8')
  const at = it.below(body.length + 1)
  const bytes = Buffer.from(body)
  switch (it.below(10)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      if (bytes.length > 0) bytes[it.below(bytes.length)] = it.below(256)
      return bytes
    case 2:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])
    case 3:
      return Buffer.from(text, 'utf16le')
    case 4:
      return Buffer.from(`${'['.repeat(20_000)}${text}`)
    case 5:
      return Buffer.from(text.replace('{', '{"RegionId":"twice","ProductId":1,'))
    case 6:
      return Buffer.from(text.replace(/:(\d+)/, ':1e999'))
    case 7:
      return Buffer.concat([bytes, bytes])
    case 8:
      return Buffer.from(it.pick(FILLINGS)(it.between(10, FILL_BYTES_MAX)))
    default:
      return Buffer.from(
        it.pick(['', 'null', '[]', '"x"', '1', 'true', '{', '{"__proto__":{"x":1}}', '\u0000']),
      )
  }
}

/** One character of a header that proves something. */
function tampered(it: Dice, request: WireRequest): WireRequest {
  const names = Object.keys(request.headers).filter((name) => /authorization|x-acs|x-tc/.test(name))
  const name = names.length > 0 ? it.pick(names) : 'authorization'
  const value = request.headers[name] ?? ''
  const at = it.below(value.length + 1)
  return withHeader(
    request,
    name,
    `${value.slice(0, at)}${it.pick(['0', 'f', 'Z', ' ', ',', '='])}${value.slice(at + 1)}`,
  )
}

function withHeader(request: WireRequest, name: string, value: string): WireRequest {
  return { ...request, headers: { ...request.headers, [name]: value } }
}

function withoutHeader(request: WireRequest, name: string): WireRequest {
  const { [name]: _, ...headers } = request.headers
  return { ...request, headers }
}
