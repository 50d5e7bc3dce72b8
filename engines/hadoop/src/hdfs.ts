/**
 * HDFS: a NameNode on the master and a DataNode on each core; where the cluster is highly available, two NameNodes whose edits three
 * JournalNodes keep, and a controller beside each that makes the other one active when it dies.
 */
import type {
  Daemon,
  DaemonPeer,
  DaemonPlan,
  Placement,
  Service,
  ServiceChange,
} from '../../../src/substrate/local/service.ts'
import { bucketFiles, bucketPreparation, bucketSite } from './bucket.ts'
import { reservation, volumeSite, withReservation } from './disk.ts'
import { figuresOf, fileSystemFigures } from './figure.ts'
import { hdfsInquiries } from './hdfs-inquiry.ts'
import {
  groupFiles,
  groupsFixed,
  unmetGroups,
  groupSite,
  withoutDirectory,
} from './group-mapping.ts'
import {
  activeAddress,
  isDataNodeDrained,
  NAME_NODE,
  probeController,
  probeDataNode,
  probeNameNode,
} from './hdfs-probe.ts'
import { boundSockets } from './shipped-class.ts'
import { bean, siteXml, type Properties } from './site.ts'

const JOURNAL_NODE = 'hdfs-journalnode'
const CONTROLLER = 'hdfs-zkfc'
const DATA_NODE = 'hdfs-datanode'

const PACKAGE = 'org.apache.hadoop.hdfs'
/** Whom the daemons run as. */
const SUPERUSER = 'hadoop'
const EXCLUDE_FILE = 'dfs.exclude'
const SITE = 'hdfs-site.xml'
/** Every cluster has two cores at least. */
const REPLICATION = 2

const isHighlyAvailable = ({ roles }: Pick<Placement, 'roles'>) => roles.has('common')

const nameNode: Daemon = {
  name: NAME_NODE,
  process: 'NameNode',
  runsOn: ({ role }) => role === 'master',
  ports: [8020, 9870],
  after: [JOURNAL_NODE],
  heapMib: 160,
  heapShare: 0.25,
  residentMib: 240,
  files: (plan) => ({
    ...filesOf(plan, {
      'dfs.namenode.name.dir': `file://${plan.directory}/data/name`,
      'dfs.namenode.datanode.registration.ip-hostname-check': false,
      'dfs.hosts.exclude': `${plan.directory}/${EXCLUDE_FILE}`,
    }),
    'core-site.xml': coreSite(plan, groupSite(plan)),
    ...groupFiles(plan),
    [EXCLUDE_FILE]: leavingOf(plan)
      .map(({ host }) => `${host}\n`)
      .join(''),
  }),
  environment: environmentOf,
  prepare: bucketPreparation,
  once: (plan) => [
    isFirst(plan)
      ? {
          ...programOf(plan, 'server.namenode.NameNode'),
          name: 'format',
          clears: 'data/name',
          args: ['-format', '-force', '-nonInteractive'],
        }
      : {
          ...programOf(plan, 'server.namenode.NameNode'),
          name: 'standby',
          clears: 'data/name',
          args: ['-bootstrapStandby', '-force', '-nonInteractive'],
          retried: true,
        },
  ],
  program: (plan) => programOf(plan, 'server.namenode.NameNode'),
  reload: [
    {
      file: EXCLUDE_FILE,
      program: (plan) => ({
        ...programOf(plan, 'tools.DFSAdmin'),
        args: ['-fs', `hdfs://${plan.host}:${plan.ports[0]}`, '-refreshNodes'],
      }),
    },
  ],
  probe: probeNameNode,
  figures: figuresOf({
    service: 'NameNode',
    port: 1,
    more: { bean: 'name=FSNamesystem', figures: fileSystemFigures },
  }),
  endpoints: ({ ports: [rpc = 0, http = 0] }) => [
    { name: 'hdfs', port: rpc },
    { name: 'hdfs-http', port: http },
  ],
}

const dataNode: Daemon = {
  name: DATA_NODE,
  process: 'DataNode',
  runsOn: ({ role }) => role === 'core',
  ports: [9866, 9864, 9867],
  after: [],
  needs: [NAME_NODE],
  heapMib: 96,
  heapShare: 0.15,
  residentMib: 170,
  files(plan) {
    const files = filesOf(plan, dataSite(plan))
    return {
      ...files,
      [SITE]: withReservation(plan, files[SITE] ?? ''),
      [boundSockets.file]: boundSockets.text,
    }
  },
  environment: environmentOf,
  prepare: (plan) => bucketPreparation(plan, [reservation(plan), boundSockets.unpack].join('\n')),
  program: (plan) => programOf(plan, 'server.datanode.DataNode'),
  probe: probeDataNode,
  drained: isDataNodeDrained,
  figures: figuresOf({ service: 'DataNode', port: 1 }),
}

