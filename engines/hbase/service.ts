/** HBase: a master on each master node, one of them active, and a region server on each core; its data lie in HDFS. */
import { bean, clientFiles, fileSystemOf, siteXml, type Properties } from '../hadoop/client.ts'
import type {
  Daemon,
  DaemonPeer,
  DaemonPlan,
  Probe,
  Service,
} from '../../src/substrate/local/service.ts'

import { tableLoads } from './src/inquiry.ts'

const MASTER = 'hbase-master'
const REGION_SERVER = 'hbase-regionserver'
const FILE = 'hbase-site.xml'
const PACKAGE = 'org.apache.hadoop.hbase'
const STATE = 'Hadoop:service=HBase,name=Master,sub=Server'

/** Where pages would be, which come in no jar: a daemon ends that does not find the folders. */
const FOLDERS = ['master', 'regionserver']
const prepare = `mkdir -p hbase-webapps/static ${FOLDERS.map((name) => `hbase-webapps/${name}/WEB-INF`).join(' ')} || exit 1
${FOLDERS.map((name) => `cp web.xml hbase-webapps/${name}/WEB-INF/ || exit 1`).join('\n')}`

const master: Daemon = {
  name: MASTER,
  process: 'HMaster',
  runsOn: ({ role }) => role === 'master',
  ports: [16_000, 16_010],
  after: ['zookeeper', 'hdfs-namenode'],
  heapMib: 256,
  heapShare: 0.2,
  residentMib: 340,
  files: (plan) => filesOf(plan, masterSite(plan)),
  prepare,
  program: () => programOf('master.HMaster'),
  probe: probeMaster,
  endpoints: ({ ports: [rpc = 0, http = 0] }) => [
    { name: 'hbase', port: rpc },
    { name: 'hbase-http', port: http },
  ],
}

const regionServer: Daemon = {
  name: REGION_SERVER,
  process: 'HRegionServer',
  runsOn: ({ role }) => role === 'core',
  ports: [16_020, 16_030],
  after: [MASTER],
  heapMib: 256,
  heapShare: 0.3,
  residentMib: 290,
  files: (plan) => filesOf(plan, regionSite(plan)),
  prepare,
  program: () => programOf('regionserver.HRegionServer'),
  probe: probeRegionServer,
}

export const hbase: Service = {
  name: 'hbase',
  components: ['hbase'],
  version: '2.6.4',
  part: 'hbase',
  configurable: {
    [FILE]: [
      'hbase.rootdir',
      'hbase.cluster.distributed',
      'hbase.zookeeper.quorum',
      'hbase.wal.provider',
      'hbase.unsafe.stream.capability.enforce',
      ...['master', 'regionserver'].flatMap((name) => [
        `hbase.${name}.hostname`,
        `hbase.${name}.port`,
        `hbase.${name}.ipc.address`,
        `hbase.${name}.info.port`,
        `hbase.${name}.info.bindAddress`,
      ]),
    ],
  },
  daemons: [master, regionServer],
  inquiries: (plan) => {
    const servers = of(plan, REGION_SERVER).map(({ host, ports: [rpc = 0, http = 0] }) => ({
      host,
      rpc,
      http,
    }))
    return { tables: (server) => tableLoads(servers, server) }
  },
}

function of({ peers }: DaemonPlan, daemon: string): readonly DaemonPeer[] {
  return peers.filter((each) => each.daemon === daemon)
}

function programOf(main: string) {
  const opened = ['jdk.internal.misc', 'sun.net.dns', 'sun.net.util'].map(
    (name) => `--add-exports=java.base/${name}=ALL-UNNAMED`,
  )
  const options = ['-Dhbase.log.dir=.', '-XX:MaxDirectMemorySize=128m', ...opened]
  return { main: `${PACKAGE}.${main}`, args: ['start'], options }
}

function filesOf(plan: DaemonPlan, own: Properties): Readonly<Record<string, string>> {
  const quorum = of(plan, 'zookeeper').map(({ host, ports: [port] }) => `${host}:${port}`)
  return {
    ...clientFiles(plan),
    [FILE]: siteXml({
      'hbase.regionserver.handler.count': 5,
      'hbase.master.handler.count': 5,
      // What died is missed after 20 s, not after 90.
      'zookeeper.session.timeout': 20_000,
      ...plan.settings[FILE],
      'hbase.rootdir': `${fileSystemOf(plan)}/hbase`,
      'hbase.cluster.distributed': true,
      'hbase.zookeeper.quorum': quorum.join(','),
      'hbase.wal.provider': 'filesystem',
      'hbase.unsafe.stream.capability.enforce': false,
      'hbase.tmp.dir': `${plan.directory}/tmp`,
      ...own,
    }),
    'web.xml': '<web-app xmlns="http://java.sun.com/xml/ns/javaee" version="2.5"/>\n',
  }
}

function masterSite({ host, ports: [rpc = 0, http = 0] }: DaemonPlan): Properties {
  return addressesOf('master', { host, rpc, http })
}

function regionSite({ host, ports: [rpc = 0, http = 0] }: DaemonPlan): Properties {
  return addressesOf('regionserver', { host, rpc, http })
}

function addressesOf(
  name: string,
  { host, rpc, http }: { readonly host: string; readonly rpc: number; readonly http: number },
): Properties {
  return {
    [`hbase.${name}.hostname`]: host,
    [`hbase.${name}.ipc.address`]: host,
    [`hbase.${name}.port`]: rpc,
    [`hbase.${name}.info.bindAddress`]: host,
    [`hbase.${name}.info.port`]: http,
  }
}

type State = Readonly<Record<string, unknown>>

/** What the active master says of itself; undefined where none is. */
async function activeState(plan: DaemonPlan): Promise<State | undefined> {
  const states = await Promise.all(
    of(plan, MASTER).map(({ host, ports }) =>
      bean(host, ports[1] ?? 0, STATE).catch((): State => ({})),
    ),
  )
  return states.find((state) => state['tag.isActiveMaster'] === 'true')
}

async function probeMaster(plan: DaemonPlan): Promise<Probe> {
  await bean(plan.host, plan.ports[1] ?? 0, 'java.lang:type=Runtime')
  if (await activeState(plan)) return { answering: true }
  return { answering: false, waiting: true, reason: 'no master is active' }
}

/** It serves when the active master gives it regions. */
async function probeRegionServer(plan: DaemonPlan): Promise<Probe> {
  const { host, ports } = plan
  await bean(host, ports[1] ?? 0, 'java.lang:type=Runtime')
  const state = await activeState(plan)
  if (!state) return { answering: false, waiting: true, reason: 'no master is active' }
  const { 'tag.liveRegionServers': live } = state
  const known = typeof live === 'string' ? live.split(';') : []
  if (known.some((each) => each.startsWith(`${host},${ports[0]},`))) return { answering: true }
  return { answering: false, waiting: true, reason: 'the active master does not know it' }
}
