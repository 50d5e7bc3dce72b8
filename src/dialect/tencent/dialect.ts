/**
 * The Tencent Cloud dialect: EMR 2019-01-03 and what its Terraform provider needs of other services (service.ts), signatures v3
 * (TC3-HMAC-SHA256) and v1, GET and POST (reference: tencent-emr.md 6). Everything is answered with status 200 and exactly `application/json`: clients look for an error in the
 * body only then.
 */
import { Fault, refuse } from '../../domain/fault.ts'
import type { Action } from '../../gateway/action.ts'
import type {
  Arrival,
  SignatureClaim,
  Dialect,
  WireRequest,
  WireResponse,
} from '../../gateway/dialect.ts'
import { headerOf, SignatureProblem } from '../../gateway/signed-request.ts'
import type { Convention } from '../../shape/reader.ts'
import { jsonOf } from '../../shape/written-json.ts'
import { actions } from './actions.ts'
import { authorise, clusterIn, resourceOf } from './identity/authorise.ts'
import { regionOf } from './catalogue/region.ts'
import { offersOf } from './emr/offer.ts'
import { compose } from './wire/compose.ts'
import type { ErrorCodes } from './wire/error-code.ts'
import { internalError, refusalOf, TOO_LARGE_TO_SIGN, type WireRefusal } from './faults.ts'
import { serviceOf } from './service.ts'
import { readParameters } from './wire/parameters.ts'
import { parseTc3, verifyTc3 } from './wire/tc3-signature.ts'
import { parseV1, verifyV1 } from './wire/v1-signature.ts'
import {
  commonLabel,
  commonOf,
  isFormTooLarge,
  namesOf,
  pairsOf,
  schemeOf,
  whyUnreadable,
} from './wire/wire.ts'

export interface TencentOptions {
  /** Which list of error codes clients see; see error-code.ts. */
  readonly errorCodes?: ErrorCodes
}

export function tencent(options: TencentOptions = {}): Dialect {
  const errorCodes = options.errorCodes ?? 'seed'
  const byName = new Map(actions.map((action) => [`${action.product} ${action.name}`, action]))
  return {
    name: 'tencent',
    actions,
    convention,
    recognises,
    compose,
    offers: offersOf,
    requestId: (uuid) => uuid,
    locate: (request) => locate(request, byName),
    claim,
    region,
    language,
    parameters: readParameters,
    checkSize,
    rateRegion: (request) => regionOf(commonOf(request, 'Region') ?? '')?.name ?? '',
    authorise,
    clusterIn,
    resourceOf,
    render: ({ request, requestId }, output) => envelope(request, requestId, output),
    renderFault({ request, requestId }, fault) {
      const action = commonOf(request, 'Action') ?? ''
      const how = { language: refusalLanguage(request), scheme: schemeOf(request) }
      const context = { ...how, errorCodes, action }
      return refusal({ request, requestId }, refusalOf(fault, context))
    },
    renderBug: (arrival) => refusal(arrival, internalError),
  }
}

const WINDOW_MS = 5 * 60_000
/** GET of the common request page. A v3 POST may have what the host lets through, 10 MB. */
const QUERY_BYTES_MAX = 32 * 1024

const convention: Convention = {
  unknownMembers: 'refuse',
  memberCase: 'exact',
  numberAsText: false,
  jsonInText: false,
  typeNames: {
    text: 'string',
    integer: 'int64',
    decimal: 'float',
    flag: 'bool',
    list: 'list',
    object: 'struct',
  },
}

/** By a v3 header, or by v1 parameters on `/`. The other cloud names its key `AccessKeyId`, so that is never ours. */
function recognises(request: WireRequest): boolean {
  if (headerOf(request, 'x-tc-action') !== undefined) return true
  if (headerOf(request, 'authorization')?.startsWith('TC3-')) return true
  if (request.path !== '/') return false
  if (Object.keys(request.headers).some((name) => name.startsWith('x-tc-'))) return true
  const names = namesOf(request)
  const has = (name: string) => names.has(name)
  return (has('Action') || has('SecretId') || has('Signature')) && !has('AccessKeyId')
}

function checkSize(request: WireRequest): void {
  if (request.query.length > QUERY_BYTES_MAX)
    throw new Fault('RequestTooLarge', { limitBytes: QUERY_BYTES_MAX })
  if (schemeOf(request) === 'v1' && isFormTooLarge(request))
    throw new SignatureProblem('mismatch', { part: 'form', detail: TOO_LARGE_TO_SIGN })
}

