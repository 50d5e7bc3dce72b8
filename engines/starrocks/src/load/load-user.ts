/** Who loads: found anew by each request, for the user may be gone since. */
import type { Catalog, UserEntry } from '../catalog/catalog.ts'
import { SqlError } from '../session.ts'
import type { UserIdentity } from '../session.ts'

export function loadUser(catalog: Catalog, identity: UserIdentity): UserEntry {
  const user = catalog.user(identity)
  if (user) return user
  throw new SqlError(
    `Access denied for user '${identity.user}' (using password: YES)`,
    1045,
    '28000',
  )
}
