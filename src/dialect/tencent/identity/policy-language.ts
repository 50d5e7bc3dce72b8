/**
 * The CAM policy language, version "2.0", read into the neutral form (reference: tencent-emr.md 6.8; CAM documents
 * "Element Reference" and "Condition Keys and Condition Operators").
 *
 * A statement has effect, action, resource and an optional condition; element names are lower case. Resources are
 * `qcs:project_id:service_type:region:account:resource`, an empty segment meaning all. Refused by name: principal (trust
 * and bucket policies only), actions by permission set (`permid/…`), a project id, and accounts by appid.
 */
import type { Condition, OperatorId } from '../../../domain/policy-condition.ts'
import {
  PolicyError,
  type ConditionReader,
  type ConditionWords,
  type PlacedText,
} from '../../../domain/policy-document.ts'
import { policyParser, type PolicyWords } from '../../../domain/policy-language.ts'
import type { ResourcePattern } from '../../../domain/policy.ts'
import { conditionKey } from './policy-context.ts'
import { fullRegion, regionSpellings } from './policy-region.ts'

export const words: PolicyWords = {
  version: { name: 'version', value: '2.0' },
  statement: 'statement',
  bareStatement: true,
  effect: 'effect',
  effects: { allow: 'allow', deny: 'deny' },
  action: 'action',
}

/** An action as policies know it: `emr:CreateInstance`, with or without the `name/` that CAM allows before it. */
export function canonicalAction(action: string): string {
  return action.replace(/^name\//i, '')
}

export interface ResourceParts {
  readonly region: string
  /** The root account, `100000000001`. */
  readonly ownerUin: string
  /** `emr-instance/emr-…`, or `*` for an operation on no resource in particular. */
  readonly resource: string
}

/** The six-segment name of a resource of this product, as `decide` takes it and as a denial shows it. */
export function resourceName(parts: ResourceParts): string {
  return `qcs::emr:${fullRegion(parts.region)}:uin/${parts.ownerUin}:${parts.resource}`
}

function readAction(item: PlacedText): readonly string[] {
  const action = canonicalAction(item.text)
  if (action === '*') return [action]
  if (/^(permid|actionname)\//i.test(action)) {
    throw new PolicyError(item.path, 'permission sets are not supported; name the actions')
  }
  if (!/^[\w*?-]+:[\w*?.-]+$/.test(action)) {
    throw new PolicyError(item.path, 'must be * or <service>:<action>')
  }
  return [action]
}

function readResource(item: PlacedText): readonly ResourcePattern[] {
  if (item.text === '*') return [['*']]
  const [prefix, project, service, region, account, ...rest] = item.text.split(':')
  if (prefix !== 'qcs') throw new PolicyError(item.path, 'must be * or start with qcs:')
  if (service === undefined || region === undefined || account === undefined || rest.length === 0) {
    throw new PolicyError(
      item.path,
      'must have six segments, qcs:project_id:service_type:region:account:resource',
    )
  }
  // CAM keeps this segment for policies of its first years; ignoring it would widen an allow.
  if (project !== '' && project !== '*') {
    throw new PolicyError(item.path, 'a project id is not supported; leave the segment empty')
  }
  const owner = readAccount({ text: account, path: item.path }, service)
  const tail = [owner, orAll(rest.join(':'))]
  return regionSpellings(orAll(region)).map((spelling) => {
    return ['qcs', '*', orAll(service).toLowerCase(), spelling, ...tail]
  })
}

/** `uin/<root>`; empty (also after the slash, as the Terraform provider writes it) is the policy's own account. */
function readAccount(item: PlacedText, service: string): string {
  if (item.text === '' || item.text === '*' || item.text === 'uin/') return '*'
  if (item.text.startsWith('uin/')) return item.text
  // Only object storage names accounts by appid, and none of its resources is ever evaluated here.
  if (item.text.startsWith('uid/') && service === 'cos') return item.text
  throw new PolicyError(item.path, 'the account must be empty or uin/<root account>')
}

function orAll(segment: string): string {
  return segment === '' ? '*' : segment
}

const conditionReader: ConditionReader = { operator: readOperator, key: conditionKey }

/** `[for_any_value:|for_all_value:]<operator>[_if_exist]`; null_equal takes no suffix, being about absence itself. */
function readOperator(word: string): ConditionWords | undefined {
  const parts = /^(?:(for_any_value|for_all_value):)?([a-z_]+?)(_if_exist)?$/.exec(word)
  const operator = operators.get(parts?.[2] ?? '')
  if (parts === null || operator === undefined) return undefined
  const ifExists = parts[3] !== undefined
  if (operator === 'absent' && (ifExists || parts[1] !== undefined)) return undefined
  const qualifier = qualifiers.get(parts[1] ?? '') ?? 'none'
  return { operator, qualifier, ifExists }
}

const qualifiers: ReadonlyMap<string, Condition['qualifier']> = new Map([
  ['for_any_value', 'any-value'],
  ['for_all_value', 'all-values'],
])

const operators: ReadonlyMap<string, OperatorId> = new Map<string, OperatorId>([
  ['string_equal', 'string-equals'],
  ['string_not_equal', 'string-not-equals'],
  ['string_equal_ignore_case', 'string-equals-ignore-case'],
  ['string_not_equal_ignore_case', 'string-not-equals-ignore-case'],
  ['string_like', 'string-like'],
  ['string_not_like', 'string-not-like'],
  // CAM describes it as a case-sensitive comparison of text.
  ['binary_equal', 'string-equals'],
  ['numeric_equal', 'number-equals'],
  ['numeric_not_equal', 'number-not-equals'],
  ['numeric_less_than', 'number-less-than'],
  ['numeric_less_than_equal', 'number-less-than-or-equals'],
  ['numeric_greater_than', 'number-greater-than'],
  ['numeric_greater_than_equal', 'number-greater-than-or-equals'],
  ['date_equal', 'date-equals'],
  ['date_not_equal', 'date-not-equals'],
  ['date_less_than', 'date-less-than'],
  ['date_less_than_equal', 'date-less-than-or-equals'],
  ['date_greater_than', 'date-greater-than'],
  ['date_greater_than_equal', 'date-greater-than-or-equals'],
  ['bool_equal', 'boolean'],
  ['ip_equal', 'ip-in'],
  ['ip_not_equal', 'ip-not-in'],
  ['null_equal', 'absent'],
])

/** Throws PolicyError, whose message names the place. */
export const parsePolicy = policyParser({
  words,
  effectIgnoresCase: true,
  resource: 'resource',
  condition: 'condition',
  readAction,
  readResource,
  conditions: conditionReader,
})
