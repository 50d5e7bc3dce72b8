/** Idempotency keys: a request that is sent again under the same key and with the same parameters gets its first answer. */
import { canonicalJson } from '../../kernel/json.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Sealer } from '../../kernel/seal.ts'
import { Fault } from '../../domain/fault.ts'
import { limits } from '../../limits.ts'
import type { Reader, Writer } from '../../store/port.ts'
import type { Call } from '../call.ts'

export interface IdempotencyKey {
  /** The client's token, if it sent one. */
  readonly token: string | undefined
  /** What makes two requests the same: every parameter but the token. */
  readonly parameters: unknown
}

export interface IdempotencyParts {
  readonly clock: Clock
  readonly sealer: Sealer
}

/** What an earlier request of the same key and parameters was answered; undefined when there was none. */
export async function findAnswer<A>(
  tx: Reader,
  { clock, sealer }: IdempotencyParts,
  call: Call,
  { token, parameters }: IdempotencyKey,
): Promise<A | undefined> {
  if (token === undefined || token === '') return undefined
  const known = await tx.findToken(call.principal.account, call.action, token)
  if (!known || known.expiresMs <= clock.now()) return undefined
  const same = known.fingerprint === sealer.fingerprint(canonicalJson(parameters))
  return same ? (JSON.parse(known.answer) as A) : undefined
}

/**
 * The answer of the key's first request, if this is not the first; else the key stands for `answer` from now on. Throws
 * IdempotencyConflict when it stands for other parameters.
 */
export async function claimIdempotencyKey<A>(
  tx: Writer,
  { clock, sealer }: IdempotencyParts,
  call: Call,
  { token, parameters, answer }: IdempotencyKey & { readonly answer: A },
): Promise<A | undefined> {
  if (token === undefined) return undefined
  const { account } = call.principal
  const nowMs = clock.now()
  const fingerprint = sealer.fingerprint(canonicalJson(parameters))
  const expiresMs = nowMs + limits.tokenMs
  const claim = { account, action: call.action, token, fingerprint, expiresMs }
  const known = await tx.claimToken({ ...claim, answer: JSON.stringify(answer) }, nowMs)
  if (!known) return undefined
  if (known.fingerprint !== fingerprint) throw new Fault('IdempotencyConflict', { token })
  return JSON.parse(known.answer) as A
}
