/** Callers: accounts, the users and roles in them, and the keys they sign with. */
import type { Policy } from './policy.ts'

export interface Principal {
  /** The account that owns everything this principal creates: the number by which its cloud knows it. */
  readonly account: string
  /** A second number of the account, where its cloud has one; else the same as `account`. */
  readonly tenant: string
  readonly kind: 'root' | 'user' | 'role'
  readonly id: string
  readonly name: string
  /** Empty for the root, whom no identity policy binds. */
  readonly policies: readonly Policy[]
}

export interface Credential {
  readonly keyId: string
  readonly secret: string
  readonly active: boolean
  readonly principal: Principal
  /** The session token that must come with a temporary key. */
  readonly sessionToken?: string
  readonly expiresMs?: number
}

/** Where the gateway finds the secret of a key id. Keys belong to a dialect; undefined when it has no such key. */
export type CredentialSource = (dialect: string, keyId: string) => Promise<Credential | undefined>
