/** ZooKeeper: one on the master, or an ensemble on the nodes that a highly available cluster has for it. */
import { exchange } from '../../src/kernel/exchange.ts'
import type { DaemonPlan, Placement, Service } from '../../src/substrate/local/service.ts'

const CLIENT_PORT = 2181
const FOLLOWER_PORT = 2888
const ELECTION_PORT = 3888
const ANSWER_MS = 2_000

export const zookeeper: Service = {
  name: 'zookeeper',
  components: ['zookeeper'],
  version: '3.9.4',
  part: 'zookeeper',
  configurable: {
    'zoo.cfg': [
      'dataDir',
      'clientPort',
      'dataLogDir',
      'dynamicConfigFile',
      'clientPortAddress',
      'admin.enableServer',
    ],
  },
  daemons: [
    {
      name: 'zookeeper',
      process: 'Zookeeper',
      runsOn,
      ports: [CLIENT_PORT, FOLLOWER_PORT, ELECTION_PORT],
      after: [],
      heapMib: 64,
      heapShare: 0.1,
      residentMib: 80,
      files: (plan) => ({ 'zoo.cfg': configurationOf(plan), myid: `${idOf(plan)}\n` }),
      prepare: 'cp myid data/myid',
      program: () => ({
        main: 'org.apache.zookeeper.server.quorum.QuorumPeerMain',
        args: ['zoo.cfg'],
        options: ['-Dzookeeper.jmx.log4j.disable=true'],
      }),
      probe,
      figures,
      endpoints: ({ ports: [port = 0] }) => [{ name: 'zookeeper', port }],
    },
  ],
}

/** Clusters without masters have it on their first core node. */
function runsOn({ role, place, roles }: Placement): boolean {
  if (roles.has('common')) return role === 'common'
  return place === 0 && role === (roles.has('master') ? 'master' : 'core')
}

function ensembleOf({ peers }: DaemonPlan): DaemonPlan['peers'] {
  return peers.filter(({ daemon }) => daemon === 'zookeeper')
}

function idOf(plan: DaemonPlan): number {
  return 1 + ensembleOf(plan).findIndex(({ node }) => node === plan.node)
}

function configurationOf(plan: DaemonPlan): string {
  const { host, ports, settings } = plan
  const ensemble = ensembleOf(plan)
  const members =
    ensemble.length < 2
      ? {}
      : Object.fromEntries(
          ensemble.map(({ host: of, ports: [, follower, election] }, at) => [
            `server.${at + 1}`,
            `${of}:${follower}:${election}`,
          ]),
        )
  const properties = {
    tickTime: '2000',
    initLimit: '10',
    syncLimit: '5',
    'autopurge.purgeInterval': '24',
    '4lw.commands.whitelist': 'conf,mntr,ruok,srvr,stat',
    ...settings['zoo.cfg'],
    dataDir: 'data',
    clientPort: String(ports[0] ?? CLIENT_PORT),
    clientPortAddress: host,
    'admin.enableServer': 'false',
    ...members,
  }
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replaceAll(/[\r\n]/g, ' ')}\n`)
    .join('')
}

/** `ruok` is answered by a member without a quorum as well; `srvr` says whether it serves. */
async function probe({ host, ports: [port = 0] }: DaemonPlan) {
  const said = await command(host, port, 'srvr')
  if (/^Mode: /m.test(said)) return { answering: true }
  return { answering: false, waiting: true, reason: said.trim() || 'it says nothing' }
}

/** Of what it counts itself. */
const FIGURES = [
  'zk_outstanding_requests',
  'zk_num_alive_connections',
  'zk_znode_count',
  'zk_watch_count',
  'zk_approximate_data_size',
  'zk_open_file_descriptor_count',
]

async function figures({ host, ports: [port = 0] }: DaemonPlan): Promise<string> {
  const lines = (await command(host, port, 'mntr')).split('\n').map((line) => line.split('\t'))
  return lines
    .filter(([name = '', value]) => FIGURES.includes(name) && Number.isFinite(Number(value)))
    .map(([name, value]) => `# TYPE ${name} gauge\n${name} ${Number(value)}\n`)
    .join('')
}

async function command(host: string, port: number, text: string): Promise<string> {
  return (await exchange({ host, port }, text, { answerMs: ANSWER_MS })).toString('utf8')
}
