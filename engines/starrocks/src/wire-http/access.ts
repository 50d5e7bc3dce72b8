/** Who is asking, on either port. */
import type { Engine } from '../session.ts'
import { SqlError } from '../session.ts'
import { basicCredential } from './basic-credential.ts'
import type { Exchange } from './exchange.ts'

/** ERR_ACCESS_DENIED of StarRocks and MySQL's own refusals of a user. */
const DENIED = [1044, 1045, 1142, 1227, 5203]

export const isDenied = (error: unknown): error is SqlError =>
  error instanceof SqlError && DENIED.includes(error.errno)

/** The user's name, proven. Throws the SqlError 1045 otherwise, without saying what was wrong. */
export async function authenticated(
  engine: Pick<Engine, 'checkPassword'>,
  { request }: Pick<Exchange, 'request'>,
): Promise<string> {
  const credential = basicCredential(request.headers.authorization)
  if (!credential) throw new SqlError('no valid Basic authorization', 1045, '28000')
  const { user, password } = credential
  if (await engine.checkPassword(user, password)) return user
  const from = request.socket.remoteAddress ?? ''
  throw new SqlError(`Access denied for ${user}@${from}`, 1045, '28000')
}
