/** Every place of both wires where a client can put much, filled in every shape, signed by nobody, wrongly, or well. */
import { randomUUID } from 'node:crypto'
import { signAcs3, signRoa, signTc3, signV1 } from '../support/http/sign.ts'
import type { Acs3ToSign, RoaToSign, Tc3ToSign, WireRequest } from '../support/http/sign.ts'
import { developmentKey } from '../support/http/wire.ts'
import { headers as headerShapes, jsonTexts, pairTexts, parameterSets, paths } from './filling.ts'

export interface HostileRequest {
  readonly name: string
  /** Made when it is sent: some have ten megabytes, and signatures grow old. */
  make(): WireRequest
}

export type Signed = 'unsigned' | 'wrongly signed' | 'signed'

type Keys = { readonly keyId: string; readonly secret: string }
type Parameters = Readonly<Record<string, string>>

const LONG = process.env['EMRYS_LONG'] === '1'
const KIB = 1024
/** Of what is larger, the short version tries every fourth shape: beyond the bound none is looked at, and each takes long to make. */
const LARGE = 1024 * KIB
const HOST = '127.0.0.1'
/** At the bound of each place, and beyond it; a little is left for the rest of the request. */
const FORM = [1024 * KIB - 512, 10 * 1024 * KIB - 512]
const QUERY = [31 * KIB, 56 * KIB]
const TENCENT_JSON = [10 * 1024 * KIB - 512, 10 * 1024 * KIB + 512]
const ALIBABA_JSON = [1024 * KIB - 512, 10 * 1024 * KIB - 512]
const HEAD = [48 * KIB, 70 * KIB]

export function hostileRequests(signed: Signed): readonly HostileRequest[] {
  const keys = signed === 'wrongly signed' ? { ...developmentKey, secret: 'wrong' } : developmentKey
  const finish = signed === 'unsigned' ? unsigned : (wire: WireRequest) => wire
  return places(keys).map(({ name, make }) => ({
    name: `${signed} ${name}`,
    make: () => finish(make()),
  }))
}

function places(keys: Keys): readonly HostileRequest[] {
  return [
    ...filled('v1 form', FORM.slice(0, 1), parameterSets, (it) => v1(keys, 'POST', it)),
    ...filled('v1 form', FORM.slice(1), parameterSets, (it) => form(`Action=x&${textOf(it)}`)),
    ...filled('v1 query', QUERY, parameterSets, (it) => v1(keys, 'GET', it)),
    ...filled('v1 form', FORM, pairTexts, (it) => form(`Action=x&SecretId=a&${it}`)),
    ...filled('v1 query', QUERY, pairTexts, (it) => asQuery(v1(keys, 'GET', {}), it)),
    ...filled('TC3 query', QUERY, parameterSets, (it) =>
      tc3(keys, { method: 'GET', parameters: it }),
    ),
    ...filled('TC3 JSON', TENCENT_JSON, jsonTexts, (body) => tc3(keys, { body })),
    ...filled('TC3 form', TENCENT_JSON, pairTexts, (body) =>
      tc3(keys, { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    ),
    ...heads('TC3', 'x-tc-', tc3(keys, { body: '{}' })),
    ...filled('ACS3 query', QUERY, parameterSets, (it) => acs3(keys, { parameters: it })),
    ...filled('ACS3 query', QUERY, pairTexts, (it) => asQuery(acs3(keys, {}), it)),
    ...filled('ACS3 JSON', ALIBABA_JSON, jsonTexts, (body) => acs3(keys, { body })),
    ...filled('ACS3 path', HEAD, paths, (path) => acs3(keys, { path })),
    ...heads('ACS3', 'x-acs-', acs3(keys, {})),
    ...filled('ROA query', QUERY, parameterSets, (it) => roa(keys, { parameters: it })),
    ...filled('ROA query', QUERY, pairTexts, (it) => asQuery(roa(keys, {}), it)),
    ...filled('ROA JSON', ALIBABA_JSON, jsonTexts, (body) => roa(keys, { body })),
    ...filled('ROA path', HEAD, paths, (path) => roa(keys, { path })),
    ...heads('ROA', 'x-acs-', roa(keys, {})),
    ...filled('admin JSON', [60 * KIB, 10 * 1024 * KIB], jsonTexts, admin),
  ]
}

function filled<T>(
  place: string,
  sizes: readonly number[],
  shapes: Readonly<Record<string, (bytes: number) => T>>,
  make: (content: T) => WireRequest,
): readonly HostileRequest[] {
  return sizes.flatMap((bytes) =>
    Object.entries(shapes)
      .filter((_, at) => LONG || bytes < 2 * LARGE || at % 4 === 0)
      .map(([shape, fill]) => ({
        name: `${place}, ${shape}, ${Math.round(bytes / KIB)} KiB`,
        make: () => make(fill(bytes)),
      })),
  )
}

/** Headers that come on top of those that were signed. */
function heads(place: string, prefix: string, wire: WireRequest): readonly HostileRequest[] {
  const more = (shape: string, bytes: number) =>
    ({ ...wire.headers, ...headerShapes[shape]!(prefix, bytes) }) as WireRequest['headers']
  return HEAD.flatMap((bytes) =>
    Object.keys(headerShapes).map((shape) => ({
      name: `${place} headers, ${shape}, ${Math.round(bytes / KIB)} KiB`,
      make: () => ({ ...wire, headers: more(shape, bytes) }),
    })),
  )
}

function v1(keys: Keys, method: 'GET' | 'POST', more: Parameters): WireRequest {
  const common = { Action: 'CreateInstance', Version: '2019-01-03', Region: 'ap-guangzhou' }
  const parameters = { ...common, ...more }
  return signV1({ ...keys, host: HOST, method, timestamp: seconds(), nonce: 7, parameters })
}

function form(text: string): WireRequest {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return {
    method: 'POST',
    path: '/',
    query: '',
    headers: { host: HOST, ...type },
    body: bytesOf(text),
  }
}

function textOf(parameters: Parameters): string {
  const pairs = Object.entries(parameters)
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
}

function asQuery(wire: WireRequest, text: string): WireRequest {
  return { ...wire, query: wire.query === '' ? text : `${wire.query}&${text}` }
}

function tc3(keys: Keys, more: Partial<Tc3ToSign>): WireRequest {
  const fixed = { action: 'CreateInstance', region: 'ap-guangzhou', timestamp: seconds() }
  return signTc3({ ...keys, host: HOST, ...fixed, ...more })
}

const CREATE = '/webapi/cluster/createV1'

function acs3(keys: Keys, more: Partial<Acs3ToSign>): WireRequest {
  const date = `${new Date().toISOString().slice(0, 19)}Z`
  return signAcs3({ ...keys, host: HOST, path: CREATE, date, nonce: randomUUID(), ...more })
}

function roa(keys: Keys, more: Partial<RoaToSign>): WireRequest {
  const date = new Date().toUTCString()
  return signRoa({ ...keys, host: HOST, path: CREATE, date, contentMd5: true, ...more })
}

function admin(text: string): WireRequest {
  const type = { 'content-type': 'application/json' }
  const path = '/_emrys/accounts'
  return { method: 'POST', path, query: '', headers: { host: HOST, ...type }, body: bytesOf(text) }
}

/** Without what proves who sent it. */
function unsigned({ headers: all, query, ...wire }: WireRequest): WireRequest {
  const { authorization: _, ...kept } = all
  return { ...wire, headers: kept, query: query.replace(/&Signature=[^&]*$/, '') }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000)
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}