function locate(request: WireRequest, byName: ReadonlyMap<string, Action>): Action {
  if (request.method !== 'GET' && request.method !== 'POST')
    throw new Fault('MethodRefused', { method: request.method })
  if (schemeOf(request) === 'v1' && !pairsOf(request))
    throw new Fault('RequestMalformed', { detail: whyUnreadable(request) })
  const name = commonOf(request, 'Action') ?? ''
  if (name === '') throw refuse({ name: 'Action', problem: 'missing' })
  const requested = commonOf(request, 'Version') ?? ''
  if (requested === '') throw refuse({ name: 'Version', problem: 'missing' })
  const service = serviceOf(request, requested)
  const found = request.path === '/' ? byName.get(`${service.name} ${name}`) : undefined
  if (found) return found
  if (request.path === '/' && service.declared.has(name))
    throw new Fault('ActionNotBuilt', { action: name })
  throw new Fault('ActionUnknown', { action: name.slice(0, 64) })
}

/** Neither scheme has a nonce to remember: v3 has none, and v1 clients choose theirs from as few as 65 536 (6.1). */
function claim(request: WireRequest): SignatureClaim {
  if (schemeOf(request) === 'v3') {
    const parsed = parseTc3(request)
    const { keyId, token, signedAtMs } = parsed
    const verify = (secret: string) => verifyTc3(request, parsed, secret)
    return claimOf({ keyId, token, signedAtMs }, verify)
  }
  const parsed = parseV1(request)
  return claimOf(parsed, (secret) => verifyV1(request, parsed, secret))
}

function claimOf(
  it: { keyId: string; token: string | undefined; signedAtMs: number },
  verify: (secret: string) => void,
): SignatureClaim {
  const { keyId, token: sessionToken, signedAtMs: signedMs } = it
  return { keyId, sessionToken, signedMs, windowMs: WINDOW_MS, nonce: undefined, verify }
}

/** Listings may leave the region out and then see all of them; everything else happens in one (5.1). */
const REGIONLESS: ReadonlySet<string> = new Set(['DescribeInstances', 'DescribeInstancesList'])

/** These name the regions of their resources themselves, so that the request's own says nothing about which are meant. */
const OWN_REGIONS: ReadonlySet<string> = new Set([
  'DescribeResourceTags',
  'DescribeResourceTagsByResourceIds',
  'ModifyResourceTags',
  'ModifyResourcesTags',
])

function region(request: WireRequest): string {
  const name = commonOf(request, 'Region')
  const action = commonOf(request, 'Action') ?? ''
  if (name === undefined) {
    // Optional for the tag service, though not for EMR's own ModifyResourcesTags.
    if (REGIONLESS.has(action) || (OWN_REGIONS.has(action) && action !== 'ModifyResourcesTags'))
      return ''
    throw refuse({ name: 'Region', problem: 'missing' })
  }
  if (!regionOf(name)) throw new Fault('RegionUnknown', { region: name.slice(0, 64), known: [] })
  return OWN_REGIONS.has(action) ? '' : name
}

const LANGUAGES: ReadonlyMap<string, 'zh' | 'en'> = new Map([
  ['zh-CN', 'zh'],
  ['en-US', 'en'],
])

function language(request: WireRequest): 'zh' | 'en' {
  const requested = commonOf(request, 'Language')
  const known = requested === undefined ? 'zh' : LANGUAGES.get(requested)
  if (known) return known
  throw refuse({
    name: commonLabel(request, 'Language'),
    problem: 'value',
    value: (requested ?? '').slice(0, 64),
    allowed: [...LANGUAGES.keys()],
  })
}

/** The language of a refusal; also of one that refuses the language itself. */
function refusalLanguage(request: WireRequest): 'zh' | 'en' {
  return LANGUAGES.get(commonOf(request, 'Language') ?? '') ?? 'zh'
}

function refusal(
  { request, requestId }: Pick<Arrival, 'request' | 'requestId'>,
  { code, message }: WireRefusal,
): WireResponse {
  return envelope(request, requestId, { Error: { Code: code, Message: message } })
}

function envelope(
  request: WireRequest,
  requestId: string,
  content: Readonly<Record<string, unknown>>,
): WireResponse {
  const trace = headerOf(request, 'x-tc-traceid') ?? ''
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      ...(TRACE.test(trace) ? { 'x-tc-traceid': trace } : {}),
    },
    body: jsonOf({ ...content, RequestId: requestId }, 'Response'),
  }
}

/** What the SDKs send is a UUID; nothing else is repeated in the answer. */
const TRACE = /^[\w.-]{1,128}$/
