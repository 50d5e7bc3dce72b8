/** Where clients of Hive send SQL to, on each master: Spark's server of Hive's protocol. */
import { exchange } from '../../../src/kernel/exchange.ts'
import type { Daemon, DaemonPlan, Probe, Setting } from '../../../src/substrate/local/service.ts'
import { restJson, type Properties } from '../../hadoop/client.ts'
import { HIVE_FILE, hiveSite, METASTORE } from './metastore.ts'
import { DEFAULTS_FILE, environmentOf, prepareFolder, sparkFiles } from './spark-default.ts'

const ANSWER_MS = 3_000

export const sqlServer: Daemon = {
  name: 'hive-server2',
  process: 'HiveServer2',
  runsOn: ({ role }) => role === 'master',
  ports: [10_000, 4040],
  // It waits for YARN by itself, where that runs its statements.
  after: [METASTORE, 'hdfs-namenode'],
  // Spark takes no less.
  heapMib: 512,
  heapShare: 0.35,
  residentMib: 520,
  files: filesOf,
  environment: environmentOf,
  prepare: prepareFolder,
  program: () => ({
    main: 'org.apache.spark.deploy.SparkSubmit',
    args: [
      '--properties-file',
      DEFAULTS_FILE,
      '--class',
      'org.apache.spark.sql.hive.thriftserver.HiveThriftServer2',
      'spark-internal',
    ],
  }),
  probe,
  endpoints: ({ ports: [port = 0, http = 0] }) => [
    { name: 'hive', port },
    { name: 'spark-http', port: http },
  ],
}

function filesOf(plan: DaemonPlan): Readonly<Record<string, string>> {
  const { host, ports, directory, threads } = plan
  const [port = 0, http = 0] = ports
  const files = sparkFiles(plan, {
    // Statements are short, and containers that wait for the next one would keep their nodes from being drained.
    before: { 'spark.master': `local[${Math.max(2, threads)}]` },
    own: {
      'spark.driver.host': host,
      'spark.driver.bindAddress': host,
      'spark.ui.port': http,
      'spark.local.dir': `${directory}/tmp`,
      // It ends with the server, after months.
      'spark.eventLog.enabled': false,
    },
  })
  const server = {
    'hive.server2.enable.doAs': false,
    ...loginSite(plan),
    'hive.server2.transport.mode': 'binary',
    'hive.server2.use.SSL': false,
    'hive.server2.thrift.bind.host': host,
    'hive.server2.thrift.port': port,
  }
  return { ...files, [HIVE_FILE]: hiveSite(plan, server) }
}

const AUTHENTICATION = 'hive.server2.authentication'
const LDAP = 'LDAP'
const DIRECTORY = 'openldap-slapd'
const PEOPLE = 'ou=People,dc=emr,dc=cloud,dc=tencent,dc=com'

/** Whether who says a name has to prove it. */
export function requiresPassword({ settings }: DaemonPlan): boolean {
  return settings[HIVE_FILE]?.[AUTHENTICATION] === LDAP
}

/** By the cluster's directory, on the first master of which it is: each has the same users. */
function loginSite(plan: DaemonPlan): Properties {
  if (!requiresPassword(plan)) return { [AUTHENTICATION]: 'NONE' }
  const servers = plan.peers.filter(({ daemon }) => daemon === DIRECTORY)
  return {
    [AUTHENTICATION]: LDAP,
    [`${AUTHENTICATION}.ldap.url`]: servers
      .map(({ host, ports: [port] }) => `ldap://${host}:${port}`)
      .join(' '),
    [`${AUTHENTICATION}.ldap.baseDN`]: PEOPLE,
  }
}

/** Why a client cannot set it so, in a sentence. */
export function unmetLogin({ file, name, value, services }: Setting): string | undefined {
  if (file !== HIVE_FILE || name !== AUTHENTICATION || value === 'NONE') return undefined
  if (value !== LDAP) return `it can be NONE or ${LDAP}`
  return services.includes('openldap') ? undefined : 'the cluster has no OpenLDAP'
}

/** It listens once its driver works, which waits for YARN where that is to run its statements. */
async function probe(plan: DaemonPlan): Promise<Probe> {
  const { host, ports } = plan
  const [port = 0, http = 0] = ports
  try {
    await probeHive(host, port, requiresPassword(plan) ? BAD : COMPLETE)
    return { answering: true }
  } catch (problem) {
    await restJson(host, http, '/api/v1/applications')
    const reason = `its driver has started, and ${(problem as Error).message}`
    return { answering: false, waiting: true, reason }
  }
}

/** The states of a login by SASL over Thrift (thrift.apache.org, "SASL transport"). */
const START = 1
const OK = 2
const BAD = 3
const COMPLETE = 5
const MECHANISM = 'PLAIN'

/** Rejects unless what listens there answers a name that nobody has proved so: where passwords are asked for, by its directory's word. */
async function probeHive(host: string, port: number, expected: number): Promise<void> {
  const login = Buffer.concat([messageOf(START, MECHANISM), messageOf(OK, '\0emrys\0emrys')])
  const [state] = await exchange({ host, port }, login, {
    answerMs: ANSWER_MS,
    lengthOf: () => 1,
  })
  if (state !== expected) throw new Error(`${host}:${port} does not speak Hive's protocol`)
}

function messageOf(state: number, text: string): Buffer {
  const message = Buffer.alloc(5 + text.length)
  message[0] = state
  message.writeUInt32BE(text.length, 1)
  message.write(text, 5, 'latin1')
  return message
}
