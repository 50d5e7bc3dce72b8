/**
 * The built-in roles, and the users root and admin, whose password the control plane sets. The last one that it set is
 * kept beside the user's own: a password changed by SQL holds until the control plane sets another one, which may be the
 * same again: then its number is another one.
 */
import type { UserEntry } from '../catalog/catalog.ts'
import type { CatalogStore } from '../catalog/catalog-store.ts'
import type { EngineIdentity } from '../execution/engine-context.ts'
import { ANY_HOST } from '../catalog/user-identity.ts'
import { instanceUsers } from '../statement/account/user.ts'
import type { Link } from '../storage/link.ts'
import { builtInRoles } from '../catalog/grant.ts'

const GIVEN = 'emrys.given_verifier'

export async function ensureInstanceUsers(
  store: CatalogStore,
  link: Link,
  { adminVerifier, passwordNumber }: Pick<EngineIdentity, 'adminVerifier' | 'passwordNumber'>,
): Promise<void> {
  const verifier = Buffer.from(adminVerifier).toString('hex')
  const given = passwordNumber === 0 ? verifier : `${passwordNumber}:${verifier}`
  await store.change(link, async (draft) => {
    for (const role of builtInRoles) {
      const known = draft.catalog.role(role.name)
      const id = known?.id ?? draft.newId()
      const wanted = { kind: 'role', id, builtIn: true, parents: [], ...role } as const
      if (JSON.stringify(known?.grants) !== JSON.stringify(role.grants)) draft.put(wanted)
    }
    for (const name of instanceUsers) {
      const known = draft.catalog.user({ user: name, host: ANY_HOST })
      if (known?.properties[GIVEN] === given) continue
      const fresh: UserEntry = {
        kind: 'user',
        id: known?.id ?? draft.newId(),
        name,
        host: ANY_HOST,
        verifier,
        roles: ['root'],
        defaultRoles: 'all',
        grants: [],
        properties: {},
      }
      draft.put({ ...fresh, ...known, verifier, properties: { [GIVEN]: given } })
    }
  })
}

/** The user as one to whom no password was given yet: the next one that is given holds. The same object where none was. */
export function withoutGiven(user: UserEntry): UserEntry {
  if (user.properties[GIVEN] === undefined) return user
  const { [GIVEN]: _given, ...properties } = user.properties
  return { ...user, properties }
}
