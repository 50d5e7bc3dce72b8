/**
 * RAM trust policies: who may assume a role (RAM help "Trust policies of RAM roles").
 *
 * `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":[…],"Service":[…]}}]}`.
 * A Condition is refused by name: nothing here would evaluate it, and a restriction must not be ignored.
 */
import {
  PolicyError,
  join,
  readDocument,
  readMembers,
  readStatements,
  readTexts,
  refuseUnknown,
} from '../../../domain/policy-document.ts'
import type { TrustPolicy, TrustedPrincipal } from '../../../domain/trust.ts'

/** Throws PolicyError, whose message names the place. */
export function parseTrust(text: string): TrustPolicy {
  const document = readDocument(text)
  refuseUnknown(document, ['Version', 'Statement'], '')
  if (document.get('Version') !== '1') throw new PolicyError('Version', 'must be "1"')
  return { statements: readStatements(document.get('Statement'), 'Statement').map(readStatement) }
}

export function trustAccount(account: string): string {
  return documentFor({ RAM: [`acs:ram::${account}:root`] })
}

export function trustService(service: string): string {
  return documentFor({ Service: [service] })
}

function documentFor(Principal: object): string {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal }
  return JSON.stringify({ Version: '1', Statement: [statement] })
}

function readStatement(value: unknown, index: number): TrustPolicy['statements'][number] {
  const path = `Statement[${index}]`
  const members = readMembers(value, path)
  refuseUnknown(members, ['Effect', 'Action', 'Principal'], path)
  const effect = members.get('Effect')
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new PolicyError(join(path, 'Effect'), 'must be Allow or Deny')
  for (const { text, path: at } of readTexts(members.get('Action'), join(path, 'Action'))) {
    if (text !== 'sts:AssumeRole') throw new PolicyError(at, 'must be sts:AssumeRole')
  }
  const at = join(path, 'Principal')
  const kinds = readMembers(members.get('Principal'), at)
  refuseUnknown(kinds, ['RAM', 'Service', 'Federated'], at)
  if (kinds.size === 0) throw new PolicyError(at, 'must name at least one principal')
  const principals = [...kinds].flatMap(([kind, names]) =>
    readTexts(names, join(at, kind)).map((name) => readPrincipal(kind, name)),
  )
  return { effect: effect === 'Allow' ? 'allow' : 'deny', principals }
}

function readPrincipal(kind: string, { text, path }: { text: string; path: string }) {
  if (kind === 'Service') return { kind: 'service', service: text } satisfies TrustedPrincipal
  if (kind === 'Federated') return { kind: 'stranger', text } satisfies TrustedPrincipal
  const [, account, who = ''] = /^acs:ram::(\d+):(root|(?:user|role)\/[\w.@-]+)$/.exec(text) ?? []
  if (account === undefined)
    throw new PolicyError(
      path,
      'must be acs:ram::<account>:root, :user/<name> or :role/<name>; wildcards are not allowed',
    )
  if (who === 'root') return { kind: 'account', account } satisfies TrustedPrincipal
  if (who.startsWith('role/')) return { kind: 'stranger', text } satisfies TrustedPrincipal
  return { kind: 'user', account, user: who.slice('user/'.length) } satisfies TrustedPrincipal
}
