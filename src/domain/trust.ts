/**
 * Who may assume a role: the principals that its trust policy names. A deny wins; nobody is trusted who is not named.
 * Reading the two clouds' spellings is the dialects' business.
 */
import type { Effect } from './policy.ts'

export type TrustedPrincipal =
  /** The account and, through their own permissions, its users. */
  | { readonly kind: 'account'; readonly account: string }
  /** By name or by number, as the cloud writes it. */
  | { readonly kind: 'user'; readonly account: string; readonly user: string }
  | { readonly kind: 'service'; readonly service: string }
  /** Well-formed, but not able to request a session of this server (another role, an identity provider). */
  | { readonly kind: 'external'; readonly text: string }

export interface TrustPolicy {
  readonly statements: readonly {
    readonly effect: Effect
    readonly principals: readonly TrustedPrincipal[]
  }[]
}

/** Who is to assume a role. */
export type Assumer =
  | { readonly kind: 'root'; readonly account: string }
  | {
      readonly kind: 'user'
      readonly account: string
      readonly name: string
      readonly number: string
    }
  | { readonly kind: 'service'; readonly service: string }

export function trusts(policy: TrustPolicy, assumer: Assumer): boolean {
  const effects = policy.statements
    .filter(({ principals }) => principals.some((each) => means(each, assumer)))
    .map(({ effect }) => effect)
  return effects.includes('allow') && !effects.includes('deny')
}

function means(principal: TrustedPrincipal, assumer: Assumer): boolean {
  switch (principal.kind) {
    case 'account':
      return assumer.kind !== 'service' && assumer.account === principal.account
    case 'user':
      return (
        assumer.kind === 'user' &&
        assumer.account === principal.account &&
        (assumer.name === principal.user || assumer.number === principal.user)
      )
    case 'service':
      return assumer.kind === 'service' && assumer.service === principal.service
    case 'external':
      return false
  }
}
