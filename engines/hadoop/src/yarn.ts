/**
 * YARN: a ResourceManager on each master, one of them active, and a NodeManager on every core and task node; MapReduce runs on it, and has
 * its history.
 */
import type {
  Daemon,
  DaemonPeer,
  DaemonPlan,
  Service,
} from '../../../src/substrate/local/service.ts'
import { bucketFiles, bucketPreparation } from './bucket.ts'
import { clientSite, coreSite, environmentOf } from './hdfs.ts'
import { figuresOf, queueFigures } from './figure.ts'
import { groupFiles, groupSite } from './group-mapping.ts'
import { historyServer, historyServerOf, historySite } from './history.ts'
import { mapReduceJob } from './map-reduce-job.ts'
import {
  CAPACITY_FILE,
  CONTAINER_MIB_MIN,
  FAIR_FILE,
  schedulerFiles,
  unmetScheduler,
  schedulerSite,
} from './scheduler.ts'
import { boundShuffle } from './shipped-class.ts'
import { siteXml, type Properties } from './site.ts'
import { markedApplications, yarnInquiries } from './yarn-inquiry.ts'
import {
  activeAddress,
  isNodeManagerDrained,
  probeNodeManager,
  probeResourceManager,
  RESOURCE_MANAGER,
} from './yarn-probe.ts'

const NODE_MANAGER = 'yarn-nodemanager'

const VERSION = '3.4.2'
const SERVER = 'org.apache.hadoop.yarn.server'
const ADMIN = 'org.apache.hadoop.yarn.client.cli.RMAdminCLI'
const EXCLUDE_FILE = 'yarn.exclude'
/** Of a container's: what is left of it then is for whoever asked for the node's removal to decide. */
const GRACE_SECONDS = 3_600
/** NodeManagers say every second what runs on them: nothing new is started before all have. */
const NODES_BACK_MS = 3_000
/** Containers of one node, where the node's own share of the machine is smaller. */
const CONTAINERS_MIB_MIN = 1_536

const resourceManager: Daemon = {
  name: RESOURCE_MANAGER,
  process: 'ResourceManager',
  runsOn: ({ role }) => role === 'master',
  ports: [8032, 8030, 8031, 8033, 8088],
  after: ['zookeeper'],
  heapMib: 192,
  heapShare: 0.25,
  residentMib: 260,
  files: (plan) => ({
    ...filesOf(plan, managerSite(plan)),
    'core-site.xml': coreSite(plan, groupSite(plan)),
    ...groupFiles(plan),
    ...schedulerFiles(plan),
    [EXCLUDE_FILE]: of(plan, NODE_MANAGER)
      .filter(({ leaving }) => leaving)
      .map(({ host }) => `${host}\n`)
      .join(''),
  }),
  environment: environmentOf,
  prepare: bucketPreparation,
  program: (plan) => programOf(plan, `${SERVER}.resourcemanager.ResourceManager`),
  reload: [
    {
      file: EXCLUDE_FILE,
      program: (plan) => ({
        ...programOf(plan, ADMIN),
        args: ['-refreshNodes', '-g', String(GRACE_SECONDS), '-server'],
      }),
    },
    ...[CAPACITY_FILE, FAIR_FILE].map((file) => ({
      file,
      program: (plan: DaemonPlan) => ({ ...programOf(plan, ADMIN), args: ['-refreshQueues'] }),
    })),
  ],
  probe: probeResourceManager,
  figures: figuresOf({
    service: 'ResourceManager',
    port: 4,
    more: { bean: 'name=QueueMetrics,q0=root', figures: queueFigures },
  }),
  endpoints: ({ ports: [rpc = 0, , , , http = 0] }) => [
    { name: 'yarn', port: rpc },
    { name: 'yarn-http', port: http },
  ],
}

const nodeManager: Daemon = {
  name: NODE_MANAGER,
  process: 'NodeManager',
  runsOn: ({ role }) => role === 'core' || role === 'task',
  ports: [8041, 8040, 8042],
  after: [],
  needs: [RESOURCE_MANAGER],
  heapMib: 128,
  heapShare: 0.15,
  residentMib: 190,
  files: (plan) => ({
    ...filesOf(plan, nodeSite(plan)),
    [boundShuffle.file]: boundShuffle.text,
  }),
  environment: environmentOf,
  prepare: (plan) => bucketPreparation(plan, boundShuffle.unpack),
  program: (plan) => programOf(plan, `${SERVER}.nodemanager.NodeManager`),
  probe: probeNodeManager,
  drained: isNodeManagerDrained,
  figures: figuresOf({ service: 'NodeManager', port: 2 }),
}

