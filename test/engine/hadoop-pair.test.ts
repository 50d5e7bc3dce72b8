/** A highly available Hadoop cluster, real: its active NameNode and ResourceManager are killed, and the others take over. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  addressesOf,
  call,
  daemonsOf,
  emrCloud,
  emrDirectory,
  kill,
  listenersOf,
  processesOf,
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { skipWithout } from '../support/engine/module.ts'
import { beanOf, liveNodes, webHdfs } from '../support/engine/webhdfs.ts'
import { machine, sampleCreateRequest } from '../support/http/tencent-client.ts'

const skip = skipWithout('hadoop') || skipWithout('zookeeper') || skipWithout('openldap')

const software = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1']

async function nameNodeState(host: string): Promise<unknown> {
  const { State } = await beanOf(host, 9870, 'Hadoop:service=NameNode,name=NameNodeStatus')
  return State
}

async function managerState(host: string): Promise<unknown> {
  const answer = await fetch(`http://${host}:8088/ws/v1/cluster/info`)
  const { clusterInfo } = (await answer.json()) as { clusterInfo: { haState: string } }
  return clusterInfo.haState.toLowerCase()
}

async function inState(
  state: 'active' | 'standby',
  stateOf: (host: string) => Promise<unknown>,
  hosts: readonly string[],
): Promise<string> {
  let found = ''
  await until(`one is ${state}`, async () => {
    const states = await Promise.all(hosts.map((host) => stateOf(host).catch(() => 'gone')))
    found = hosts[states.indexOf(state)] ?? ''
    return found !== ''
  })
  return found
}

/** Writes one small file after the other, by whichever NameNode takes it. */
function fileWriter(masters: readonly string[]) {
  const written: string[] = []
  const over = new AbortController()
  const put = async (name: string) => {
    for (const host of masters)
      try {
        await webHdfs(host).put(`/written/${name}`, Buffer.from(name))
        written.push(name)
        return
      } catch {
        // It is gone, or stands by.
      }
  }
  const ended = (async () => {
    for (let number = 0; !over.signal.aborted; number++) await put(String(number))
  })()
  return {
    written: () => written,
    reached: (count: number) => until('files are written', () => written.length >= count),
    async stop() {
      over.abort()
      await ended
      return written
    },
  }
}

test(
  'when the active daemons of a highly available cluster die, the others take over, and nothing is lost',
  { skip, timeout: 1_800_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const cloud = await emrCloud(t, dataDir)
    const startedMs = performance.now()
    const tell = (what: string) =>
      t.diagnostic(`${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${what}`)
    const { InstanceId } = await call(cloud, 'CreateInstance', {
      ...sampleCreateRequest({
        ProductId: 44,
        Software: software,
        SupportHA: 1,
        ResourceSpec: {
          MasterResourceSpec: machine(4, 16),
          CoreResourceSpec: machine(4, 8),
          CommonResourceSpec: machine(2, 4),
          MasterCount: 2,
          CoreCount: 3,
          CommonCount: 3,
        },
      }),
    })
    const id = String(InstanceId)
    const cluster = await untilState(cloud, id, 'running')
    tell('running')
    const names = daemonsOf(dataDir).map(({ name }) => name)
    const counts = [...new Set(names)].map((name) => [
      name,
      names.filter((each) => each === name).length,
    ])
    assert.deepEqual(Object.fromEntries(counts), {
      'openldap-slapd': 2,
      zookeeper: 3,
      'hdfs-journalnode': 3,
      'hdfs-namenode': 2,
      'hdfs-zkfc': 2,
      'hdfs-datanode': 3,
      'yarn-resourcemanager': 2,
      'yarn-jobhistoryserver': 1,
      'yarn-nodemanager': 3,
    })
    const own = new Set([
      '127.0.0.1',
      ...['master', 'core', 'common'].flatMap((role) => addressesOf(cluster, role)),
    ])
    assert.deepEqual(
      listenersOf(daemonsOf(dataDir)).filter((host) => !own.has(host)),
      [],
    )

    const masters = addressesOf(cluster, 'master')
    const active = await inState('active', nameNodeState, masters)
    await inState('standby', nameNodeState, masters)
    const content = randomBytes(1_000_000)
    await webHdfs(active).put('/kept', content)
    tell('put')

    const nodeAt = (host: string) =>
      Object.entries(cluster.status.nodes).find(([, { address }]) => address === host)?.[0]
    const pidAt = (name: string, host: string) =>
      daemonsOf(dataDir).find((each) => each.name === name && each.node === nodeAt(host))?.pid ?? 0
    const [other = ''] = masters.filter((host) => host !== active)
    const writer = fileWriter(masters)
    await writer.reached(5)
    kill(pidAt('hdfs-namenode', active))
    await until('the other NameNode is active', async () => {
      return (await nameNodeState(other)) === 'active'
    })
    tell('the other NameNode is active')
    await writer.reached(writer.written().length + 5)
    const written = await writer.stop()
    for (const name of written)
      assert.equal((await webHdfs(other).get(`/written/${name}`)).toString(), name)
    tell(`${written.length} files were acknowledged, and are there`)
    assert.ok((await webHdfs(other).get('/kept')).equals(content))
    await until('the one that died stands by', async () => {
      return (await nameNodeState(active)) === 'standby'
    })
    assert.equal((await liveNodes(other)).size, 3)

    const manager = await inState('active', managerState, masters)
    const killed = pidAt('yarn-resourcemanager', manager)
    kill(killed)
    // ZooKeeper gives the lock of one that died away after ten seconds: to the other one, or to the one itself that was started again.
    const successor = await inState('active', managerState, masters)
    tell(`${successor === manager ? 'the same' : 'the other'} ResourceManager is active`)
    assert.notEqual(pidAt('yarn-resourcemanager', successor), killed)
    await inState('standby', managerState, masters)
    await untilState(cloud, id, 'running')

    await call(cloud, 'TerminateInstance', { InstanceId: id })
    await untilState(cloud, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
  },
)
