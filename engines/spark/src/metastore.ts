/**
 * Where the tables of Hive are written down: a Derby server on the first master, or the client's own MySQL-compatible database. What reads
 * and writes it is Hive's metastore within each program: as a server of its own it would listen on all addresses of the machine.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { siteXml, type Properties } from '../../hadoop/client.ts'
import type { Daemon, DaemonPlan } from '../../../src/substrate/local/service.ts'

const METASTORE = 'hive-metastore'
export const SQL_SERVER = 'hive-server2'
export const HIVE_FILE = 'hive-site.xml'
/** Where databases are that say nothing else. */
const WAREHOUSE = '/usr/hive/warehouse'
const ANSWER_MS = 2_000

export const metastore: Daemon = {
  name: METASTORE,
  runsOn: ({ role, place, ownMetadata }) => role === 'master' && place === 0 && !ownMetadata,
  ports: [1527],
  after: [],
  heapMib: 64,
  heapShare: 0.05,
  residentMib: 80,
  files: () => ({}),
  program: ({ host, ports: [port = 0] }) => ({
    main: 'org.apache.derby.drda.NetworkServerControl',
    args: ['start', '-h', host, '-p', String(port), '-noSecurityManager'],
    options: ['-Dderby.system.home=data', '-Dderby.stream.error.file=daemon.log'],
  }),
  async probe({ host, ports: [port = 0] }) {
    await speaksDrda(host, port)
    return { answering: true }
  },
}

/** What clients cannot set. */
export const hiveFixed: readonly string[] = [
  'javax.jdo.option.ConnectionURL',
  'javax.jdo.option.ConnectionDriverName',
  'javax.jdo.option.ConnectionUserName',
  'javax.jdo.option.ConnectionPassword',
  'hive.metastore.uris',
  'datanucleus.schema.autoCreateAll',
  'datanucleus.schema.autoCreateTables',
  'datanucleus.schema.autoCreateColumns',
  'datanucleus.schema.autoCreateConstraints',
  'hive.async.log.enabled',
  'hive.server2.enable.doAs',
  'hive.server2.authentication',
  'hive.server2.transport.mode',
  'hive.server2.use.SSL',
  'hive.server2.thrift.bind.host',
  'hive.server2.thrift.port',
  'hive.server2.thrift.sasl.qop',
]

/** `server`: for the server of SQL alone. */
export function hiveSite(plan: DaemonPlan, server: Properties = {}): string {
  return siteXml({
    'hive.metastore.warehouse.dir': WAREHOUSE,
    'hive.metastore.schema.verification': false,
    ...plan.settings[HIVE_FILE],
    ...databaseOf(plan),
    'hive.metastore.uris': '',
    // It would need a queue that is not there.
    'hive.async.log.enabled': false,
    ...server,
  })
}

export function warehouseOf({ settings }: DaemonPlan): string {
  return settings[HIVE_FILE]?.['hive.metastore.warehouse.dir'] ?? WAREHOUSE
}

function databaseOf({ metadata, peers }: DaemonPlan): Properties {
  const connection = (url: string, driver: string, user: string, password: string) => ({
    'javax.jdo.option.ConnectionURL': url,
    'javax.jdo.option.ConnectionDriverName': driver,
    'javax.jdo.option.ConnectionUserName': user,
    'javax.jdo.option.ConnectionPassword': password,
  })
  if (metadata) {
    const { host, port, database, user, password = '' } = metadata
    // It is MySQL to Hive, which knows its ways of quoting; and only this database is looked at, not the server's own.
    const options = 'useMysqlMetadata=true&nullDatabaseMeansCurrent=true'
    const url = `jdbc:mariadb://${host}:${port}/${database}?${options}&allowPublicKeyRetrieval=true`
    return {
      ...connection(url, 'org.mariadb.jdbc.Driver', user, password),
      'datanucleus.schema.autoCreateTables': true,
      'datanucleus.schema.autoCreateColumns': true,
      // Foreign keys are added while tables are being read, which this database waits for, for ever.
      'datanucleus.schema.autoCreateConstraints': false,
    }
  }
  const server = peers.find(({ daemon }) => daemon === METASTORE)
  const url = `jdbc:derby://${server?.host}:${server?.ports[0]}/metastore;create=true`
  // Nobody has to prove who he is to it, as to the rest of the cluster.
  const own = connection(url, 'org.apache.derby.jdbc.ClientDriver', 'APP', 'none')
  return { ...own, 'datanucleus.schema.autoCreateAll': true }
}

const EXCHANGE_ATTRIBUTES = 0x1041
const ATTRIBUTES = 0x1443
const MESSAGE = 0xd0
const REQUEST = 0x01

/** Rejects unless what listens there answers the first message of DRDA (The Open Group, "DRDA Volume 3"), with which every client begins. */
async function speaksDrda(host: string, port: number): Promise<void> {
  const message = Buffer.alloc(10)
  message.writeUInt16BE(message.length, 0)
  message[2] = MESSAGE
  message[3] = REQUEST
  message.writeUInt16BE(1, 4)
  message.writeUInt16BE(4, 6)
  message.writeUInt16BE(EXCHANGE_ATTRIBUTES, 8)
  const signal = AbortSignal.timeout(ANSWER_MS)
  const socket = connect({ host, port, localAddress: host, signal })
  try {
    await once(socket, 'connect', { signal })
    socket.write(message)
    const [answer] = (await once(socket, 'data', { signal })) as [Buffer]
    if (answer.length < message.length || answer.readUInt16BE(8) !== ATTRIBUTES)
      throw new Error(`${host}:${port} does not speak DRDA`)
  } finally {
    socket.destroy()
  }
}
