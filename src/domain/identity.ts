/** Who asks: accounts, the users and roles in them, and the keys they sign with. */
import type { Policy } from './policy.ts'

export interface Principal {
  /** The account that owns everything this principal creates. */
  readonly account: string
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

/** Where the gateway finds the secret of a key id; undefined when there is no such key. */
export type CredentialSource = (keyId: string) => Promise<Credential | undefined>
