/** ZooKeeper of EMR clusters, real: an ensemble that keeps what its clients gave it, whatever is killed. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { objectPath } from '../../src/artifact/cache.ts'
import { needsOf } from '../../src/artifact/lock.ts'
import { serviceLocks } from '../../src/substrate/local/lock.ts'
import {
  call,
  daemonsOf,
  documentOf,
  emrCloud,
  emrDirectory,
  javaOf,
  kill,
  listenersOf,
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { cache, cachedSet, skipWithout } from '../support/engine/module.ts'
import { artifactServer } from '../support/http/artifact-server.ts'
import { machine, sampleCreateRequest } from '../support/http/tencent-client.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const skip = skipWithout('zookeeper')

const creation = sampleCreateRequest({
  ProductId: 44,
  Software: ['zookeeper-3.6.3'],
  SceneName: 'Hadoop-Zookeeper',
  SupportHA: 1,
  ResourceSpec: { CommonResourceSpec: machine(2, 4), CommonCount: 3 },
})

/** ZooKeeper's own shell: each line is an argument list. */
async function shell(server: string, ...words: string[]): Promise<string> {
  const library = cachedSet('zookeeper')
  const args = ['-Xmx64m', '-cp', `${library}/*`, 'org.apache.zookeeper.ZooKeeperMain']
  const { stdout, stderr } = await promisify(execFile)(
    javaOf(),
    [...args, '-server', server, ...words],
    { timeout: 120_000 },
  )
  return stdout + stderr
}

test(
  'a ZooKeeper cluster is an ensemble of three, each on an address of its own, that keeps its data',
  { skip, timeout: 900_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const first = await emrCloud(t, dataDir)
    const { InstanceId } = await call(first, 'CreateInstance', creation)
    const id = String(InstanceId)
    const cluster = await untilState(first, id, 'running')
    assert.equal(cluster.status.reason, 'zookeeper-3.6.3 runs as 3.9.4')
    const daemons = daemonsOf(dataDir)
    assert.deepEqual(
      daemons.map(({ name }) => name),
      ['zookeeper', 'zookeeper', 'zookeeper'],
    )
    const hosts = Object.values(cluster.status.nodes).map(({ address }) => address)
    assert.equal(new Set(hosts).size, 3)
    const listeners = listenersOf(daemons)
    assert.ok(listeners.length >= 6)
    assert.deepEqual([...new Set(listeners)].toSorted(), hosts.toSorted())

    const servers = hosts.map((host) => `${host}:2181`).join(',')
    await shell(servers, 'create', '/kept', 'first')
    assert.match(await shell(servers, 'get', '/kept'), /^first$/m)

    // A restart of Emrys touches nothing.
    await first.close()
    const second = await emrCloud(t, dataDir)
    await untilState(second, id, 'running')
    assert.deepEqual(daemonsOf(dataDir), daemons)

    // One member killed: the others serve, and it comes back by itself.
    kill(daemons[0]?.pid ?? 0)
    await until('a new member', () => {
      const now = daemonsOf(dataDir)
      return now.length === 3 && now.every(({ pid }) => pid !== daemons[0]?.pid)
    })
    await until('it runs', async () => {
      const { status } = await documentOf(second, id)
      return status.state === 'running' && (status.incidents ?? []).length > 0
    })
    for (const { pid } of daemonsOf(dataDir)) kill(pid)
    await until('all are new', async () => {
      const { status } = await documentOf(second, id)
      return status.state === 'running' && (status.incidents ?? []).length >= 4
    })
    assert.match(await shell(servers, 'get', '/kept'), /^first$/m)

    await call(second, 'TerminateInstance', { InstanceId: id })
    await untilState(second, id, 'deleted')
    assert.deepEqual(daemonsOf(dataDir), [])
    assert.equal(existsSync(join(dataDir, 'local', id)), false)
  },
)

test(
  'a cluster for which this machine has nothing waits for what is fetched, and runs',
  { skip, timeout: 600_000 },
  async (t) => {
    const server = await artifactServer(t)
    const mavenRepository = `${server.url}/maven2`
    const engines = {
      cache: temporaryDirectory(t),
      pythonIndex: '',
      mavenRepository,
      fetch: 'auto' as const,
    }
    const cloud = await emrCloud(t, emrDirectory(t), { engines })
    const { InstanceId } = await call(cloud, 'CreateInstance', creation)
    const id = String(InstanceId)
    await until('it says what it waits for', async () =>
      /zookeeper could not be fetched, which is tried again: /.test(
        (await documentOf(cloud, id)).status.reason,
      ),
    )
    const need = needsOf(serviceLocks).find(({ part }) => part.name === 'zookeeper')
    for (const artifact of need?.artifacts ?? [])
      if (artifact.origin.kind === 'maven')
        server.files.set(
          `/maven2/${artifact.origin.path}`,
          readFileSync(objectPath(cache, artifact)),
        )
    const cluster = await untilState(cloud, id, 'running')
    assert.equal(cluster.status.reason, 'zookeeper-3.6.3 runs as 3.9.4')
  },
)
