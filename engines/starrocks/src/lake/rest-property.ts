/**
 * What a catalog's properties say of a server of Iceberg's REST protocol. StarRocks 3.3 hands all of them on to Iceberg's client; later
 * versions have names of their own for some. reference: StarRocks 3.3.7, IcebergRESTCatalog; 3.4, OAuth2SecurityConfig
 */
import { SqlError } from '../session.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import type { RestOptions } from './rest-catalog.ts'
import { isToken } from './rest-token.ts'

type Properties = Readonly<Record<string, string>>

const START = 'iceberg.catalog.'
const SECURITY = `${START}security`

/** The names of each, the older first. */
const NAMES = {
  token: ['token', 'oauth2.token'],
  credential: ['credential', 'oauth2.credential'],
  scope: ['scope', 'oauth2.scope'],
  server: ['oauth2-server-uri', 'oauth2.server-uri'],
} as const

export const restProperties: readonly string[] = [
  `${START}warehouse`,
  `${START}prefix`,
  SECURITY,
  ...Object.values(NAMES)
    .flat()
    .map((name) => `${START}${name}`),
]

/** They are kept only where all that is kept is encrypted. */
export const restSecrets: readonly string[] = [...NAMES.token, ...NAMES.credential].map(
  (name) => `${START}${name}`,
)

/** Throws SqlError for what contradicts itself. */
export function restOptions(properties: Properties): RestOptions {
  const own = (name: string) => properties[`${START}${name}`] || undefined
  const one = (names: readonly string[]) => names.map(own).find((value) => value !== undefined)
  const uri = own('uri') ?? ''
  const [token, credential] = [one(NAMES.token), one(NAMES.credential)]
  const security = properties[SECURITY]?.toLowerCase() ?? ''
  if (!['', 'none', 'oauth2'].includes(security))
    throw unsupportedByEngine(`"${SECURITY}" = "${security.slice(0, 50)}"`)
  const isSecret = token !== undefined || credential !== undefined
  if (security === 'none' && isSecret)
    throw new SqlError(`"${SECURITY}" = "none" contradicts a token or a credential`)
  if (security === 'oauth2' && !isSecret)
    throw new SqlError(
      `"${SECURITY}" = "oauth2" needs "${START}oauth2.token" or "${START}oauth2.credential"`,
    )
  if (token !== undefined && !isToken(token))
    throw new SqlError('The token of the catalog holds what no token may hold')
  const tokenUri = one(NAMES.server) ?? `${uri.replace(/\/+$/, '')}/v1/oauth/tokens`
  const access = { token, credential, scope: one(NAMES.scope) ?? 'catalog', tokenUri }
  return {
    uri,
    warehouse: own('warehouse'),
    prefix: own('prefix'),
    access: isSecret ? access : undefined,
  }
}