export const yarn: Service = {
  name: 'yarn',
  components: ['yarn'],
  version: VERSION,
  part: 'hadoop',
  buckets: 's3a',
  administered: true,
  configurable: {
    'yarn-site.xml': [
      'yarn.resourcemanager.hostname',
      'yarn.resourcemanager.bind-host',
      'yarn.resourcemanager.address',
      'yarn.resourcemanager.scheduler.address',
      'yarn.resourcemanager.resource-tracker.address',
      'yarn.resourcemanager.admin.address',
      'yarn.resourcemanager.webapp.address',
      'yarn.resourcemanager.nodes.include-path',
      'yarn.resourcemanager.nodes.exclude-path',
      'yarn.resourcemanager.recovery.enabled',
      'yarn.resourcemanager.store.class',
      'yarn.resourcemanager.fs.state-store.uri',
      'yarn.scheduler.fair.allocation.file',
      'yarn.nodemanager.hostname',
      'yarn.nodemanager.bind-host',
      'yarn.nodemanager.address',
      'yarn.nodemanager.localizer.address',
      'yarn.nodemanager.webapp.address',
      'yarn.nodemanager.local-dirs',
      'yarn.nodemanager.log-dirs',
      'yarn.nodemanager.admin-env',
      'yarn.nodemanager.aux-services',
      'yarn.application.classpath',
    ],
    'mapred-site.xml': [
      'mapreduce.framework.name',
      'mapreduce.application.classpath',
      'mapreduce.shuffle.port',
      'mapreduce.shuffle.ssl.enabled',
      'mapreduce.jobhistory.address',
      'mapreduce.jobhistory.webapp.address',
      'mapreduce.jobhistory.admin.address',
    ],
    [CAPACITY_FILE]: [],
    [FAIR_FILE]: [],
  },
  unmetSetting: unmetScheduler,
  daemons: [resourceManager, nodeManager, historyServer((plan) => filesOf(plan))],
  jobs: [
    mapReduceJob({
      daemon: RESOURCE_MANAGER,
      files: (plan, marks) => clientFiles(plan, marks),
      marked: taggedApplications,
      examples: `hadoop-mapreduce-examples-${VERSION}.jar`,
    }),
  ],
  inquiries: (plan) => {
    const history = historyServerOf(plan)
    return yarnInquiries({
      manager: () => activeAddress(plan),
      history: history && { host: history.host, port: history.ports[1] ?? 0 },
    })
  },
}

function of({ peers }: DaemonPlan, daemon: string): readonly DaemonPeer[] {
  return peers.filter((each) => each.daemon === daemon)
}

function programOf({ directory }: DaemonPlan, main: string) {
  return { main, options: [`-Dhadoop.log.dir=${directory}`, `-Dyarn.log.dir=${directory}`] }
}

function filesOf(plan: DaemonPlan, own: Properties = {}): Readonly<Record<string, string>> {
  return { ...clientFiles(plan), 'yarn-site.xml': yarnSite(plan, own) }
}

/** Of whoever submits jobs; `marks`: properties of these. */
function clientFiles(plan: DaemonPlan, marks: Properties = {}): Readonly<Record<string, string>> {
  return {
    ...bucketFiles(plan),
    'core-site.xml': coreSite(plan),
    'hdfs-site.xml': clientSite(plan),
    'yarn-site.xml': yarnSite(plan),
    'mapred-site.xml': siteXml({
      ...jobs,
      ...plan.settings['mapred-site.xml'],
      'mapreduce.framework.name': 'yarn',
      'mapreduce.application.classpath': classPathOf(plan),
      'mapreduce.shuffle.port': 0,
      ...historySite(plan),
      ...marks,
    }),
  }
}

/**
 * Applications continue when the ResourceManager is started again, with another scheduler too: their containers run on, and it knows them. Several
 * share what they know in ZooKeeper.
 */
function managerSite(plan: DaemonPlan): Properties {
  const isAlone = of(plan, RESOURCE_MANAGER).length < 2
  return {
    'yarn.resourcemanager.recovery.enabled': true,
    'yarn.resourcemanager.store.class': `${SERVER}.resourcemanager.recovery.${isAlone ? 'FileSystem' : 'ZK'}RMStateStore`,
    ...(isAlone && {
      'yarn.resourcemanager.fs.state-store.uri': `file://${plan.directory}/data/applications`,
    }),
  }
}

/** What its clients need to know of it. */
export function yarnClientSite(plan: DaemonPlan): string {
  return siteXml({ ...plan.settings['yarn-site.xml'], ...managersOf(plan) })
}

function yarnSite(plan: DaemonPlan, own: Properties = {}): string {
  return siteXml({
    ...defaultsOf(plan),
    ...plan.settings['yarn-site.xml'],
    ...managersOf(plan),
    'yarn.resourcemanager.nodes.exclude-path': `${plan.directory}/${EXCLUDE_FILE}`,
    'yarn.application.classpath': classPathOf(plan),
    ...schedulerSite(plan),
    ...own,
  })
}

