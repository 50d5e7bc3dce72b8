/**
 * RAM trust policies: who may assume a role (RAM help "Trust policies of RAM roles").
 *
 * `{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":[…],"Service":[…]}}]}`.
 */
import { trustLanguage } from '../../../domain/trust-language.ts'
import type { TrustedPrincipal } from '../../../domain/trust.ts'
import { words } from './policy-language.ts'

export const { parseTrust, trustAccount, trustService } = trustLanguage({
  words,
  principal: 'Principal',
  kinds: { cloud: 'RAM', service: 'Service', federated: 'Federated' },
  assumeRole: 'sts:AssumeRole',
  isAssumeRole: (action) => action === 'sts:AssumeRole',
  readPrincipal,
  principalRule:
    'must be acs:ram::<account>:root, :user/<name> or :role/<name>; wildcards are not allowed',
  accountText: (account) => `acs:ram::${account}:root`,
})

function readPrincipal(text: string): TrustedPrincipal | undefined {
  const [, account, who = ''] = /^acs:ram::(\d+):(root|(?:user|role)\/[\w.@-]+)$/.exec(text) ?? []
  if (account === undefined) return undefined
  if (who === 'root') return { kind: 'account', account }
  if (who.startsWith('role/')) return { kind: 'external', text }
  return { kind: 'user', account, user: who.slice('user/'.length) }
}
