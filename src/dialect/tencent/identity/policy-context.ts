/**
 * What CAM policies may ask about a request (reference: tencent-emr.md 6.8; CAM document "Condition Keys and Condition
 * Operators", which also says that keys are case-sensitive).
 *
 * A key whose value this service never learns is accepted in a policy but marked unknown: a condition on it is never
 * evaluated, so it cannot allow. Tags are written `key&value`, all of them values of one key.
 */
import type { Context } from '../../../domain/policy-condition.ts'
import type { RequestFacts } from '../../../domain/request-facts.ts'

/** The principal is the uin of the sub-user or role. Transport security and resource groups are no facts of CAM. */
export function policyContext(facts: RequestFacts): Context {
  return {
    'qcs:current_time': new Date(facts.nowMs).toISOString(),
    'qcs:ip': facts.sourceIp,
    'qcs:uin': facts.principal,
    // Compared as a number (numeric_equal with 1) in CAM's own examples.
    'qcs:mfa': facts.mfa === true ? '1' : '0',
    'qcs:resource_tag': tagTexts(facts.resourceTags),
    'qcs:request_tag': tagTexts(facts.requestTags),
  }
}

/** A condition key; undefined unless it has the form `<service>:<key>`. */
export function conditionKey(word: string): { key: string; known: boolean } | undefined {
  if (!/^[\w-]+:[^:].*$/.test(word)) return undefined
  return { key: word, known: knownKeys.has(word) }
}

const knownKeys: ReadonlySet<string> = new Set([
  'qcs:current_time',
  'qcs:ip',
  'qcs:uin',
  'qcs:mfa',
  'qcs:resource_tag',
  'qcs:request_tag',
])

function tagTexts(tags: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.entries(tags).map(([key, value]) => `${key}&${value}`)
}