/** Of containers: each gets its node's configuration, and the files that the daemons themselves run of. */
function classPathOf({ library, buckets }: DaemonPlan): string {
  return ['$HADOOP_CONF_DIR', `${library}/*`, ...(buckets ? [`${buckets.library}/*`] : [])].join(
    ',',
  )
}

function defaultsOf(plan: DaemonPlan): Properties {
  const largest = containersMib(plan)
  return {
    'yarn.scheduler.minimum-allocation-mb': CONTAINER_MIB_MIN,
    'yarn.scheduler.maximum-allocation-mb': largest,
    'yarn.nodemanager.resource.memory-mb': largest,
    'yarn.nodemanager.resource.cpu-vcores': Math.max(2, plan.threads),
    // It counts what is reserved and never used, which Java does in gigabytes.
    'yarn.nodemanager.vmem-check-enabled': false,
    // A disk that others have filled is no reason to take no work.
    'yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage': 99.5,
    'yarn.nm.liveness-monitor.expiry-interval-ms': 60_000,
    'yarn.resourcemanager.work-preserving-recovery.scheduling-wait-ms': NODES_BACK_MS,
  }
}

function containersMib({ memoryMib }: DaemonPlan): number {
  return Math.max(CONTAINERS_MIB_MIN, memoryMib)
}

function managersOf(plan: DaemonPlan): Properties {
  const all = of(plan, RESOURCE_MANAGER)
  const [first] = all
  if (all.length < 2) return first ? addressesOf(first, '') : {}
  const own = all.findIndex(({ node }) => node === plan.node)
  const quorum = of(plan, 'zookeeper').map(({ host, ports: [port] }) => `${host}:${port}`)
  return {
    'yarn.resourcemanager.ha.enabled': true,
    'yarn.resourcemanager.cluster-id': plan.cluster,
    'yarn.resourcemanager.ha.rm-ids': all.map((_, at) => `rm${at + 1}`).join(','),
    ...(own < 0 ? {} : { 'yarn.resourcemanager.ha.id': `rm${own + 1}` }),
    'hadoop.zk.address': quorum.join(','),
    ...Object.assign({}, ...all.map((each, at) => addressesOf(each, `.rm${at + 1}`))),
  }
}

function addressesOf({ host, ports }: DaemonPeer, suffix: string): Properties {
  const [client, scheduler, tracker, admin, http] = ports
  const prefix = 'yarn.resourcemanager'
  return {
    [`${prefix}.hostname${suffix}`]: host,
    [`${prefix}.address${suffix}`]: `${host}:${client}`,
    [`${prefix}.scheduler.address${suffix}`]: `${host}:${scheduler}`,
    [`${prefix}.resource-tracker.address${suffix}`]: `${host}:${tracker}`,
    [`${prefix}.admin.address${suffix}`]: `${host}:${admin}`,
    [`${prefix}.webapp.address${suffix}`]: `${host}:${http}`,
  }
}

function nodeSite(plan: DaemonPlan): Properties {
  const { host, directory, ports, containerMark } = plan
  const [node, localizer, http] = ports
  return {
    'yarn.nodemanager.hostname': host,
    'yarn.nodemanager.bind-host': host,
    'yarn.nodemanager.address': `${host}:${node}`,
    'yarn.nodemanager.localizer.address': `${host}:${localizer}`,
    'yarn.nodemanager.webapp.address': `${host}:${http}`,
    'yarn.nodemanager.local-dirs': `${directory}/data/local`,
    'yarn.nodemanager.log-dirs': `${directory}/data/container-log`,
    // Containers lead sessions of their own: this is how they are known for their node's, and not for its NodeManager.
    'yarn.nodemanager.admin-env': `MALLOC_ARENA_MAX=2,${containerMark}`,
    'yarn.nodemanager.aux-services': 'mapreduce_shuffle',
    'yarn.nodemanager.aux-services.mapreduce_shuffle.class': boundShuffle.name,
  }
}

const OPENED = ['java.lang', 'java.lang.reflect', 'java.util', 'java.net', 'java.nio', 'sun.nio.ch']
  .map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`)
  .join(' ')
const SMALL = `-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.net.preferIPv4Stack=true ${OPENED}`

/** As small as they work. */
const jobs: Properties = {
  'yarn.app.mapreduce.am.resource.mb': 256,
  'yarn.app.mapreduce.am.command-opts': `-Xmx180m ${SMALL}`,
  'mapreduce.map.memory.mb': 256,
  'mapreduce.reduce.memory.mb': 256,
  'mapreduce.map.java.opts': `-Xmx160m ${SMALL}`,
  'mapreduce.reduce.java.opts': `-Xmx160m ${SMALL}`,
  'mapreduce.task.io.sort.mb': 16,
  'mapreduce.client.submit.file.replication': 2,
}

/** Applications of the cluster that were marked with a tag. */
export async function taggedApplications(plan: DaemonPlan, tag: string) {
  return markedApplications(await activeAddress(plan), tag)
}
