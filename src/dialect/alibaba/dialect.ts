/**
 * The wire of Alibaba Cloud's "EMR Serverless StarRocks", version 2022-10-19 (ROA style).
 *
 * Answers are JSON whatever a client accepts: no known client asks for XML, and the element names that the service would
 * use for lists are in no source. Facts: reference alibaba-starrocks.md 1 to 3, 8.
 */
import { randomBytes } from 'node:crypto'
import { Fault } from '../../domain/fault.ts'
import type {
  Arrival,
  SignatureClaim,
  Dialect,
  WireRequest,
  WireResponse,
} from '../../gateway/dialect.ts'
import { SignatureProblem, headerOf, type ParsedSignature } from '../../gateway/signed-request.ts'
import type { Convention } from '../../shape/reader.ts'
import { accessDeniedDetail } from './identity/access-denied.ts'
import { offersOf } from './starrocks/offer.ts'
import { compose } from './wire/compose.ts'
import { parseAcs3, verifyAcs3 } from './wire/acs3-signature.ts'
import { jsonOf } from '../../shape/written-json.ts'
import { actions } from './actions.ts'
import { regionOf } from './catalogue/region.ts'
import { authorise, clusterIn, resourceOf } from './identity/authorise.ts'
import { refusalBody, successBody, type Body } from './wire/envelope.ts'
import { internalError, refusalOf, type WireRefusal } from './faults.ts'
import { regionOfHost } from './wire/host.ts'
import { parametersOf, queryParameters, textParameter } from './wire/parameters.ts'
import { parseRoa, verifyRoa, type BodyDigest } from './wire/roa-signature.ts'
import { actionNameOf, locate } from './wire/route.ts'
import { refuseOtherSignatureTypes } from './identity/security-token.ts'

export interface AlibabaOptions {
  /** Signs diagnostic messages, 32 bytes; without one a fresh key serves until the server stops. */
  readonly diagnosisKey?: Uint8Array
  /** Of a body under the older signature, which covers it only by its digest. */
  readonly bodyDigest?: BodyDigest
}

/** Signatures are fresh for 15 minutes (2.4). */
const WINDOW_MS = 15 * 60_000
const REGION_MAX = 64
/** The largest request that a client builds, a creation with every list full, has some fifty kilobytes. */
const BODY_BYTES_MAX = 1024 * 1024

const convention: Convention = {
  unknownMembers: 'ignore',
  memberCase: 'insensitive',
  numberAsText: true,
  jsonInText: true,
  typeNames: {
    text: 'string',
    integer: 'integer',
    decimal: 'number',
    flag: 'boolean',
    list: 'array',
    object: 'object',
  },
}

export function alibaba(options: AlibabaOptions = {}): Dialect {
  const diagnosisKey = options.diagnosisKey ?? randomBytes(32)
  return {
    name: 'alibaba',
    actions,
    convention,
    recognises,
    compose,
    offers: offersOf,
    requestId: (uuid) => uuid.toUpperCase(),
    locate,
    claim: (request) => claim(request, options),
    checkSize,
    rateRegion,
    region: (request, raw) =>
      (textParameter(raw, 'RegionId') ?? regionOfHost(hostOf(request))).slice(0, REGION_MAX),
    language: (request) =>
      /^zh\b/i.test(headerOf(request, 'accept-language') ?? '') ? 'zh' : 'en',
    parameters: (request) => parametersOf(request),
    authorise,
    clusterIn,
    resourceOf,
    render: ({ requestId, action }, output) =>
      respond(200, requestId, successBody(action?.name ?? '', requestId, output)),
    renderFault(arrival, fault) {
      const refusal = refusalOf(fault)
      return refuseWith(arrival, { ...refusal, ...deniedDetail(fault, diagnosisKey) })
    },
    renderBug: (arrival) => refuseWith(arrival, internalError),
  }
}

function recognises({ path, headers }: WireRequest): boolean {
  if (path.startsWith('/webapi/') || /^(ACS3-|acs )/.test(headers['authorization'] ?? ''))
    return true
  for (const name in headers) if (name.startsWith('x-acs-')) return true
  return false
}

function checkSize({ body }: WireRequest): void {
  if (body.byteLength > BODY_BYTES_MAX)
    throw new Fault('RequestTooLarge', { limitBytes: BODY_BYTES_MAX })
}

/** As the cloud's own endpoints count: by what the query or the host says, never by the body. */
function rateRegion(request: WireRequest): string {
  const named = textParameter(queryParameters(request), 'RegionId')
  return regionOf(named ?? regionOfHost(hostOf(request)))?.id ?? ''
}

function claim(request: WireRequest, options: AlibabaOptions): SignatureClaim {
  const authorization = headerOf(request, 'authorization') ?? ''
  if (authorization === '') {
    refuseOtherSignatureTypes(request)
    throw new Fault('CredentialMissing', {})
  }
  if (authorization.startsWith('ACS3-')) {
    const acs3 = parseAcs3(request)
    return { ...claimOf(acs3), verify: (secret) => verifyAcs3(request, acs3, secret) }
  }
  if (/^acs( |$)/.test(authorization)) {
    const roa = parseRoa(request, options)
    return { ...claimOf(roa), verify: (secret) => verifyRoa(request, roa, secret) }
  }
  throw new SignatureProblem('malformed', {
    part: 'Authorization',
    detail: 'expected ACS3-HMAC-SHA256 or acs',
  })
}

function claimOf(it: ParsedSignature): Omit<SignatureClaim, 'verify'> {
  return {
    keyId: it.keyId,
    sessionToken: it.token,
    signedMs: it.signedAtMs,
    windowMs: WINDOW_MS,
    nonce: it.nonce,
  }
}

function deniedDetail(fault: Fault, key: Uint8Array): Pick<WireRefusal, 'accessDeniedDetail'> {
  if (fault.code !== 'AccessDenied') return {}
  const facts = (fault as Fault<'AccessDenied'>).facts
  const isRole = facts.principalKind === 'role'
  const detail = accessDeniedDetail(
    facts.decision,
    {
      principal: {
        ownerId: facts.account,
        type: isRole ? 'AssumedRoleUser' : 'SubUser',
        displayName: isRole ? facts.principal.replace('/', ':') : facts.principalId,
      },
      action: facts.action,
      resources: facts.resources,
      nowMs: facts.atMs,
    },
    key,
  )
  return { accessDeniedDetail: detail }
}

function refuseWith({ request, requestId, action }: Arrival, refusal: WireRefusal): WireResponse {
  const origin = { requestId, host: hostOf(request), action: action?.name ?? actionNameOf(request) }
  return respond(refusal.status, requestId, refusalBody(origin, refusal), refusal.headers)
}

function respond(
  status: number,
  requestId: string,
  body: Body,
  headers: Readonly<Record<string, string>> = {},
): WireResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json;charset=utf-8',
      'x-acs-request-id': requestId,
      'x-acs-trace-id': requestId.replaceAll('-', '').toLowerCase(),
      ...headers,
    },
    body: jsonOf(body),
  }
}

function hostOf(request: WireRequest): string {
  return headerOf(request, 'host') ?? ''
}
