/**
 * CAM role policies: who may assume a role (CAM document "Role", and its API CreateRole).
 *
 * `{"version":"2.0","statement":[{"effect":"allow","action":"name/sts:AssumeRole","principal":{"qcs":[…],"service":[…]}}]}`.
 */
import { trustLanguage } from '../../../domain/trust-language.ts'
import type { TrustedPrincipal } from '../../../domain/trust.ts'
import { canonicalAction, words } from './policy-language.ts'

export const { parseTrust, trustAccount, trustService } = trustLanguage({
  words,
  principal: 'principal',
  kinds: { cloud: 'qcs', service: 'service', federated: 'federated' },
  assumeRole: 'name/sts:AssumeRole',
  isAssumeRole: (action) => canonicalAction(action) === 'sts:AssumeRole',
  readPrincipal,
  principalRule:
    'must be qcs::cam::uin/<account>:root, :uin/<user> or :roleName/<name>; wildcards are not allowed',
  accountText: (account) => `qcs::cam::uin/${account}:root`,
})

function readPrincipal(text: string): TrustedPrincipal | undefined {
  const [, account, who = ''] =
    /^qcs::cam::uin\/(\d+):(root|uin\/\d+|roleName\/[\w+=,.@-]+)$/.exec(text) ?? []
  if (account === undefined) return undefined
  if (who === 'root') return { kind: 'account', account }
  if (who.startsWith('roleName/')) return { kind: 'external', text }
  return { kind: 'user', account, user: who.slice('uin/'.length) }
}
