/** Flink: a session that takes jobs, with a JobManager on the first master and a TaskManager on each core and task node. */
import { hostname } from 'node:os'
import type {
  Daemon,
  DaemonPeer,
  DaemonPlan,
  Probe,
  Service,
} from '../../src/substrate/local/service.ts'
import { restJson, type Properties } from '../hadoop/client.ts'

const JOB_MANAGER = 'flink-jobmanager'
const TASK_MANAGER = 'flink-taskmanager'
const FILE = 'flink-conf.yaml'
const HOSTS = 'hosts'
const RUNTIME = 'org.apache.flink.runtime'
/** What a TaskManager's heap has beside the tasks'. */
const FRAMEWORK_MIB = 64
const RESERVE_MIB = 32

/** Packages that Flink looks into, which Java keeps closed, beside those that all daemons are given. */
const OPENED = [
  '--add-opens=java.base/java.text=ALL-UNNAMED',
  '--add-opens=java.base/java.time=ALL-UNNAMED',
  '--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED',
  '--add-opens=java.base/java.math=ALL-UNNAMED',
  '--add-exports=java.base/sun.net.util=ALL-UNNAMED',
  '--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED',
  '--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED',
  '--add-exports=jdk.compiler/com.sun.tools.javac.api=ALL-UNNAMED',
]

const jobManager: Daemon = {
  name: JOB_MANAGER,
  runsOn: ({ role, place }) => role === 'master' && place === 0,
  ports: [8081, 6123, 6124],
  after: [],
  heapMib: 256,
  heapShare: 0.2,
  residentMib: 280,
  files: (plan) => ({
    'config.yaml': flinkYaml({ ...plan.settings[FILE], ...managerOf(plan, plan) }),
    // It calls itself localhost to its own server of files, which listens on its node's address.
    [HOSTS]: `${plan.host} localhost ${hostname()}\n`,
  }),
  program: (plan) => ({
    main: `${RUNTIME}.entrypoint.StandaloneSessionClusterEntrypoint`,
    args: ['--configDir', '.'],
    options: [`-Djdk.net.hosts.file=${plan.directory}/${HOSTS}`, ...OPENED],
  }),
  async probe({ host, ports: [port = 0] }) {
    await restJson(host, port, '/overview')
    return { answering: true }
  },
  endpoints: ({ ports: [port = 0] }) => [{ name: 'flink-http', port }],
}

const taskManager: Daemon = {
  name: TASK_MANAGER,
  runsOn: ({ role }) => role === 'core' || role === 'task',
  ports: [6122, 6121],
  after: [JOB_MANAGER],
  heapMib: 160,
  heapShare: 0.3,
  residentMib: 300,
  files: (plan) => ({
    'config.yaml': flinkYaml({
      'taskmanager.numberOfTaskSlots': 2,
      ...plan.settings[FILE],
      ...workerOf(plan),
    }),
  }),
  program: () => ({
    main: `${RUNTIME}.taskexecutor.TaskManagerRunner`,
    args: ['--configDir', '.'],
    options: ['-XX:MaxDirectMemorySize=192m', ...OPENED],
  }),
  probe: probeTaskManager,
}

export const flink: Service = {
  name: 'flink',
  components: ['flink'],
  version: '1.20.3',
  part: 'flink',
  configurable: {
    [FILE]: [
      'blob.server.port',
      'io.tmp.dirs',
      'jobmanager.bind-host',
      'jobmanager.rpc.address',
      'jobmanager.rpc.port',
      'rest.address',
      'rest.bind-address',
      'rest.bind-port',
      'rest.port',
      'taskmanager.bind-host',
      'taskmanager.data.port',
      'taskmanager.host',
      'taskmanager.resource-id',
      'taskmanager.rpc.port',
      'web.tmpdir',
      'web.upload.dir',
    ],
  },
  daemons: [jobManager, taskManager],
}

/** A line for each; a text of JSON is one of YAML. */
function flinkYaml(properties: Properties): string {
  const lines = Object.entries(properties).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}\n`,
  )
  return lines.join('')
}

function managerOf(
  { directory }: DaemonPlan,
  { host, ports }: Pick<DaemonPeer, 'host' | 'ports'>,
): Properties {
  const [http = 0, rpc = 0, blob = 0] = ports
  return {
    'jobmanager.bind-host': host,
    'jobmanager.rpc.address': host,
    'jobmanager.rpc.port': rpc,
    'rest.address': host,
    'rest.bind-address': host,
    'rest.port': http,
    'rest.bind-port': http,
    'blob.server.port': blob,
    'web.tmpdir': `${directory}/tmp`,
    'web.upload.dir': `${directory}/data`,
    'io.tmp.dirs': `${directory}/tmp`,
  }
}

/** Started without Flink's own scripts it needs all of its memory in its configuration. */
function workerOf(plan: DaemonPlan): Properties {
  const { host, ports, directory, node, heapMib, threads, settings } = plan
  const [rpc = 0, data = 0] = ports
  const manager = managerIn(plan)
  const task = Math.max(FRAMEWORK_MIB, heapMib - FRAMEWORK_MIB - RESERVE_MIB)
  return {
    ...(manager && managerOf(plan, manager)),
    'taskmanager.bind-host': host,
    'taskmanager.host': host,
    'taskmanager.rpc.port': rpc,
    'taskmanager.data.port': data,
    'taskmanager.resource-id': node,
    'taskmanager.cpu.cores': settings[FILE]?.['taskmanager.cpu.cores'] ?? Math.max(1, threads),
    'taskmanager.memory.framework.heap.size': `${FRAMEWORK_MIB}m`,
    'taskmanager.memory.task.heap.size': `${task}m`,
    'taskmanager.memory.framework.off-heap.size': '64m',
    'taskmanager.memory.task.off-heap.size': '0b',
    'taskmanager.memory.network.min': '32m',
    'taskmanager.memory.network.max': '32m',
    'taskmanager.memory.managed.size': '64m',
    'taskmanager.memory.jvm-metaspace.size': '192m',
    'taskmanager.memory.jvm-overhead.min': '64m',
    'taskmanager.memory.jvm-overhead.max': '64m',
    'io.tmp.dirs': `${directory}/tmp`,
  }
}

function managerIn({ peers }: DaemonPlan): DaemonPeer | undefined {
  return peers.find(({ daemon }) => daemon === JOB_MANAGER)
}

/** It works when the JobManager counts on it. */
async function probeTaskManager(plan: DaemonPlan): Promise<Probe> {
  const manager = managerIn(plan)
  const waiting = { answering: false, waiting: true }
  if (!manager) return { ...waiting, reason: 'there is no JobManager' }
  const { host, ports } = manager
  const known = await restJson(host, ports[0] ?? 0, '/taskmanagers').catch(() => undefined)
  if (known === undefined) return { ...waiting, reason: 'the JobManager does not answer' }
  const { taskmanagers = [] } = known as { readonly taskmanagers?: readonly { id: string }[] }
  if (taskmanagers.some(({ id }) => id === plan.node)) return { answering: true }
  return { ...waiting, reason: 'the JobManager does not know it' }
}
