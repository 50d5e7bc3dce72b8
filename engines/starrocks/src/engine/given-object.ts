/**
 * External catalogs and users that whoever runs the instance wants in it. Each is made once, in one transaction with the mark that it
 * was: a process that is killed in between finds neither, and makes both. What a client changes or drops afterwards stays so.
 */
import type { ExternalCatalogEntry, GivenEntry, UserEntry } from '../catalog/catalog.ts'
import type { CatalogStore, Draft } from '../catalog/catalog-store.ts'
import type { Grant } from '../catalog/grant.ts'
import { ANY_HOST } from '../catalog/user-identity.ts'
import { whyUnread } from '../lake/reader.ts'
import type { Link } from '../storage/link.ts'

export interface GivenObjects {
  readonly catalogs: readonly GivenCatalog[]
  readonly users: readonly GivenUser[]
}

interface GivenCatalog {
  readonly name: string
  /** `type` among them. */
  readonly properties: Readonly<Record<string, string>>
}

interface GivenUser {
  readonly name: string
  /** Whose tables it may read. */
  readonly catalogs: readonly string[]
}

/** `verifier`: of the password that a user begins with, in hexadecimal. */
export async function ensureGivenObjects(
  store: CatalogStore,
  link: Link,
  it: { readonly given: GivenObjects; readonly verifier: string; readonly nowMs: number },
): Promise<void> {
  const { catalogs, users } = it.given
  const isNew = (what: GivenEntry['what'], name: string) => !store.current.wasGiven(what, name)
  const news = [
    ...catalogs.filter(({ name }) => isNew('catalog', name)),
    ...users.filter(({ name }) => isNew('user', name)),
  ]
  if (news.length === 0) return
  await store.change(link, async (draft) => {
    for (const catalog of catalogs)
      if (isNew('catalog', catalog.name)) {
        if (!draft.catalog.external(catalog.name)) draft.put(catalogEntry(draft, catalog, it.nowMs))
        mark(draft, 'catalog', catalog.name)
      }
    for (const user of users)
      if (isNew('user', user.name)) {
        // One that is there is somebody's already, root and admin among them.
        if (draft.catalog.usersNamed(user.name).length === 0)
          draft.put(userEntry(draft, user, it.verifier))
        mark(draft, 'user', user.name)
      }
  })
}

function mark(draft: Draft, what: GivenEntry['what'], name: string): void {
  draft.put({ kind: 'given', id: draft.newId(), what, name })
}

function catalogEntry(
  draft: Draft,
  { name, properties }: GivenCatalog,
  createdMs: number,
): ExternalCatalogEntry {
  const { type = '' } = properties
  const unread = whyUnread({ type, properties })
  const comment = unread === undefined ? undefined : `Nothing of it can be read here: ${unread}`
  const id = draft.newId()
  return { kind: 'external catalog', id, name, type, comment, properties, createdMs }
}

function userEntry(draft: Draft, { name, catalogs }: GivenUser, verifier: string): UserEntry {
  const grants = catalogs.flatMap((catalog) => {
    const entry = draft.catalog.external(catalog)
    return entry ? readingGrants(entry.id) : []
  })
  const id = draft.newId()
  const roles = { roles: [], defaultRoles: [] }
  return { kind: 'user', id, name, host: ANY_HOST, verifier, ...roles, grants, properties: {} }
}

const readingGrants = (catalogId: number): readonly Grant[] => [
  onOutside('catalog', ['USAGE'], { catalogId, database: '', table: '' }),
  onOutside('table', ['SELECT'], { catalogId, database: '*', table: '*' }),
]

const onOutside = (
  object: Grant['object'],
  privileges: readonly string[],
  outside: NonNullable<Grant['outside']>,
): Grant => ({
  object,
  privileges,
  grantOption: false,
  databaseId: undefined,
  objectId: undefined,
  outside,
})