const journalNode: Daemon = {
  name: JOURNAL_NODE,
  process: 'JournalNode',
  runsOn: ({ role }) => role === 'common',
  ports: [8485, 8480],
  after: [],
  heapMib: 64,
  heapShare: 0.1,
  residentMib: 130,
  files: (plan) => filesOf(plan, journalSite(plan)),
  environment: environmentOf,
  prepare: bucketPreparation,
  program: (plan) => programOf(plan, 'qjournal.server.JournalNode'),
  async probe({ host, ports: [, http = 0] }) {
    await bean(host, http, 'Hadoop:service=JournalNode,name=JvmMetrics')
    return { answering: true }
  },
}

const controller: Daemon = {
  name: CONTROLLER,
  process: 'ZKFailoverController',
  runsOn: (node) => node.role === 'master' && isHighlyAvailable(node),
  ports: [8019],
  after: ['zookeeper'],
  needs: [NAME_NODE],
  heapMib: 64,
  heapShare: 0.05,
  residentMib: 100,
  files: (plan) => filesOf(plan),
  environment: environmentOf,
  prepare: bucketPreparation,
  once: (plan) => [
    {
      ...programOf(plan, 'tools.DFSZKFailoverController'),
      name: 'zookeeper',
      args: ['-formatZK', '-nonInteractive'],
      // The other one was quicker.
      doneElsewhere: 2,
      retried: true,
    },
  ],
  program: (plan) => programOf(plan, 'tools.DFSZKFailoverController'),
  probe: probeController,
}

export const hdfs: Service = {
  name: 'hdfs',
  components: ['hdfs'],
  version: '3.4.2',
  part: 'hadoop',
  buckets: 's3a',
  administered: true,
  unmetSetting: unmetGroups,
  configurable: {
    'core-site.xml': ['fs.defaultFS', 'hadoop.tmp.dir', 'ha.zookeeper.quorum', ...groupsFixed],
    'hdfs-site.xml': [
      'dfs.nameservices',
      'dfs.nameservice.id',
      'dfs.hosts',
      'dfs.hosts.exclude',
      'dfs.namenode.name.dir',
      'dfs.namenode.edits.dir',
      'dfs.namenode.shared.edits.dir',
      'dfs.namenode.rpc-address',
      'dfs.namenode.rpc-bind-host',
      'dfs.namenode.http-address',
      'dfs.namenode.http-bind-host',
      'dfs.datanode.data.dir',
      'dfs.datanode.hostname',
      'dfs.datanode.address',
      'dfs.datanode.http.address',
      'dfs.datanode.ipc.address',
      'dfs.journalnode.edits.dir',
      'dfs.journalnode.rpc-address',
      'dfs.journalnode.http-address',
      'dfs.ha.automatic-failover.enabled',
      'dfs.ha.fencing.methods',
      'dfs.ha.zkfc.port',
      'dfs.ha.namenode.id',
    ],
  },
  daemons: [journalNode, nameNode, controller, dataNode],
  inquiries: (plan) => hdfsInquiries(() => activeAddress(plan), SUPERUSER),
  unmetChange,
}

/** A block of which no second copy can be made keeps its node from ever being drained. */
function unmetChange({ settings, before, after }: ServiceChange): string | undefined {
  const wanted = Number(settings['hdfs-site.xml']?.['dfs.replication'] ?? REPLICATION)
  const cores = (nodes: ServiceChange['before']) =>
    nodes.filter(({ role }) => role === 'core').length
  if (cores(after) >= cores(before) || cores(after) >= wanted) return undefined
  return `${cores(after)} core nodes cannot keep the ${wanted} copies of each block (dfs.replication)`
}

function programOf(plan: DaemonPlan, main: string) {
  return {
    main: `${PACKAGE}.${main}`,
    options: [`-Dhadoop.log.dir=${plan.directory}`, '-Dhadoop.log.file=daemon.log'],
  }
}

export function environmentOf({ directory }: DaemonPlan): Readonly<Record<string, string>> {
  return { HADOOP_CONF_DIR: directory, HADOOP_LOG_DIR: directory }
}

function of({ peers }: DaemonPlan, daemon: string): readonly DaemonPeer[] {
  return peers.filter((each) => each.daemon === daemon)
}

function leavingOf(plan: DaemonPlan): readonly DaemonPeer[] {
  return of(plan, DATA_NODE).filter(({ leaving }) => leaving)
}

function isFirst(plan: DaemonPlan): boolean {
  return of(plan, NAME_NODE)[0]?.node === plan.node
}

function filesOf(plan: DaemonPlan, own: Properties = {}): Readonly<Record<string, string>> {
  return {
    ...bucketFiles(plan),
    'core-site.xml': coreSite(plan),
    [SITE]: siteXml({
      ...defaults,
      ...plan.settings['hdfs-site.xml'],
      ...placesOf(plan),
      ...own,
    }),
  }
}

