/** Where the tables of Hive are written down: a Derby server on the first master, or the client's own MySQL-compatible database. */
import { exchange } from '../../../src/kernel/exchange.ts'
import type { Properties } from '../../hadoop/client.ts'
import type { Daemon, DaemonPlan } from '../../../src/substrate/local/service.ts'

export const DATABASE = 'hive-database'
const ANSWER_MS = 2_000

export const database: Daemon = {
  name: DATABASE,
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
    await probeDrda(host, port)
    return { answering: true }
  },
}

/** Of `hive-site.xml`, for what reads and writes it. */
export function databaseSite({ metadata, peers }: DaemonPlan): Properties {
  const connection = (url: string, driver: string, user: string, password: string) => ({
    'javax.jdo.option.ConnectionURL': url,
    'javax.jdo.option.ConnectionDriverName': driver,
    'javax.jdo.option.ConnectionUserName': user,
    'javax.jdo.option.ConnectionPassword': password,
  })
  if (metadata) {
    const { host, port, database: name, user, password = '' } = metadata
    // It is MySQL to Hive, which knows its ways of quoting; and only this database is looked at, not the server's own.
    const options = 'useMysqlMetadata=true&nullDatabaseMeansCurrent=true'
    const url = `jdbc:mariadb://${host}:${port}/${name}?${options}&allowPublicKeyRetrieval=true`
    return {
      ...connection(url, 'org.mariadb.jdbc.Driver', user, password),
      'datanucleus.schema.autoCreateTables': true,
      'datanucleus.schema.autoCreateColumns': true,
      // Foreign keys are added while tables are being read, which this database waits for, for ever.
      'datanucleus.schema.autoCreateConstraints': false,
    }
  }
  const server = peers.find(({ daemon }) => daemon === DATABASE)
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
async function probeDrda(host: string, port: number): Promise<void> {
  const message = Buffer.alloc(10)
  message.writeUInt16BE(message.length, 0)
  message[2] = MESSAGE
  message[3] = REQUEST
  message.writeUInt16BE(1, 4)
  message.writeUInt16BE(4, 6)
  message.writeUInt16BE(EXCHANGE_ATTRIBUTES, 8)
  const { length } = message
  const answer = await exchange({ host, port }, message, {
    answerMs: ANSWER_MS,
    lengthOf: () => length,
  })
  if (answer.readUInt16BE(8) !== ATTRIBUTES) throw new Error(`${host}:${port} does not speak DRDA`)
}
