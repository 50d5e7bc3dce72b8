/**
 * CAM role policies: who may assume a role (CAM document "Role", and its API CreateRole).
 *
 * `{"version":"2.0","statement":[{"effect":"allow","action":"name/sts:AssumeRole","principal":{"qcs":[…],"service":[…]}}]}`.
 * A condition is refused by name: nothing here would evaluate it, and a restriction must not be ignored.
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
import { canonicalAction } from './policy-language.ts'

/** Throws PolicyError, whose message names the place. */
export function parseTrust(text: string): TrustPolicy {
  const document = readDocument(text)
  refuseUnknown(document, ['version', 'statement'], '')
  if (document.get('version') !== '2.0') throw new PolicyError('version', 'must be "2.0"')
  const value = document.get('statement')
  // CAM takes one statement without its list.
  const list = Array.isArray(value) ? value : [value]
  return { statements: readStatements(list, 'statement').map(readStatement) }
}

export function trustAccount(account: string): string {
  return documentFor({ qcs: [`qcs::cam::uin/${account}:root`] })
}

export function trustService(service: string): string {
  return documentFor({ service: [service] })
}

function documentFor(principal: object): string {
  const statement = { effect: 'allow', action: 'name/sts:AssumeRole', principal }
  return JSON.stringify({ version: '2.0', statement: [statement] })
}

function readStatement(value: unknown, index: number): TrustPolicy['statements'][number] {
  const path = `statement[${index}]`
  const members = readMembers(value, path)
  refuseUnknown(members, ['effect', 'action', 'principal'], path)
  const effect = members.get('effect')
  if (effect !== 'allow' && effect !== 'deny')
    throw new PolicyError(join(path, 'effect'), 'must be allow or deny')
  for (const { text, path: at } of readTexts(members.get('action'), join(path, 'action'))) {
    if (canonicalAction(text) !== 'sts:AssumeRole')
      throw new PolicyError(at, 'must be name/sts:AssumeRole')
  }
  const at = join(path, 'principal')
  const kinds = readMembers(members.get('principal'), at)
  refuseUnknown(kinds, ['qcs', 'service', 'federated'], at)
  if (kinds.size === 0) throw new PolicyError(at, 'must name at least one principal')
  const principals = [...kinds].flatMap(([kind, names]) =>
    readTexts(names, join(at, kind)).map((name) => readPrincipal(kind, name)),
  )
  return { effect, principals }
}

function readPrincipal(kind: string, { text, path }: { text: string; path: string }) {
  if (kind === 'service') return { kind: 'service', service: text } satisfies TrustedPrincipal
  if (kind === 'federated') return { kind: 'stranger', text } satisfies TrustedPrincipal
  const [, account, who = ''] =
    /^qcs::cam::uin\/(\d+):(root|uin\/\d+|roleName\/[\w+=,.@-]+)$/.exec(text) ?? []
  if (account === undefined)
    throw new PolicyError(
      path,
      'must be qcs::cam::uin/<account>:root, :uin/<user> or :roleName/<name>; wildcards are not allowed',
    )
  if (who === 'root') return { kind: 'account', account } satisfies TrustedPrincipal
  if (who.startsWith('roleName/')) return { kind: 'stranger', text } satisfies TrustedPrincipal
  return { kind: 'user', account, user: who.slice('uin/'.length) } satisfies TrustedPrincipal
}
