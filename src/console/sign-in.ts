/**
 * Signing in: with an access key of one of the clouds, or with the token of the administration. The secret is compared and forgotten; the
 * session keeps the id of the key alone. Attempts are bounded, all together: whoever guesses is slowed down, whoever types is not.
 */
import { Fault } from '../domain/fault.ts'
import { throttle, type Throttle } from '../gateway/throttle.ts'
import { equalText } from '../kernel/digest.ts'
import { limits } from '../limits.ts'
import { ConsoleProblem } from './answer.ts'
import type { ConsoleContext } from './context.ts'
import type { SessionOwner } from './session.ts'

type Members = Readonly<Record<string, unknown>>

/** Throws ConsoleProblem, which never says what was wrong about a key. */
export type SignIn = (members: Members) => Promise<SessionOwner>

export function signIn(
  context: Pick<ConsoleContext, 'credentials' | 'dialects' | 'adminToken' | 'clock'>,
): SignIn {
  const attempts = throttle(limits.consoleSignIns)
  return async (members) => {
    await admit(attempts, context.clock.wall())
    const { token, cloud, keyId, secret } = members
    if (typeof token === 'string') {
      if (!equalText(token.trim(), context.adminToken.text)) throw refused()
      return { kind: 'administrator' }
    }
    if (typeof cloud !== 'string' || typeof keyId !== 'string' || typeof secret !== 'string')
      throw new ConsoleProblem('give a cloud, keyId and secret, or a token')
    const dialect = context.dialects.find(({ name }) => name === cloud)?.name
    if (dialect === undefined) throw new ConsoleProblem('there is no such cloud')
    const found = await context.credentials(dialect, keyId.trim())
    const isRight = equalText(secret.trim(), found?.secret ?? NO_SECRET)
    // A temporary key signs with a token beside its secret; its sessions end elsewhere.
    if (!isRight || !found?.active || found.sessionToken !== undefined) throw refused()
    return { kind: 'key', dialect, keyId: found.keyId }
  }
}

const NO_SECRET = 'no key has this secret, which is as long'

function refused(): ConsoleProblem {
  return new ConsoleProblem('the key or its secret is not accepted', 401)
}

async function admit(attempts: Throttle, nowMs: number): Promise<void> {
  try {
    await attempts.admit('', nowMs)
  } catch (problem) {
    if (problem instanceof Fault) throw new ConsoleProblem('too many attempts; wait a second', 429)
    throw problem
  }
}
