/** Composition root, its part for identities: who may sign, and the accounts of the development key. */
import { identity, type Identity, type IdentityOptions } from '../app/identity/identity.ts'
import type { Config } from '../config/config.ts'
import type { CredentialSource } from '../domain/identity.ts'
import { developmentAccounts, developmentCredentials } from '../gateway/development.ts'
import { identityRules } from './vendor.ts'

export function identitiesOf(
  { developmentKey }: Config,
  shared: Pick<IdentityOptions, 'store' | 'clock' | 'random' | 'sealer'>,
): Identity {
  const builtIn = developmentKey ? developmentCredentials : noCredentials
  return identity({ ...shared, rules: identityRules, builtIn })
}

/** The accounts of the development key, with the service's roles; other accounts are made by the server's administrator. */
export async function developmentBegins(who: Identity, wanted: boolean): Promise<void> {
  who.credentials.forget()
  if (!wanted) return
  for (const [dialect, numbers] of Object.entries(developmentAccounts))
    await who.accounts.ensure({ dialect, ...numbers, name: 'development', serviceRoles: true })
}

const noCredentials: CredentialSource = async () => undefined
