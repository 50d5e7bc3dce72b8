/**
 * Groups of users by the cluster's OpenLDAP, where core-site.xml asks for that. NameNodes and ResourceManagers alone ask it, as they judge who may
 * do what; everybody else, and without OpenLDAP they too, ask the machine as Hadoop does by itself.
 */
import type { DaemonPlan, Setting } from '../../../src/substrate/local/service.ts'
import type { Properties } from './site.ts'

const FILE = 'core-site.xml'
const MAPPING = 'hadoop.security.group.mapping'
const LDAP = 'org.apache.hadoop.security.LdapGroupsMapping'
const OF_MACHINE = 'org.apache.hadoop.security.JniBasedUnixGroupsMappingWithFallback'
const DIRECTORY = 'openldap-slapd'
const PASSWORD_FILE = 'ldap.password'
const BASE = 'dc=emr,dc=cloud,dc=tencent,dc=com'
/** What changes in the directory is in force after so long. */
const KNOWN_SECONDS = 5

/** What clients cannot set of it. */
export const groupsFixed: readonly string[] = [
  `${MAPPING}.ldap.url`,
  `${MAPPING}.ldap.base`,
  `${MAPPING}.ldap.bind.user`,
  `${MAPPING}.ldap.bind.password`,
  `${MAPPING}.ldap.bind.password.file`,
  `${MAPPING}.ldap.bind.users`,
]

export function unmetGroups({ file, name, value, services }: Setting): string | undefined {
  if (file !== FILE || name !== MAPPING || value !== LDAP) return undefined
  return services.includes('openldap') ? undefined : 'the cluster has no OpenLDAP'
}

function isAskedFor({ settings }: DaemonPlan): boolean {
  return settings[FILE]?.[MAPPING] === LDAP
}

/** Of whoever does not ask the directory. */
export function withoutDirectory(plan: DaemonPlan): Properties {
  return isAskedFor(plan) ? { [MAPPING]: OF_MACHINE } : {}
}

function serversOf({ peers }: DaemonPlan): readonly string[] {
  return peers
    .filter(({ daemon }) => daemon === DIRECTORY)
    .map(({ host, ports: [port] }) => `ldap://${host}:${port}`)
}

export function groupSite(plan: DaemonPlan): Properties {
  const servers = serversOf(plan)
  if (!isAskedFor(plan) || servers.length === 0) return withoutDirectory(plan)
  return {
    'hadoop.security.groups.cache.secs': KNOWN_SECONDS,
    'hadoop.security.groups.negative-cache.secs': KNOWN_SECONDS,
    [MAPPING]: LDAP,
    [`${MAPPING}.ldap.url`]: servers.join(','),
    [`${MAPPING}.ldap.base`]: BASE,
    [`${MAPPING}.ldap.bind.user`]: `cn=admin,${BASE}`,
    [`${MAPPING}.ldap.bind.password.file`]: `${plan.directory}/${PASSWORD_FILE}`,
    [`${MAPPING}.ldap.search.filter.user`]: '(&(objectClass=posixAccount)(uid={0}))',
    [`${MAPPING}.ldap.search.filter.group`]: '(objectClass=posixGroup)',
    [`${MAPPING}.ldap.search.attr.member`]: 'memberUid',
    [`${MAPPING}.ldap.search.attr.group.name`]: 'cn',
  }
}

/** Its user alone reads it. */
export function groupFiles(plan: DaemonPlan): Readonly<Record<string, string>> {
  if (!isAskedFor(plan) || serversOf(plan).length === 0) return {}
  return { [PASSWORD_FILE]: plan.administrator?.password ?? '' }
}
