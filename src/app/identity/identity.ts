/**
 * Identities and their permissions: accounts and everything in them, for the operator of the server; the credentials that the
 * gateway verifies requests with; and what an action may query about its caller's account.
 */
import { random } from '../../kernel/random.ts'
import type { CredentialSource } from '../../domain/identity.ts'
import { accounts, type Accounts } from './account.ts'
import type { IdentityParts } from './change.ts'
import { credentials, type Credentials } from './credential.ts'
import { keys, type Keys } from './key.ts'
import { policies, type Policies } from './policy.ts'
import type { Call } from '../call.ts'
import { ensureServiceRole } from './service-role.ts'
import { roles, roleState, type Roles, type RoleState } from './role.ts'
import { tokens, type Tokens } from './token.ts'
import { users, type Users } from './user.ts'

/** What actions may ask. */
export interface IdentityQuery {
  /** Whether the account has a role of that name, and which policies are attached to it. */
  role(account: string, name: string): Promise<RoleState>
  /** Makes a role that the cloud's services need of the caller's account, unless it is there. Throws LimitReached. */
  ensureServiceRole(call: Call, name: string): Promise<void>
}

export interface Identity extends IdentityQuery {
  readonly accounts: Accounts
  readonly users: Users
  readonly keys: Keys
  readonly roles: Roles
  readonly policies: Policies
  readonly tokens: Tokens
  readonly credentials: Credentials
}

export interface IdentityOptions extends Omit<IdentityParts, 'changed' | 'secrets'> {
  /** Keys that need no document. */
  readonly builtIn: CredentialSource
}

export function identity(options: IdentityOptions): Identity {
  const { builtIn, ...given } = options
  const found = credentials(given, builtIn)
  // Secrets come from the operating system whatever the server's own ids come from.
  const parts: IdentityParts = { ...given, secrets: random(), changed: () => found.forget() }
  return {
    accounts: accounts(parts),
    users: users(parts),
    keys: keys(parts),
    roles: roles(parts),
    policies: policies(parts),
    tokens: tokens(parts),
    credentials: found,
    ensureServiceRole: (call, name) => ensureServiceRole(parts, call, name),
    role: (account, name) => given.store.read((tx) => roleState(tx, { account, name })),
  }
}
