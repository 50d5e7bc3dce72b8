/**
 * OpenLDAP: the slapd of the machine on each master. Users and groups are what the cluster's directory says; they are written by its
 * administrator alone, on every master the same, so that one that is gone takes nobody with it.
 */
import { saltedSha1, saltOf } from '../../src/kernel/password-hash.ts'
import type {
  Administrator,
  DaemonPlan,
  DirectoryService,
  Probe,
  Service,
} from '../../src/substrate/local/service.ts'
import { ADMINISTRATOR, BASE, GROUPS, PEOPLE } from './src/tree.ts'

/** LDAP's own is 389, which only the machine's administrator may listen on. */
const PORT = 1389
/** Of its database: some hundred bytes for a user, five hundred users. */
const MAP_BYTES = 64 * 1024 ** 2
/** What it allocates by the number of files that it may open, which on some machines is a thousand million. */
const OPEN_FILES = 1_024

/** Its answers need a package that nothing else loads. */
const client = () => import('./src/client.ts')

const directory: DirectoryService = {
  daemon: 'openldap-slapd',
  ensure: async (plan, content, password) => (await client()).ensure(plan, content, password),
}

export const openldap: Service = {
  name: 'openldap',
  components: ['openldap'],
  version: '2.5.13',
  program: {
    name: 'slapd',
    package: 'slapd',
    use: 'users and groups of EMR clusters on the local substrate, by LDAP',
    versionArgs: ['-VV'],
  },
  // Every hadoop cluster has to name it, and users are recorded without it too.
  optional: true,
  administered: true,
  directory,
  configurable: {},
  daemons: [
    {
      name: directory.daemon,
      process: 'slapd',
      runsOn: ({ role }) => role === 'master',
      ports: [PORT],
      after: [],
      heapMib: 0,
      heapShare: 0,
      residentMib: 30,
      files: (plan) => ({ 'slapd.conf': configurationOf(plan), 'base.ldif': BASE_ENTRIES }),
      once: () => [
        {
          name: 'base',
          clears: 'data/data.mdb',
          args: ['-T', 'add', '-f', 'slapd.conf', '-l', 'base.ldif'],
        },
      ],
      prepare: `ulimit -n ${OPEN_FILES}`,
      // In the foreground, with what it says of itself and nothing of each request.
      program: ({ host, ports: [port = PORT] }) => ({
        args: ['-f', 'slapd.conf', '-h', `ldap://${host}:${port}`, '-d', 'none'],
      }),
      probe,
      endpoints: ({ ports: [port = PORT] }) => [{ name: 'ldap', port }],
    },
  ],
}

/** Where Debian's package has its schemas and its database. */
const SCHEMAS = '/etc/ldap/schema'
const MODULES = '/usr/lib/ldap'

/** Passwords are there to be compared; the base is there for everybody, which shows that it works; the rest for those who say who they are. */
function configurationOf({ cluster, administrator }: DaemonPlan): string {
  const schemas = ['core', 'cosine', 'nis', 'inetorgperson']
  return `${schemas.map((name) => `include ${SCHEMAS}/${name}.schema\n`).join('')}
pidfile slapd.pid
modulepath ${MODULES}
moduleload back_mdb
threads 4
loglevel none
password-hash {SSHA}
sizelimit unlimited
database mdb
maxsize ${MAP_BYTES}
directory data
suffix "${BASE}"
rootdn "${ADMINISTRATOR}"
${administrator ? `rootpw ${passwordHash(cluster, administrator)}\n` : ''}index objectClass eq
index uid,cn,memberUid eq
access to attrs=userPassword by anonymous auth by * none
access to dn.base="${BASE}" by * read
access to * by users read by * none
`
}

/** The salt is the cluster's own, and no secret: the same file is made again and again. */
function passwordHash(cluster: string, { password }: Administrator): string {
  return saltedSha1(password, saltOf(`administrator/${cluster}`))
}

const BASE_ENTRIES = `dn: ${BASE}
objectClass: dcObject
objectClass: organization
dc: emr
o: emr

dn: ${PEOPLE}
objectClass: organizationalUnit
ou: People

dn: ${GROUPS}
objectClass: organizationalUnit
ou: Group
`

async function probe(plan: DaemonPlan): Promise<Probe> {
  const { isThere } = await client()
  return (await isThere(plan))
    ? { answering: true }
    : { answering: false, reason: `${BASE} is not there` }
}
