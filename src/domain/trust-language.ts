/**
 * The trust policies of a cloud's roles, from what its dialect says of them: the words are those of its policy language, the
 * principals its own. A condition is refused by name: nothing here would evaluate it, and a restriction must not be ignored.
 */
import { PolicyError, join, readMembers, readTexts, refuseUnknown } from './policy-document.ts'
import type { PlacedText } from './policy-document.ts'
import { readEffect, statementsIn, type PolicyWords } from './policy-language.ts'
import type { TrustPolicy, TrustedPrincipal } from './trust.ts'

export interface TrustWords {
  readonly words: PolicyWords
  readonly principal: string
  /** The kinds of principals: of the cloud itself, services of the cloud, and identities from elsewhere. */
  readonly kinds: { readonly cloud: string; readonly service: string; readonly federated: string }
  /** The one action of such a policy, as it is written. */
  readonly assumeRole: string
  isAssumeRole(action: string): boolean
  /** A principal of the cloud itself; undefined when it is not written as `principalRule` says. */
  readPrincipal(text: string): TrustedPrincipal | undefined
  readonly principalRule: string
  /** How a whole account is written. */
  accountText(account: string): string
}

export interface TrustLanguage {
  /** Throws PolicyError, whose message names the place. */
  parseTrust(text: string): TrustPolicy
  /** The document that trusts an account. */
  trustAccount(account: string): string
  /** The document that trusts a service of the cloud. */
  trustService(service: string): string
}

export function trustLanguage(language: TrustWords): TrustLanguage {
  const { words, kinds } = language
  const documentFor = (principal: object) =>
    JSON.stringify({
      [words.version.name]: words.version.value,
      [words.statement]: [
        {
          [words.effect]: words.effects.allow,
          [words.action]: language.assumeRole,
          [language.principal]: principal,
        },
      ],
    })
  return {
    parseTrust: (text) => ({
      statements: statementsIn(text, words).map(({ value, path }) =>
        readStatement(language, value, path),
      ),
    }),
    trustAccount: (account) => documentFor({ [kinds.cloud]: [language.accountText(account)] }),
    trustService: (service) => documentFor({ [kinds.service]: [service] }),
  }
}

function readStatement(
  language: TrustWords,
  value: unknown,
  path: string,
): TrustPolicy['statements'][number] {
  const { words, kinds, principal } = language
  const members = readMembers(value, path)
  refuseUnknown(members, [words.effect, words.action, principal], path)
  const effect = readEffect(members, path, words)
  for (const action of readTexts(members.get(words.action), join(path, words.action))) {
    if (!language.isAssumeRole(action.text))
      throw new PolicyError(action.path, `must be ${language.assumeRole}`)
  }
  const at = join(path, principal)
  const named = readMembers(members.get(principal), at)
  refuseUnknown(named, Object.values(kinds), at)
  if (named.size === 0) throw new PolicyError(at, 'must name at least one principal')
  const principals = [...named].flatMap(([kind, names]) =>
    readTexts(names, join(at, kind)).map((item) => readPrincipal(language, kind, item)),
  )
  return { effect, principals }
}

function readPrincipal(
  { kinds, readPrincipal: read, principalRule }: TrustWords,
  kind: string,
  { text, path }: PlacedText,
): TrustedPrincipal {
  if (kind === kinds.service) return { kind: 'service', service: text }
  if (kind === kinds.federated) return { kind: 'external', text }
  const principal = read(text)
  if (principal === undefined) throw new PolicyError(path, principalRule)
  return principal
}