/** Of whatever uses HDFS. */
export function coreSite(plan: DaemonPlan, groups: Properties = withoutDirectory(plan)): string {
  const quorum = of(plan, 'zookeeper').map(({ host, ports: [port] }) => `${host}:${port}`)
  const [first] = quorum
  return siteXml({
    'hadoop.http.staticuser.user': 'hadoop',
    'hadoop.proxyuser.hadoop.hosts': '*',
    'hadoop.proxyuser.hadoop.groups': '*',
    ...bucketSite(plan),
    ...plan.settings['core-site.xml'],
    ...groups,
    'fs.defaultFS': fileSystemOf(plan),
    'hadoop.tmp.dir': `${plan.directory}/tmp`,
    ...(first === undefined ? {} : { 'ha.zookeeper.quorum': quorum.join(',') }),
  })
}

export function fileSystemOf(plan: DaemonPlan): string {
  const [name] = of(plan, NAME_NODE)
  return inPair(plan) ? `hdfs://${plan.cluster}` : `hdfs://${name?.host}:${name?.ports[0]}`
}

/** What its clients need to know of it. */
export function clientSite(plan: DaemonPlan): string {
  return siteXml({
    'dfs.replication': REPLICATION,
    ...plan.settings['hdfs-site.xml'],
    ...nameNodesOf(plan),
    'dfs.client.use.datanode.hostname': true,
  })
}

function inPair(plan: DaemonPlan): boolean {
  return of(plan, NAME_NODE).length > 1
}

const defaults: Properties = {
  'dfs.replication': REPLICATION,
  'dfs.permissions.superusergroup': 'hadoop',
  'dfs.heartbeat.interval': 1,
  // A node that died is missed after 40 s, not after ten minutes.
  'dfs.namenode.heartbeat.recheck-interval': 15_000,
  'dfs.namenode.decommission.interval': 3,
  // A copy that a node was to make which has died is made by another one then, not after five minutes.
  'dfs.namenode.reconstruction.pending.timeout-sec': 20,
  'dfs.namenode.safemode.extension': 0,
  'dfs.namenode.safemode.min.datanodes': 1,
  'dfs.ha.tail-edits.period': 1,
}

function nameNodesOf(plan: DaemonPlan): Properties {
  const all = of(plan, NAME_NODE)
  const [first] = all
  if (!inPair(plan))
    return {
      'dfs.namenode.rpc-address': `${first?.host}:${first?.ports[0]}`,
      'dfs.namenode.http-address': `${first?.host}:${first?.ports[1]}`,
    }
  const service = plan.cluster
  const addresses = all.flatMap(({ host, ports: [rpc, http] }, at) => [
    [`dfs.namenode.rpc-address.${service}.nn${at + 1}`, `${host}:${rpc}`] as const,
    [`dfs.namenode.http-address.${service}.nn${at + 1}`, `${host}:${http}`] as const,
  ])
  return {
    'dfs.nameservices': service,
    [`dfs.ha.namenodes.${service}`]: all.map((_, at) => `nn${at + 1}`).join(','),
    ...Object.fromEntries(addresses),
    [`dfs.client.failover.proxy.provider.${service}`]: `${PACKAGE}.server.namenode.ha.ConfiguredFailoverProxyProvider`,
  }
}

function placesOf(plan: DaemonPlan): Properties {
  return {
    ...nameNodesOf(plan),
    ...(inPair(plan) ? pairOf(plan) : {}),
    'dfs.client.use.datanode.hostname': true,
  }
}

function dataSite(plan: DaemonPlan): Properties {
  const { host, ports } = plan
  const [data, http, ipc] = ports
  return {
    'hadoop.rpc.socket.factory.class.default': boundSockets.name,
    ...volumeSite(plan),
    'dfs.datanode.hostname': host,
    'dfs.datanode.address': `${host}:${data}`,
    'dfs.datanode.http.address': `${host}:${http}`,
    'dfs.datanode.ipc.address': `${host}:${ipc}`,
    'dfs.datanode.use.datanode.hostname': true,
  }
}

function journalSite({ host, ports, directory }: DaemonPlan): Properties {
  const [rpc, http] = ports
  return {
    'dfs.journalnode.edits.dir': `${directory}/data/journal`,
    'dfs.journalnode.rpc-address': `${host}:${rpc}`,
    'dfs.journalnode.http-address': `${host}:${http}`,
  }
}

/** The addresses of both NameNodes are this machine's: each daemon is configured with the one that is its own. */
function pairOf(plan: DaemonPlan): Properties {
  const journals = of(plan, JOURNAL_NODE).map(({ host, ports: [rpc] }) => `${host}:${rpc}`)
  const own = of(plan, NAME_NODE).findIndex(({ node }) => node === plan.node)
  const [controlled] = of(plan, CONTROLLER)
  return {
    'dfs.nameservice.id': plan.cluster,
    ...(own < 0 ? {} : { 'dfs.ha.namenode.id': `nn${own + 1}` }),
    'dfs.namenode.shared.edits.dir': `qjournal://${journals.join(';')}/${plan.cluster}`,
    'dfs.ha.automatic-failover.enabled': true,
    // One that was active and lives on can write nothing: JournalNodes take edits of the newest epoch alone.
    'dfs.ha.fencing.methods': 'shell(/bin/true)',
    'dfs.ha.zkfc.port': controlled?.ports[0] ?? 0,
  }
}
