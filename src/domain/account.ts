/**
 * Accounts and what is in them: users, access keys, roles, custom policies and role sessions. Pure; every rule in which the
 * clouds differ (names, numbers, limits, shapes of keys) comes in as `IdentityRules`, one object per dialect.
 *
 * An account's number is unique over all dialects, so that it alone says whose a cluster is. Users, roles and policies are
 * known by name within their account; their document's id is `<account>/<name>`.
 */
import type { Random } from '../kernel/random.ts'
import type { Policy } from './policy.ts'
import type { TrustPolicy } from './trust.ts'

export type Status = 'active' | 'disabled'

export interface Account {
  /** Its number. */
  readonly id: string
  readonly account: string
  /** A second number of it, where its cloud has one; else the same. */
  readonly tenant: string
  readonly dialect: string
  readonly name: string
  readonly status: Status
  readonly createdMs: number
}

export interface PolicyReference {
  readonly kind: 'system' | 'custom'
  readonly name: string
}

export interface User {
  readonly id: string
  readonly account: string
  readonly name: string
  /** The number by which its cloud knows it. */
  readonly number: string
  readonly status: Status
  readonly policies: readonly PolicyReference[]
  readonly createdMs: number
}

export interface AccessKey {
  readonly id: string
  readonly account: string
  readonly dialect: string
  /** The user's name; empty for a key of the account itself. */
  readonly user: string
  /** Sealed; never rendered. */
  readonly secret: string
  readonly status: Status
  readonly createdMs: number
}

export interface Role {
  readonly id: string
  readonly account: string
  readonly name: string
  readonly number: string
  /** `service`: made for a service of the cloud, which alone may assume it. */
  readonly kind: 'normal' | 'service'
  /** Who may assume it, in the dialect's policy language. */
  readonly trust: string
  readonly policies: readonly PolicyReference[]
  readonly createdMs: number
}

export interface CustomPolicy {
  readonly id: string
  readonly account: string
  readonly name: string
  /** As it was written, in the dialect's policy language. */
  readonly text: string
  readonly createdMs: number
  readonly changedMs: number
}

/** What assuming a role gives: a key for a while. */
export interface Session {
  /** The temporary key's id. */
  readonly id: string
  readonly account: string
  readonly dialect: string
  readonly role: string
  readonly name: string
  /** Sealed, both. */
  readonly secret: string
  readonly token: string
  readonly createdMs: number
  readonly expiresMs: number
}

/** A policy that exists in every account. */
export interface SystemPolicy {
  readonly name: string
  readonly description: string
  readonly text: string
  readonly policy: Policy
}

export interface IssuedKey {
  readonly id: string
  readonly secret: string
}

/** A rule for a name, and how to say it. */
export interface NameRule {
  readonly pattern: RegExp
  readonly rule: string
}

/** What a cloud prescribes of identities. */
export interface IdentityRules {
  readonly dialect: string
  readonly accountNumber: NameRule
  readonly tenantNumber: NameRule
  readonly names: {
    readonly user: NameRule
    readonly role: NameRule
    readonly policy: NameRule
    readonly session: NameRule
  }
  readonly limits: {
    readonly users: number
    readonly roles: number
    readonly policies: number
    readonly keysPerUser: number
    readonly systemPoliciesPerPrincipal: number
    readonly customPoliciesPerPrincipal: number
  }
  readonly sessionMs: { readonly min: number; readonly max: number; readonly default: number }
  readonly systemPolicies: ReadonlyMap<string, SystemPolicy>
  /** The roles that a new account has. */
  readonly serviceRoles: readonly {
    readonly name: string
    readonly kind: Role['kind']
    /** The service that may assume it. */
    readonly service: string
    readonly policies: readonly string[]
  }[]
  drawAccount(random: Random): { readonly account: string; readonly tenant: string }
  drawNumber(random: Random): string
  /** `random` must not be a seeded one: these are secrets. */
  issueKey(random: Random): IssuedKey
  issueSession(random: Random): IssuedKey & { readonly token: string }
  /** Throws PolicyError. */
  parsePolicy(name: string, text: string): Policy
  /** Throws PolicyError. */
  parseTrust(text: string): TrustPolicy
  /** The trust policy of a role that every principal of the account may assume which has the permission. */
  trustAccount(account: string): string
  trustService(service: string): string
  /** Assuming a role as policies know it. */
  assuming(account: string, role: string): { readonly action: string; readonly resource: string }
}

/** The document id of a user, role or custom policy. */
export function idIn(account: string, name: string): string {
  return `${account}/${name}`
}

/** The policies with one more; the same list when it is there already. */
export function attach(
  policies: readonly PolicyReference[],
  reference: PolicyReference,
): readonly PolicyReference[] {
  return policies.some((each) => same(each, reference)) ? policies : [...policies, reference]
}

export function detach(
  policies: readonly PolicyReference[],
  reference: PolicyReference,
): readonly PolicyReference[] {
  return policies.filter((each) => !same(each, reference))
}

/** What of a kind there are too many; undefined while the list is within the limits. */
export function excessOf(
  policies: readonly PolicyReference[],
  limits: IdentityRules['limits'],
): { readonly what: string; readonly limit: number } | undefined {
  const count = (kind: PolicyReference['kind']) =>
    policies.filter((each) => each.kind === kind).length
  if (count('system') > limits.systemPoliciesPerPrincipal)
    return { what: 'attached system policies', limit: limits.systemPoliciesPerPrincipal }
  if (count('custom') > limits.customPoliciesPerPrincipal)
    return { what: 'attached custom policies', limit: limits.customPoliciesPerPrincipal }
  return undefined
}

/** `custom/Readers`: how an attachment is filed, so that the principals of a policy can be found. */
export function referenceText({ kind, name }: PolicyReference): string {
  return `${kind}/${name}`
}

function same(left: PolicyReference, right: PolicyReference): boolean {
  return left.kind === right.kind && left.name === right.name
}
