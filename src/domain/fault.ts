/**
 * Every refusal of Emrys, once, with its facts and without wording. Each dialect has one table from fault to its own
 * code, status and sentence; the table's type is exhaustive, so a fault added here does not compile until both can say it.
 *
 * A fault is thrown (which aborts the transaction it is thrown in) and caught in one place, the gateway. Anything thrown
 * that is not a Fault is a bug: it becomes the vendor's internal error, and its cause is logged, never rendered.
 */

import type { ParameterRefusal } from '../kernel/parameter-refusal.ts'
import type { DependencyName, FailureMode } from './dependency.ts'
import type { Measure, ResourceKind } from './environment.ts'
import type { Verb } from './operation.ts'
import type { Decision } from './policy.ts'

export type { ParameterRefusal }

/** Of a resource that a request names. */
export interface Located {
  /** The parameter that named it, as the client writes it. */
  readonly parameter?: string
  /** Ids that would have been found. */
  readonly known?: readonly string[]
}

export interface Faults {
  // The request as such
  ActionUnknown: { readonly action: string }
  ActionNotBuilt: { readonly action: string }
  VersionUnknown: { readonly version: string; readonly service?: string }
  MethodRefused: { readonly method: string }
  RequestTooLarge: { readonly limitBytes: number }
  RequestMalformed: { readonly detail: string }
  MediaTypeRefused: { readonly mediaType: string }
  RegionUnknown: { readonly region: string; readonly known: readonly string[] }
  Throttled: { readonly seen: number; readonly limit: number }
  Overloaded: { readonly what: string }
  // The caller
  CredentialMissing: Record<never, never>
  CredentialUnknown: { readonly keyId: string }
  CredentialDisabled: { readonly keyId: string }
  SignatureRefused: {
    readonly problem: string
    readonly part?: string
    readonly detail?: string
    readonly stringToSign?: string
  }
  TokenRefused: { readonly why: 'malformed' | 'expired' | 'mismatch' | 'missing' }
  NonceReused: Record<never, never>
  AccessDenied: {
    readonly action: string
    /** The one that was refused. */
    readonly resource: string
    /** All that the request names. */
    readonly resources: readonly string[]
    readonly explicit: boolean
    readonly account: string
    readonly principal: string
    readonly principalId: string
    readonly principalKind: 'root' | 'user' | 'role'
    readonly decision: Extract<Decision, { effect: 'deny' }>
    readonly atMs: number
  }
  // The request
  ParametersRefused: { readonly refusals: readonly ParameterRefusal[] }
  ClusterNotFound: { readonly id: string }
  ClusterBusy: {
    readonly id: string
    readonly state: string
    readonly event: string
    /** What is being changed. */
    readonly change?: Verb
  }
  NodeGroupNotFound: { readonly id: string }
  NodeNotFound: { readonly id: string }
  ScalingRuleNotFound: { readonly id: string }
  OperationNotFound: { readonly id: string }
  BackupNotFound: { readonly id: string }
  BackupPolicyNotFound: { readonly id: string }
  /** Nothing can be made of it. */
  BackupUnfit: { readonly id: string; readonly state: string }
  IdempotencyConflict: { readonly token: string }
  ResourceMissing: Located & { readonly what: ResourceKind; readonly id: string }
  ResourceMismatch: Located & {
    readonly what: ResourceKind
    readonly id: string
    readonly by: 'network' | 'zone'
    readonly expected: string
    readonly actual: string
  }
  ResourceUnfit: Located & {
    readonly what: ResourceKind
    readonly id: string
    readonly problem: string
  }
  ResourceFull: {
    readonly what: ResourceKind | 'public-address'
    readonly id: string
    readonly wanted: number
    readonly free: number
  }
  ResourceShort: {
    readonly what: Measure
    readonly type: string
    readonly zone: string
    readonly wanted: number
    readonly available: number
  }
  QuotaExceeded: {
    readonly what: Measure
    readonly type: string
    readonly limit: number
    readonly used: number
    readonly wanted: number
  }
  LimitReached: { readonly what: string; readonly limit: number }
  /** The same was ordered already and is not through yet. */
  OrderRepeated: { readonly order: string; readonly cluster: string }
  OrderSettled: { readonly id: string; readonly state: string; readonly event: string }
  /** In ten-thousandths of the account's currency. */
  BalanceShort: { readonly wanted: number; readonly available: number }
  NotSupported: { readonly what: string; readonly detail: string }
  DependencyFailed: { readonly dependency: DependencyName; readonly mode: FailureMode }
}

export type FaultCode = keyof Faults

export class Fault<C extends FaultCode = FaultCode> extends Error {
  readonly code: C
  readonly facts: Faults[C]

  constructor(code: C, facts: Faults[C], options?: ErrorOptions) {
    super(code, options)
    this.name = 'Fault'
    this.code = code
    this.facts = facts
  }
}

/** What was thrown, with the parameter that named the resource it is about. */
export function located(problem: unknown, parameter: string): unknown {
  if (!(problem instanceof Fault) || !NAMED.has(problem.code)) return problem
  return new Fault(problem.code as 'ResourceMissing', { ...problem.facts, parameter })
}

const NAMED: ReadonlySet<string> = new Set<FaultCode>([
  'ResourceMissing',
  'ResourceMismatch',
  'ResourceUnfit',
])

/** Short for the most common fault: one parameter is refused. */
export function refuse(refusal: ParameterRefusal): Fault<'ParametersRefused'> {
  return new Fault('ParametersRefused', { refusals: [refusal] })
}
