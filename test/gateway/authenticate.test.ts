import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../../src/kernel/clock.ts'
import { Fault, type FaultCode } from '../../src/domain/fault.ts'
import type { Credential } from '../../src/domain/identity.ts'
import { authenticate } from '../../src/gateway/authenticate.ts'
import type { SignatureClaim } from '../../src/gateway/dialect.ts'
import { createNonceCache } from '../../src/gateway/nonce-cache.ts'
import { SignatureProblem } from '../../src/gateway/signed-request.ts'

const NOW = 1_767_323_045_000
const principal = {
  account: '1',
  tenant: '1',
  kind: 'root',
  id: '1',
  name: 'r',
  policies: [],
} as const

const lasting: Credential = { keyId: 'k', secret: 'right', active: true, principal }
const session: Credential = { ...lasting, sessionToken: 'token', expiresMs: NOW + 1000 }

interface AuthenticationCase {
  readonly credential?: Credential | undefined
  readonly claim?: Partial<SignatureClaim>
  readonly aheadMs?: number
}

async function ask({ credential, claim, aheadMs = 0 }: AuthenticationCase) {
  const verified: string[] = []
  const clock = manualClock(NOW)
  const serviceClock = { ...clock, now: () => NOW + aheadMs, wall: () => NOW }
  const whole: SignatureClaim = {
    keyId: 'k',
    sessionToken: undefined,
    signedMs: NOW,
    windowMs: 1000,
    nonce: undefined,
    verify(secret) {
      verified.push(secret)
      if (secret !== 'right') throw new SignatureProblem('mismatch')
    },
    ...claim,
  }
  const parts = {
    clock: serviceClock,
    nonces: createNonceCache({ windowMs: 1000 }),
    credentials: async () => credential,
  }
  try {
    return { principal: await authenticate(parts, 'd', whole), verified }
  } catch (problem) {
    return { problem, verified }
  }
}

const refusals: readonly [string, AuthenticationCase, FaultCode | 'timestamp-expired', number][] = [
  ['an unknown key', {}, 'CredentialUnknown', 1],
  ['a disabled key', { credential: { ...lasting, active: false } }, 'CredentialDisabled', 1],
  [
    'a key with a token that it does not have',
    { credential: lasting, claim: { sessionToken: 't' } },
    'TokenRefused',
    0,
  ],
  ['a temporary key without its token', { credential: session }, 'TokenRefused', 0],
  [
    'a temporary key with another token',
    { credential: session, claim: { sessionToken: 'tokeN' } },
    'TokenRefused',
    0,
  ],
  [
    'a temporary key at its end',
    { credential: session, claim: { sessionToken: 'token' }, aheadMs: 1000 },
    'TokenRefused',
    0,
  ],
  [
    'an old signature',
    { credential: lasting, claim: { signedMs: NOW - 1001 } },
    'timestamp-expired',
    0,
  ],
]

for (const [title, request, code, verifications] of refusals) {
  test(`${title} is refused with ${code}`, async () => {
    const { problem, verified } = await ask(request)
    if (problem instanceof Fault) assert.equal(problem.code, code)
    else assert.equal((problem as SignatureProblem).kind, code)
    assert.equal(verified.length, verifications)
    assert.ok(!verified.includes('right'))
  })
}

test('a key that is unknown or disabled costs a signature like any other, whose result is ignored', async () => {
  const unknown = await ask({ claim: { verify: () => {} } })
  assert.ok(unknown.problem instanceof Fault && unknown.problem.code === 'CredentialUnknown')
  await assert.rejects(async () => {
    const { problem } = await ask({
      claim: {
        verify() {
          throw new TypeError('a bug')
        },
      },
    })
    throw problem
  }, TypeError)
})

test('a temporary key is good with its token until its end, by service time', async () => {
  const claim = { sessionToken: 'token' }
  assert.equal((await ask({ credential: session, claim })).principal, principal)
  assert.equal((await ask({ credential: session, claim, aheadMs: 999 })).principal, principal)
})

test('a nonce is used up by a proved signature only', async () => {
  const nonces = createNonceCache({ windowMs: 1000 })
  const parts = { clock: manualClock(NOW), nonces, credentials: async () => lasting }
  const claim = (secretIs: string): SignatureClaim => ({
    keyId: 'k',
    sessionToken: undefined,
    signedMs: NOW,
    windowMs: 1000,
    nonce: 'n',
    verify(secret) {
      if (secret !== secretIs) throw new SignatureProblem('mismatch')
    },
  })
  await assert.rejects(authenticate(parts, 'd', claim('wrong')), SignatureProblem)
  await authenticate(parts, 'd', claim('right'))
  await assert.rejects(
    authenticate(parts, 'd', claim('right')),
    (problem) => problem instanceof Fault && problem.code === 'NonceReused',
  )
})
