/** Hive's metastore, on each master: who tells every client of the cluster's tables, by Thrift. */
import { bucketPreparation, clientFiles, siteXml, type Properties } from '../../hadoop/client.ts'
import type { Daemon, DaemonPlan, Probe } from '../../../src/substrate/local/service.ts'
import { boundMetastore } from './bound-metastore.ts'
import { DATABASE, databaseSite } from './database.ts'
import { callThrift } from './thrift.ts'

export const METASTORE = 'hive-metastore'
export const HIVE_FILE = 'hive-site.xml'
/** Where databases are that say nothing else. */
const WAREHOUSE = '/usr/hive/warehouse'

export const metastore: Daemon = {
  name: METASTORE,
  process: 'HiveMetaStore',
  runsOn: ({ role }) => role === 'master',
  // As the cloud has it; Hive's own would be 9083.
  ports: [7004],
  // The first one makes the tables in its database: two at once would both make some. Files are of whoever writes them.
  after: [DATABASE, METASTORE],
  heapMib: 128,
  heapShare: 0.1,
  residentMib: 220,
  files: (plan) => ({
    ...clientFiles(plan),
    [HIVE_FILE]: hiveSite(plan, { 'hive.metastore.uris': '', ...databaseSite(plan) }),
    [boundMetastore.file]: boundMetastore.text,
  }),
  prepare: (plan) => bucketPreparation(plan, boundMetastore.unpack),
  program: ({ ports: [port = 0] }) => ({
    main: 'org.apache.hadoop.hive.metastore.HiveMetaStore',
    args: ['-p', String(port)],
  }),
  probe,
  endpoints: ({ ports: [port = 0] }) => [{ name: 'hive-metastore', port }],
}

/** What clients cannot set. */
export const hiveFixed: readonly string[] = [
  'javax.jdo.option.ConnectionURL',
  'javax.jdo.option.ConnectionDriverName',
  'javax.jdo.option.ConnectionUserName',
  'javax.jdo.option.ConnectionPassword',
  'hive.metastore.uris',
  'hive.metastore.port',
  'hive.metastore.use.SSL',
  'hive.metastore.sasl.enabled',
  'hive.metastore.thrift.compact.protocol.enabled',
  'hive.metastore.thrift.framed.transport.enabled',
  'datanucleus.schema.autoCreateAll',
  'datanucleus.schema.autoCreateTables',
  'datanucleus.schema.autoCreateColumns',
  'datanucleus.schema.autoCreateConstraints',
  'hive.async.log.enabled',
  'hive.server2.enable.doAs',
  'hive.server2.authentication.ldap.url',
  'hive.server2.authentication.ldap.baseDN',
  'hive.server2.authentication.ldap.guidKey',
  'hive.server2.authentication.ldap.Domain',
  'hive.server2.authentication.ldap.userDNPattern',
  'hive.server2.transport.mode',
  'hive.server2.use.SSL',
  'hive.server2.thrift.bind.host',
  'hive.server2.thrift.port',
  'hive.server2.thrift.sasl.qop',
]

/** `own`: what one daemon alone is configured with. */
export function hiveSite(plan: DaemonPlan, own: Properties = {}): string {
  return siteXml({
    'hive.metastore.warehouse.dir': WAREHOUSE,
    'hive.metastore.schema.verification': false,
    // Each connection has a thread of its own; those that wait for one would be two hundred.
    'hive.metastore.server.min.threads': 4,
    ...plan.settings[HIVE_FILE],
    'hive.metastore.uris': metastoresOf(plan).join(','),
    // It would need a queue that is not there.
    'hive.async.log.enabled': false,
    ...own,
  })
}

/** The addresses of all that there are. */
function metastoresOf({ peers }: DaemonPlan): readonly string[] {
  return peers
    .filter(({ daemon }) => daemon === METASTORE)
    .map(({ host, ports: [port] }) => `thrift://${host}:${port}`)
}

export function warehouseOf({ settings }: DaemonPlan): string {
  return settings[HIVE_FILE]?.['hive.metastore.warehouse.dir'] ?? WAREHOUSE
}

/** It asks its database, which it waits for by itself. */
async function probe({ host, ports: [port = 0] }: DaemonPlan): Promise<Probe> {
  const at = { host, port }
  try {
    await callThrift(at, 'get_database', 'default')
    return { answering: true }
  } catch (problem) {
    await callThrift(at, 'getStatus')
    const reason = `its database does not answer: ${(problem as Error).message}`
    return { answering: false, waiting: true, reason }
  }
}
