/**
 * `npm run demo -- emr`: a Hadoop cluster that really runs on this machine, by the cloud's official client: files go into HDFS and
 * come back, YARN runs a job, a core node comes, the NameNode is killed and comes back with every file, and all of it is released.
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Terminal } from '../../src/cli/terminal.ts'
import { loadConfig } from '../../src/config/config.ts'
import type { Server } from '../../src/server/server.ts'
import { instanceFolder, instancesIn } from '../../src/substrate/local/instance.ts'
import { findJavaHome, unmetJavaHome } from '../../src/substrate/local/java-home.ts'
import { serviceLocks } from '../../src/substrate/local/lock.ts'
import { cachedModules } from '../../src/substrate/local/module.ts'
import { roleProcess } from '../../src/substrate/local/role-process.ts'
import { hadoopCluster, type HadoopCluster } from './hadoop-cluster.ts'
import { hdfs } from './hdfs.ts'
import { follow } from './progress.ts'

/** A Java starts in seconds, on a busy machine in many. */
const TIMEOUT_MS = 10 * 60_000
const PARTS = ['zookeeper', 'hadoop']
const FETCH = 'npm run emrys -- engines fetch zookeeper hdfs yarn'
/** What EMR-V3.1.0 has at the least: the releases after it need a slapd on this machine as well. */
const SOFTWARE = ['hdfs', 'yarn', 'zookeeper', 'knox']
const PRODUCT = 25

export const emrFlags = { 'substrate.emr': 'local', 'local.memory-per-cpu': '64' } as const

/** What this machine lacks for it, with what brings it; undefined when nothing. */
export function unmetEmr(): string | undefined {
  const modules = cachedModules(loadConfig({}).config.engines.cache, ...serviceLocks)
  const absent = PARTS.filter((part) => modules.unmet(part) !== undefined)
  const files =
    absent.length === 0
      ? []
      : [`the files of ${absent.join(' and ')} are not on this machine; \`${FETCH}\` brings them`]
  const lacks = [unmetJavaHome(process.env), ...files].filter((each) => each !== undefined)
  return lacks.length === 0 ? undefined : lacks.join('; ')
}

export interface EmrStage {
  readonly out: Terminal
  readonly dataDir: string
}

export async function emrDemo(server: Server, { out, dataDir }: EmrStage): Promise<void> {
  const cluster = hadoopCluster(server.port, { ProductId: PRODUCT, Software: SOFTWARE })
  const goal = (phase: 'running' | 'gone') =>
    follow(out, [cluster], { phase, timeoutMs: TIMEOUT_MS })
  const id = await cluster.create()
  out.line(`${out.paint('cyan', cluster.client)} created ${cluster.what} ${id}`)
  await goal('running')
  const root = join(dataDir, 'local')
  showDaemons(out, root)
  const [master = ''] = await cluster.addresses('master')
  const files = hdfs(master)
  const content = randomBytes(1_000_000)
  await files.put('/demo/file', content)
  if (!(await files.get('/demo/file')).equals(content)) throw new Error('HDFS has changed the file')
  out.line(`HDFS at ${master}:8020: 1 MB went in and came back`)
  out.line(await job(root))
  await cluster.grow(1)
  out.line('one more core node is asked for')
  await goal('running')
  out.line(`YARN has ${await nodesOfYarn(master, await cores(cluster))} nodes now`)
  const pid = endNameNode(root)
  out.line(`the NameNode (process ${pid}) is killed`)
  await until('the file is back', async () => (await files.get('/demo/file')).equals(content))
  out.line('it was started again, and the file is there')
  await goal('running')
  await cluster.release()
  await goal('gone')
}

function showDaemons(out: Terminal, root: string): void {
  for (const { id, processes } of instancesIn(root))
    for (const { name, role, host } of processes) {
      const pid = roleProcess(instanceFolder(root, id).files(name)).pid()
      out.line(out.paint('dim', `  ${role.padEnd(22)} ${host.padEnd(16)} process ${pid}`))
    }
}

async function cores(cluster: HadoopCluster): Promise<number> {
  return (await cluster.addresses('core')).length
}

/** Counts pi by MapReduce, as a client with the cluster's own configuration. */
async function job(root: string): Promise<string> {
  const [note] = instancesIn(root)
  const manager = note?.processes.find(({ role }) => role === 'yarn-resourcemanager')
  if (!note || !manager) throw new Error('there is no ResourceManager')
  const { directory } = instanceFolder(root, note.id).files(manager.name)
  const modules = cachedModules(loadConfig({}).config.engines.cache, ...serviceLocks)
  const opened = ['java.lang', 'java.util', 'java.nio', 'java.net']
  const { stdout } = await promisify(execFile)(
    join(findJavaHome(process.env) ?? '', 'bin', 'java'),
    [
      '-Xmx256m',
      ...opened.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
      '-cp',
      `${directory}:${modules.folder('hadoop')}/*`,
      'org.apache.hadoop.examples.ExampleDriver',
      'pi',
      '2',
      '100',
    ],
    {
      env: { ...process.env, HADOOP_USER_NAME: 'hadoop', HADOOP_CONF_DIR: directory },
      timeout: TIMEOUT_MS,
    },
  )
  const [said = 'it said nothing'] = /Estimated value of Pi is .*/.exec(stdout) ?? []
  return `YARN at ${manager.host}:8088 ran a MapReduce job: ${said}`
}

async function nodesOfYarn(master: string, wanted: number): Promise<number> {
  let count = 0
  await until('every node is one of YARN', async () => {
    const answer = await fetch(`http://${master}:8088/ws/v1/cluster/metrics`)
    const { clusterMetrics } = (await answer.json()) as { clusterMetrics: { activeNodes: number } }
    count = clusterMetrics.activeNodes
    return count >= wanted
  })
  return count
}

function endNameNode(root: string): number {
  const [note] = instancesIn(root)
  const found = note?.processes.find(({ role }) => role === 'hdfs-namenode')
  const pid = note && found && roleProcess(instanceFolder(root, note.id).files(found.name)).pid()
  if (pid === undefined) throw new Error('there is no NameNode')
  process.kill(pid, 'SIGKILL')
  return pid
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + TIMEOUT_MS
  for (;;) {
    if (await holds().catch(() => false)) return
    if (performance.now() > endMs) throw new Error(`it did not come about that ${what}`)
    await wait(250)
  }
}
