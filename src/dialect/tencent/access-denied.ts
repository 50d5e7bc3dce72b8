/**
 * How CAM says no (reference: tencent-emr.md 6.7 for the sentence, 6.8 for the codes).
 *
 * Which code an action uses is its own published list's choice; an action that lists none is refused by the gateway.
 */
import type { Decision } from '../../domain/policy.ts'
import { canonicalAction } from './policy-language.ts'

export interface AccessDenied {
  readonly code: string
  readonly message: string
}

export interface DeniedRequest {
  readonly action: string
  /** The resource that was refused, six segments; used when the decision does not name one. */
  readonly resource: string
  /** The error codes that the action's documentation lists. */
  readonly declaredCodes: readonly string[]
}

type Denial = Extract<Decision, { effect: 'deny' }>

export function accessDenied(denial: Denial, request: DeniedRequest): AccessDenied {
  const action = canonicalAction(request.action)
  const resource = denial.resource ?? request.resource
  return {
    code: denialCode(request.declaredCodes),
    message: `you are not authorized to perform operation (${action}) resource (${resource}) has no permission`,
  }
}

function denialCode(declared: readonly string[]): string {
  const known = ['UnauthorizedOperation.CheckCamAuth', 'UnauthorizedOperation']
  return known.find((code) => declared.includes(code)) ?? 'AuthFailure.UnauthorizedOperation'
}
