/**
 * The well-known development key: one pair for both clouds, so that a first try needs no set-up. It is public, therefore it
 * works only while the server listens on loopback (the server refuses to start otherwise), as the root of an account of its own.
 */
import type { CredentialSource } from '../domain/identity.ts'

export const DEVELOPMENT_KEY_ID = 'EMRYSDEVELOPMENTKEY'
export const DEVELOPMENT_SECRET = 'emrys-development-secret'

/** By dialect. They are accounts like others, except that their first key is publicly known. */
export const developmentAccounts: Readonly<Record<string, { account: string; tenant: string }>> = {
  alibaba: { account: '1000000000000001', tenant: '1000000000000001' },
  tencent: { account: '100000000001', tenant: '1250000001' },
}

export const developmentCredentials: CredentialSource = async (dialect, keyId) => {
  const numbers = developmentAccounts[dialect]
  if (keyId !== DEVELOPMENT_KEY_ID || !numbers) return undefined
  const principal = {
    ...numbers,
    kind: 'root',
    id: numbers.account,
    name: 'development',
    policies: [],
  } as const
  return { keyId, secret: DEVELOPMENT_SECRET, active: true, principal }
}
