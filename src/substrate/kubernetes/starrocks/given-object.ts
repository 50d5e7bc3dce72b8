/**
 * The external catalog and the user that an instance begins with (DlfCatalogName, LinkedRamUserName): made by SQL, once, which is noted on the Secret
 * of the password. What a client drops afterwards stays dropped; who is killed before it is noted makes them once more.
 */
import { isAtLeast } from '../../../kernel/version.ts'
import type { UnmetRequirement } from '../../../domain/cluster/capability.ts'
import type { ClusterSpec } from '../../../domain/cluster/spec.ts'
import type { KubernetesClient } from '../client.ts'
import { resources } from '../resource.ts'
import { ADMIN_SECRET } from './pod.ts'

export interface GivenObjects {
  readonly catalog?: { readonly name: string; readonly uri: string }
  readonly user?: string
}

export const GIVEN_OBJECTS = 'emrys.dev/given-objects'

/** From it on, users are granted privileges of external catalogs. reference: StarRocks documentation, "GRANT" */
const FIRST = [3, 0] as const
/** They are there, and somebody's. */
const OWNED: readonly string[] = ['root', 'admin']

/** Undefined where there are none. */
export function givenObjectsOf({
  catalog,
  linkedUser: user,
}: Pick<ClusterSpec, 'catalog' | 'linkedUser'>): GivenObjects | undefined {
  if (!catalog && user === undefined) return undefined
  return {
    ...(catalog?.rest !== undefined && { catalog: { name: catalog.name, uri: catalog.rest } }),
    ...(user !== undefined && { user }),
  }
}

/** `version`: that front ends run. */
export function unmetGiven(
  { catalog, linkedUser }: Pick<ClusterSpec, 'catalog' | 'linkedUser'>,
  version: string,
): UnmetRequirement | undefined {
  if (catalog && catalog.type !== 'iceberg')
    return { what: `a catalog of ${catalog.type}`, detail: 'on kubernetes they are of iceberg' }
  if (catalog && catalog.rest === undefined)
    return {
      what: 'a catalog in a folder',
      detail:
        'StarRocks would need a key to the whole store for it; one that a server of Iceberg keeps (`rest` of the environment) needs none',
    }
  if (linkedUser === undefined || isAtLeast(version, FIRST)) return undefined
  return { what: 'a linked user', detail: `${version} grants nothing of catalogs` }
}

/** The server that keeps it gives keys for what it names. `escape`: a text as SQL has it. */
export function catalogStatement(
  { name, uri }: NonNullable<GivenObjects['catalog']>,
  escape: (text: string) => string,
): string {
  const properties = {
    type: 'iceberg',
    'iceberg.catalog.type': 'rest',
    'iceberg.catalog.uri': uri,
  }
  const list = Object.entries(properties).map(([key, value]) => `"${key}" = ${escape(value)}`)
  return `CREATE EXTERNAL CATALOG \`${name}\` PROPERTIES (${list.join(', ')})`
}

/** May all be said again. With the password of the instance, as nobody gave it another one. */
export function userStatements(
  { catalog, user }: GivenObjects,
  password: string,
  escape: (text: string) => string,
): readonly string[] {
  if (user === undefined || OWNED.includes(user)) return []
  const grantee = `USER ${escape(user)}`
  return [
    `CREATE USER IF NOT EXISTS ${escape(user)} IDENTIFIED BY ${escape(password)}`,
    ...(catalog
      ? [
          `GRANT USAGE ON CATALOG \`${catalog.name}\` TO ${grantee}`,
          `SET CATALOG \`${catalog.name}\``,
          `GRANT SELECT ON ALL TABLES IN ALL DATABASES TO ${grantee}`,
        ]
      : []),
  ]
}

export async function noteObjectsGiven(client: KubernetesClient, namespace: string): Promise<void> {
  const key = { type: resources.secret, namespace, name: ADMIN_SECRET }
  await client.merge(key, { metadata: { annotations: { [GIVEN_OBJECTS]: 'true' } } })
}
