/**
 * What RAM policies may ask about a request (reference: alibaba-starrocks.md 8.1, common keys).
 *
 * A key whose value this service never learns (`acs:SourceVpc`, another product's keys) is accepted in a policy, since
 * policies are shared between products, but marked unknown: a condition on it is never evaluated, so it cannot allow.
 * RAM spells one key both `acs:PrincipalARN` and `acs:PrincipalArn`, so known keys are read without regard to case; a
 * tag's own key, after the slash, keeps its case.
 */
import type { Context } from '../../../domain/policy-condition.ts'
import type { RequestFacts } from '../../../domain/request-facts.ts'

/** The principal is `acs:ram::<account>:user/<name>`, `acs:ram::<account>:assumed-role/<role>/<session>` and so on. */
export function policyContext(facts: RequestFacts): Context {
  const entries: [string, string][] = [
    ['acs:CurrentTime', new Date(facts.nowMs).toISOString()],
    ['acs:SecureTransport', String(facts.secure)],
    ['acs:SourceIp', facts.sourceIp],
    ['acs:MFAPresent', String(facts.mfa ?? false)],
    ['acs:PrincipalARN', facts.principal],
  ]
  for (const [key, value] of Object.entries(facts.resourceTags ?? {})) {
    entries.push([`acs:ResourceTag/${key}`, value])
  }
  for (const [key, value] of Object.entries(facts.requestTags ?? {})) {
    entries.push([`acs:RequestTag/${key}`, value])
  }
  if (facts.resourceGroup !== undefined) {
    entries.push(['acs:ResourceGroupId', facts.resourceGroup])
  }
  if (facts.linkedService !== undefined) entries.push(['ram:ServiceName', facts.linkedService])
  return Object.fromEntries(entries)
}

/** A condition key in its canonical spelling; undefined unless it has the form `<ram-code>:<condition-key>`. */
export function conditionKey(word: string): { key: string; known: boolean } | undefined {
  if (!/^[\w-]+:[^:].*$/.test(word)) return undefined
  const slash = word.indexOf('/')
  const base = slash === -1 ? word : word.slice(0, slash)
  const rest = slash === -1 ? '' : word.slice(slash)
  const key = (slash === -1 ? plainKeys : tagKeys).get(base.toLowerCase())
  if (key === undefined || rest === '/') return { key: word, known: false }
  return { key: key + rest, known: true }
}

const plainKeys = byLowerCase([
  'acs:CurrentTime',
  'acs:SecureTransport',
  'acs:SourceIp',
  'acs:MFAPresent',
  'acs:PrincipalARN',
  'acs:ResourceGroupId',
  'ram:ServiceName',
])

const tagKeys = byLowerCase(['acs:ResourceTag', 'acs:RequestTag'])

function byLowerCase(keys: readonly string[]): ReadonlyMap<string, string> {
  return new Map(keys.map((key) => [key.toLowerCase(), key]))
}
