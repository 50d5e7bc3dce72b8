/** Who is asking, on either port. */
import { remoteHost } from '../remote-host.ts'
import type { Engine, UserIdentity } from '../session.ts'
import { SqlError } from '../session.ts'
import { basicCredential } from './basic-credential.ts'
import type { Exchange } from './exchange.ts'

/** ERR_ACCESS_DENIED of StarRocks and MySQL's own refusals of a user. */
const DENIED = [1044, 1045, 1142, 1227, 5203]

export const isDenied = (error: unknown): error is SqlError =>
  error instanceof SqlError && DENIED.includes(error.errno)

/** The user, proven. Throws the SqlError 1045 otherwise, without saying what was wrong. */
export async function authenticated(
  engine: Pick<Engine, 'checkPassword'>,
  { request }: Pick<Exchange, 'request'>,
): Promise<UserIdentity> {
  const credential = basicCredential(request.headers.authorization)
  if (!credential) throw new SqlError('no valid Basic authorization', 1045, '28000')
  const { user, password } = credential
  const from = remoteHost(request.socket)
  const identity = await engine.checkPassword(user, from, password)
  if (identity) return identity
  throw new SqlError(`Access denied for ${user}@${from}`, 1045, '28000')
}
