/**
 * Who signed this request? Throws CredentialUnknown, CredentialDisabled, TokenRefused, NonceReused or SignatureProblem.
 *
 * A key id that does not exist costs as much as one that does: a signature is calculated against a dummy secret, so that the
 * time of a refusal does not distinguish a disabled key, which some clouds call unknown, from one that never existed.
 */
import type { Clock } from '../kernel/clock.ts'
import { equalText } from '../kernel/digest.ts'
import { Fault } from '../domain/fault.ts'
import type { Credential, CredentialSource, Principal } from '../domain/identity.ts'
import type { SignatureClaim } from './dialect.ts'
import type { NonceCache } from './nonce-cache.ts'
import { SignatureProblem, checkFreshness } from './signed-request.ts'

export interface AuthenticationParts {
  readonly clock: Clock
  readonly credentials: CredentialSource
  readonly nonces: NonceCache
}

export async function authenticate(
  { clock, credentials, nonces }: AuthenticationParts,
  dialect: string,
  claim: SignatureClaim,
): Promise<Principal> {
  const nowMs = clock.wall()
  const credential = await credentials(dialect, claim.keyId)
  if (!credential?.active) {
    verifyDummy(claim)
    const { keyId } = claim
    throw credential
      ? new Fault('CredentialDisabled', { keyId })
      : new Fault('CredentialUnknown', { keyId })
  }
  checkFreshness(claim.signedMs, nowMs, claim.windowMs)
  checkToken(claim, credential, clock.now())
  claim.verify(credential.secret)
  if (claim.nonce !== undefined && !(await nonces.remember(claim.keyId, claim.nonce, nowMs))) {
    throw new Fault('NonceReused', {})
  }
  return credential.principal
}

const DUMMY_SECRET = 'no key has this secret, which is as long'

function verifyDummy(claim: SignatureClaim): void {
  try {
    claim.verify(DUMMY_SECRET)
  } catch (problem) {
    if (!(problem instanceof SignatureProblem)) throw problem
  }
}

/** A temporary key needs its session token; a lasting key must come without one. Sessions end by service time. */
function checkToken(claim: SignatureClaim, credential: Credential, nowMs: number): void {
  const { sessionToken, expiresMs } = credential
  if (sessionToken === undefined) {
    if (claim.sessionToken) throw new Fault('TokenRefused', { why: 'mismatch' })
    return
  }
  if (!claim.sessionToken) throw new Fault('TokenRefused', { why: 'missing' })
  if (!equalText(claim.sessionToken, sessionToken))
    throw new Fault('TokenRefused', { why: 'mismatch' })
  if (expiresMs !== undefined && expiresMs <= nowMs)
    throw new Fault('TokenRefused', { why: 'expired' })
}
