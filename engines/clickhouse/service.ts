/**
 * ClickHouse: the clickhouse-server of the machine on each core node. Without high availability every node is a shard; with it every two
 * are the replicas of one, which is known by the ensemble of ZooKeeper that such a cluster has (reference: tencent-emr.md 3.5).
 */
import type { DaemonPlan, Probe, Service } from '../../src/substrate/local/service.ts'
import { ask, PEER_KEY } from './src/client.ts'
import { clusterOf, configurationOf, PORTS, usersOf } from './src/configuration.ts'
import { peerPassword } from './src/password.ts'

const [HTTP_PORT, NATIVE_PORT] = PORTS

export const clickhouse: Service = {
  name: 'clickhouse',
  components: ['clickhouse'],
  version: '18.16.1',
  program: {
    name: 'clickhouse-server',
    package: 'clickhouse-server',
    use: 'ClickHouse of EMR clusters on the local substrate',
    // Debian's says that it knows no such option; later ones say their version.
    versionArgs: ['--version'],
  },
  administered: true,
  configurable: {},
  daemons: [
    {
      name: 'clickhouse-server',
      process: 'ClickHouseServer',
      runsOn: ({ role }) => role === 'core',
      ports: PORTS,
      // What is replicated can only be read while nobody knows of its replicas.
      after: ['zookeeper'],
      heapMib: 128,
      heapShare: 0.8,
      residentMib: 220,
      files: (plan) => ({
        'config.xml': configurationOf(plan),
        'users.xml': usersOf(plan),
        'cluster.xml': clusterOf(plan),
        [PEER_KEY]: peerPassword(plan),
      }),
      // It looks itself whether the nodes of the cluster are others.
      reload: [{ file: 'cluster.xml' }],
      // It dies of a time zone without a name.
      environment: () => ({ TZ: 'UTC' }),
      program: () => ({ args: ['--config-file=config.xml'] }),
      probe,
      figures,
      endpoints: ({ ports: [http = HTTP_PORT, native = NATIVE_PORT] }) => [
        { name: 'clickhouse-http', port: http },
        { name: 'clickhouse', port: native },
      ],
    },
  ],
  unmetChange({ before, after }) {
    const kept = new Set(after.map(({ id }) => id))
    const gone = before.find(({ id, role }) => role === 'core' && !kept.has(id))
    if (!gone) return undefined
    return `the rows of ${gone.id} would go with it: ClickHouse moves none to other nodes`
  },
}

async function probe(plan: DaemonPlan): Promise<Probe> {
  const said = (await ask(plan, 'SELECT 1')).trim()
  return said === '1' ? { answering: true } : { answering: false, reason: `it says ${said}` }
}

/** Of what it counts itself. */
const FIGURES = [
  'Query',
  'Merge',
  'TCPConnection',
  'HTTPConnection',
  'ReadonlyReplica',
  'MemoryTracking',
  'ZooKeeperSession',
]

async function figures(plan: DaemonPlan): Promise<string> {
  const rows = await ask(plan, 'SELECT metric, value FROM system.metrics ORDER BY metric')
  return rows
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([name = '', value]) => FIGURES.includes(name) && Number.isFinite(Number(value)))
    .map(([name, value]) => {
      const metric = `clickhouse_${name}`
      return `# TYPE ${metric} gauge\n${metric} ${Number(value)}\n`
    })
    .join('')
}
