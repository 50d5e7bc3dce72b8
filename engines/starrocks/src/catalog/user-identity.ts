/**
 * Users by name and host: `'rose'@'10.%'` and `'rose'@'%'` are two, each with a password, roles and grants. A host is a pattern of
 * addresses, `%` for any text and `_` for one character.
 * reference: StarRocks 3.3.7, UserIdentity, AuthenticationMgr and PatternMatcher.
 */
import { likeMatcher } from '../like-pattern.ts'
import { SqlError } from '../session.ts'
import type { UserIdentity } from '../session.ts'
import type { Catalog, UserEntry } from './catalog.ts'

export const ANY_HOST = '%'

export const identityOf = ({ name, host }: UserEntry): UserIdentity => ({ user: name, host })

/** As statements write it and answers show it. */
export const identityText = ({ user, host }: UserIdentity): string => `'${user}'@'${host}'`

export const userText = (user: UserEntry): string => identityText(identityOf(user))

/** Found anew by each request, for the user may be gone since. */
export function presentUser(catalog: Catalog, identity: UserIdentity): UserEntry {
  const user = catalog.user(identity)
  if (user) return user
  throw new SqlError(
    `Access denied for user '${identity.user}' (using password: YES)`,
    1045,
    '28000',
  )
}

/**
 * Whom a client has to prove to be. Of several that its address fits it is the first in the order of their hosts' texts, `%` being the
 * last: a wrong password for that one lets nobody in as another.
 */
export function userFrom(
  catalog: Catalog,
  user: string,
  remoteHost: string,
): UserEntry | undefined {
  const fitting = catalog
    .usersNamed(user)
    .filter(({ host }) => host === ANY_HOST || likeMatcher(host, false)(remoteHost))
  return fitting.reduce<UserEntry | undefined>(
    (first, next) => (first && isBefore(first.host, next.host) ? first : next),
    undefined,
  )
}

const isBefore = (host: string, other: string): boolean =>
  other === ANY_HOST || (host !== ANY_HOST && host < other)

/** What StarRocks would read as a regular expression is no address and no name. */
const HOST = /^[\w.:%/-]{1,255}$/

export function checkHost(host: string): void {
  if (!HOST.test(host)) throw new SqlError(`Bad pattern in SQL: '${host}'`)
}
