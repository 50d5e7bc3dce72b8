/** Whom the engine lets in: the user that a name and an address belong to, by its password. */
import { timingSafeEqual } from 'node:crypto'
import { identityOf, userFrom } from '../catalog/user-identity.ts'
import type { EngineContext } from '../execution/engine-context.ts'
import type { Engine } from '../session.ts'
import { verifierOf } from '../statement/account/user.ts'

export function authenticator(
  engine: Pick<EngineContext, 'store'>,
): Pick<Engine, 'findUser' | 'checkPassword'> {
  return {
    async findUser(user, remoteHost) {
      const entry = userFrom(engine.store.current, user, remoteHost)
      return entry && { identity: identityOf(entry), verifier: Buffer.from(entry.verifier, 'hex') }
    },
    async checkPassword(user, remoteHost, password) {
      const entry = userFrom(engine.store.current, user, remoteHost)
      // The same work for an unknown user: how long it takes reveals nothing.
      const wanted = Buffer.alloc(20)
      Buffer.from(entry?.verifier ?? '', 'hex').copy(wanted)
      const given = Buffer.alloc(20)
      Buffer.from(verifierOf(password), 'hex').copy(given)
      return timingSafeEqual(wanted, given) && entry ? identityOf(entry) : undefined
    },
  }
}
