/**
 * AccessDeniedDetail: why RAM said no (reference: alibaba-starrocks.md 2.6 for the members, 3.1 for the two forms).
 *
 * A gateway error carries it as an object, the product's own envelope as a string of JSON. EncodedDiagnosticMessage is
 * base64 of JSON with an HMAC-SHA256, so that a message which comes back for decoding is known to be ours and unchanged.
 * It is readable by anyone who has it: it names the policy that decided, and nothing that the request did not say.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

import type { Decision } from '../../../domain/policy.ts'
import { readJson } from '../../../shape/json-text.ts'
import { canonicalAction } from './policy-language.ts'

export interface AccessDeniedDetail {
  readonly PolicyType: PolicyType
  readonly AuthPrincipalOwnerId: string
  readonly AuthPrincipalType: PrincipalType
  readonly AuthPrincipalDisplayName: string
  readonly NoPermissionType: 'ImplicitDeny' | 'ExplicitDeny'
  readonly AuthAction: string
  readonly EncodedDiagnosticMessage: string
}

export type PolicyType = 'AccountLevelIdentityBasedPolicy' | 'ControlPolicy'

export type PrincipalType = 'SubUser' | 'AssumedRoleUser'

export interface DeniedPrincipal {
  readonly ownerId: string
  readonly type: PrincipalType
  /** The user's id, or `<role name>:<session name>`. */
  readonly displayName: string
}

export interface DeniedRequest {
  readonly principal: DeniedPrincipal
  /** `sr:CreateInstanceV1`; the other prefix of the product is reported as this one. */
  readonly action: string
  readonly resources: readonly string[]
  readonly nowMs: number
  /** Which kind of policy decided; identity policies by default. */
  readonly policyType?: PolicyType
}

/** What a diagnostic message holds, with the time as ISO 8601. */
export interface Diagnosis {
  readonly time: string
  readonly action: string
  readonly resources: readonly string[]
  readonly principal: DeniedPrincipal
  readonly noPermissionType: 'ImplicitDeny' | 'ExplicitDeny'
  readonly policy?: string
  readonly statement?: number
  readonly deniedResource?: string
  readonly reason?: string
}

type Denial = Extract<Decision, { effect: 'deny' }>

/** `key` has at least 32 bytes and is this installation's own. */
export function accessDeniedDetail(
  denial: Denial,
  request: DeniedRequest,
  key: Uint8Array,
): AccessDeniedDetail {
  const action = canonicalAction(request.action)
  const noPermissionType = denial.kind === 'explicit' ? 'ExplicitDeny' : 'ImplicitDeny'
  const { policy, statement, resource: deniedResource, reason } = denial
  const diagnosis: Diagnosis = {
    time: new Date(request.nowMs).toISOString(),
    action,
    resources: request.resources,
    principal: request.principal,
    noPermissionType,
    ...(policy !== undefined && { policy }),
    ...(statement !== undefined && { statement }),
    ...(deniedResource !== undefined && { deniedResource }),
    ...(reason !== undefined && { reason }),
  }
  return {
    PolicyType: request.policyType ?? 'AccountLevelIdentityBasedPolicy',
    AuthPrincipalOwnerId: request.principal.ownerId,
    AuthPrincipalType: request.principal.type,
    AuthPrincipalDisplayName: request.principal.displayName,
    NoPermissionType: noPermissionType,
    AuthAction: action,
    EncodedDiagnosticMessage: encodeDiagnosis(diagnosis, key),
  }
}

/** The form of the product's envelope, whose member is a string. */
export function accessDeniedText(detail: AccessDeniedDetail): string {
  return JSON.stringify(detail)
}

/** Undefined when the message is not ours, was changed, or was encoded with another key. */
export function decodeDiagnosis(message: string, key: Uint8Array): Diagnosis | undefined {
  const envelope = readEnvelope(message)
  if (envelope === undefined) return undefined
  const expected = signature(envelope.diagnosis, key)
  const given = Buffer.from(envelope.signature, 'base64')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return JSON.parse(envelope.diagnosis) as Diagnosis
}

/** The diagnosis travels as text, so that the very bytes that were signed are the ones that are checked. */
interface Envelope {
  readonly diagnosis: string
  readonly signature: string
}

function encodeDiagnosis(diagnosis: Diagnosis, key: Uint8Array): string {
  const text = JSON.stringify(diagnosis)
  const envelope: Envelope = {
    diagnosis: text,
    signature: signature(text, key).toString('base64'),
  }
  return Buffer.from(JSON.stringify(envelope)).toString('base64')
}

/** A message is bounded by what a request may name; a longer one cannot be ours. */
const messageCharactersMax = 2_000_000

function readEnvelope(message: string): Envelope | undefined {
  if (message.length > messageCharactersMax) return undefined
  const read = readJson(Buffer.from(message, 'base64'))
  const value = 'value' in read ? read.value : undefined
  if (typeof value !== 'object' || value === null) return undefined
  const { diagnosis, signature: signed } = value as Record<string, unknown>
  if (typeof diagnosis !== 'string' || typeof signed !== 'string') return undefined
  return { diagnosis, signature: signed }
}

function signature(text: string, key: Uint8Array): Buffer {
  if (key.length < 32)
    throw new RangeError(`a diagnosis key has 32 bytes or more, not ${key.length}`)
  return createHmac('sha256', key).update('emrys/diagnosis/v1\n').update(text).digest()
}
