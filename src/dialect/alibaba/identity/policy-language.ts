/**
 * The RAM policy language, Version "1", read into the neutral form (reference: alibaba-starrocks.md 8.1; RAM help
 * "Policy elements", "Conditional operators").
 *
 * A statement has Effect, Action or NotAction, Resource and an optional Condition. RAM has no NotResource, no operator
 * suffixes and no set qualifiers; Principal belongs to trust and bucket policies only. All of these are refused by name.
 * `starrocks:` and `sr:` are one service (both codes are listed for it) in actions and in resources alike.
 */
import type { OperatorId } from '../../../domain/policy-condition.ts'
import {
  PolicyError,
  type ConditionReader,
  type PlacedText,
} from '../../../domain/policy-document.ts'
import { policyParser, type PolicyWords } from '../../../domain/policy-language.ts'
import type { ResourcePattern } from '../../../domain/policy.ts'
import { hasWildcard, wildcardMatcher } from '../../../domain/wildcard-matcher.ts'
import { conditionKey } from './policy-context.ts'

export const words: PolicyWords = {
  version: { name: 'Version', value: '1' },
  statement: 'Statement',
  bareStatement: false,
  effect: 'Effect',
  effects: { allow: 'Allow', deny: 'Deny' },
  action: 'Action',
}

/** An action as policies know it: `sr:CreateInstanceV1`, whichever prefix it came with. */
export function canonicalAction(action: string): string {
  const [service, name] = cut(action)
  return name === undefined ? action : `${canonicalService(service)}:${name}`
}

export interface ResourceParts {
  readonly region: string
  readonly accountId: string
  /** `instance/c-…`, or `*` for an operation on no resource in particular. */
  readonly relativeId: string
}

/** The name of a resource of this product, as `decide` takes it. */
export function resourceName(parts: ResourceParts): string {
  return `acs:sr:${parts.region}:${parts.accountId}:${parts.relativeId}`
}

function readAction(item: PlacedText): readonly string[] {
  if (item.text === '*') return ['*']
  const [service, name] = cut(item.text)
  if (name === undefined || !/^[\w*?.-]+$/.test(service) || !/^[\w*?./:-]+$/.test(name)) {
    throw new PolicyError(item.path, 'must be * or <ram-code>:<action-name>')
  }
  return serviceSpellings(service).map((spelling) => `${spelling}:${name}`)
}

/** `acs:<ram-code>:<region>:<account-id>:<relative-id>`; only the last segment may hold colons. */
function readResource(item: PlacedText): readonly ResourcePattern[] {
  if (item.text === '*') return [['*']]
  const [prefix, service, region, account, ...rest] = item.text.split(':')
  if (prefix !== 'acs') throw new PolicyError(item.path, 'must be * or start with acs:')
  const relativeId = rest.join(':')
  if (!service || region === undefined || account === undefined || relativeId === '') {
    throw new PolicyError(
      item.path,
      'must have five segments, acs:<ram-code>:<region>:<account-id>:<relative-id>',
    )
  }
  // Global services leave region (and some the account) empty in their names; there is nothing to compare then.
  const where = [region === '' ? '*' : region, account === '' ? '*' : account, relativeId]
  return serviceSpellings(service).map((spelling) => ['acs', spelling, ...where])
}

/** Requests say `sr`; a pattern that only means the other spelling gets this one beside it. */
function serviceSpellings(service: string): readonly string[] {
  const lower = service.toLowerCase()
  if (!hasWildcard(lower)) return [canonicalService(lower)]
  const matches = wildcardMatcher(lower)
  return matches('starrocks') && !matches('sr') ? [lower, 'sr'] : [lower]
}

function canonicalService(service: string): string {
  return service.toLowerCase() === 'starrocks' ? 'sr' : service.toLowerCase()
}

function cut(text: string): readonly [string, string | undefined] {
  const colon = text.indexOf(':')
  return colon === -1 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)]
}

const conditionReader: ConditionReader = {
  operator: (word) => {
    const operator = operators.get(word)
    return operator === undefined ? undefined : { operator, qualifier: 'none', ifExists: false }
  },
  key: conditionKey,
}

const operators: ReadonlyMap<string, OperatorId> = new Map<string, OperatorId>([
  ['StringEquals', 'string-equals'],
  ['StringNotEquals', 'string-not-equals'],
  ['StringEqualsIgnoreCase', 'string-equals-ignore-case'],
  ['StringNotEqualsIgnoreCase', 'string-not-equals-ignore-case'],
  ['StringLike', 'string-like'],
  ['StringNotLike', 'string-not-like'],
  ['NumericEquals', 'number-equals'],
  ['NumericNotEquals', 'number-not-equals'],
  ['NumericLessThan', 'number-less-than'],
  ['NumericLessThanEquals', 'number-less-than-or-equals'],
  ['NumericGreaterThan', 'number-greater-than'],
  ['NumericGreaterThanEquals', 'number-greater-than-or-equals'],
  ['DateEquals', 'date-equals'],
  ['DateNotEquals', 'date-not-equals'],
  ['DateLessThan', 'date-less-than'],
  ['DateLessThanEquals', 'date-less-than-or-equals'],
  ['DateGreaterThan', 'date-greater-than'],
  ['DateGreaterThanEquals', 'date-greater-than-or-equals'],
  ['Bool', 'boolean'],
  ['IpAddress', 'ip-in'],
  ['NotIpAddress', 'ip-not-in'],
])

/** Throws PolicyError, whose message names the place. */
export const parsePolicy = policyParser({
  words,
  effectIgnoresCase: false,
  notAction: 'NotAction',
  resource: 'Resource',
  condition: 'Condition',
  readAction,
  readResource,
  conditions: conditionReader,
})
