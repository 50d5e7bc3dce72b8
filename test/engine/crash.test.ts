/**
 * `kill -9` of the server in the middle of everything that it does with an EMR cluster on this machine: the next one continues to what was
 * wanted, and nothing is there twice, or left. Daemons are killed while nobody looks after them; a restart without a change touches
 * nothing. CRASH_SEED repeats a run.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { machineIdOf } from '../../src/dialect/tencent/emr/identifier.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import { random } from '../../src/kernel/random.ts'
import {
  addressesOf,
  daemonsOf,
  emrDirectory,
  kill,
  processesOf,
  until,
} from '../support/engine/emr-cluster.ts'
import { countsOf, isGone, isWhole, touchedBy, type Counts } from '../support/engine/emr-truth.ts'
import { cache, skipWithout } from '../support/engine/module.ts'
import { webHdfs } from '../support/engine/webhdfs.ts'
import {
  ask,
  machine,
  sampleCreateRequest,
  scaleOutRequest,
} from '../support/http/tencent-client.ts'
import { flowOf } from '../support/fixture/emr-job.ts'
import { startEmrServer, type ChildServer } from '../support/process/child-server.ts'

/** That clusters are made with. */
const PASSWORD = 'Crash^4Tests'

interface Subject {
  /** At most so long after the server is there, or was asked, it is killed. */
  readonly momentsMs: readonly number[]
  /** So many clusters, one after the other. */
  readonly lives?: number
  readonly create: object
  readonly created: Counts
  readonly scaled?: Counts
  /** Of a job flow; each fails when it is run again. */
  readonly steps?: readonly object[]
  /** Called with the address of its first master, or else core, node. */
  readonly put?: (host: string) => Promise<(host: string) => Promise<void>>
}

const zookeeper: Subject = {
  momentsMs: [50, 200, 500],
  lives: 3,
  create: sampleCreateRequest({
    ProductId: 44,
    Software: ['zookeeper-3.6.3'],
    SceneName: 'Hadoop-Zookeeper',
    SupportHA: 1,
    ResourceSpec: { CommonResourceSpec: machine(2, 4), CommonCount: 3 },
  }),
  created: { zookeeper: 3 },
}

const kafka: Subject = {
  momentsMs: [200, 1_000, 3_000],
  create: sampleCreateRequest({
    ProductId: 50,
    Software: ['kafka-2.4.1', 'zookeeper-3.6.3'],
    ResourceSpec: { CoreResourceSpec: machine(4, 8), CoreCount: 1 },
  }),
  created: { zookeeper: 1, 'kafka-broker': 1 },
  scaled: { zookeeper: 1, 'kafka-broker': 2 },
}

const clickhouse: Subject = {
  momentsMs: [200, 700, 1_500],
  create: sampleCreateRequest({
    ProductId: 22,
    Software: ['clickhouse-20.7.2.30', 'zookeeper-3.4.9'],
    ResourceSpec: { CoreResourceSpec: machine(4, 16), CoreCount: 2 },
    LoginSettings: { Password: PASSWORD },
  }),
  created: { zookeeper: 1, 'clickhouse-server': 2 },
  async put(host) {
    await asked(host, 'create table kept (a UInt32) engine = MergeTree order by a')
    await asked(host, 'insert into kept select number from numbers(1000)')
    return async (same) => {
      const sum = async () => (await asked(same, 'select count(), sum(a) from kept')).trim()
      await until('the rows are there', async () => (await sum()) === '1000\t499500')
    }
  },
}

/** By ClickHouse's own HTTP. */
async function asked(host: string, query: string): Promise<string> {
  const headers = { 'X-ClickHouse-User': 'default', 'X-ClickHouse-Key': PASSWORD }
  const answer = await fetch(`http://${host}:8123/`, { method: 'POST', body: query, headers })
  const text = await answer.text()
  assert.ok(answer.ok, text)
  return text
}

const example = (name: string, ...args: string[]) => ({
  Name: name,
  ExecutionStep: { JobType: 'MR', Args: ['/opt/hadoop-mapreduce-examples.jar', name, ...args] },
  ActionOnFailure: 'CONTINUE',
})

const hadoop: Subject = {
  momentsMs: [500, 3_000, 8_000],
  steps: [
    example('teragen', '1000', '/rows'),
    example('terasort', '/rows', '/sorted'),
    example('teravalidate', '/sorted', '/report'),
  ],
  create: sampleCreateRequest({
    ProductId: 44,
    Software: ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1'],
  }),
  created: {
    'openldap-slapd': 1,
    zookeeper: 1,
    'hdfs-namenode': 1,
    'hdfs-datanode': 2,
    'yarn-resourcemanager': 1,
    'yarn-jobhistoryserver': 1,
    'yarn-nodemanager': 2,
  },
  scaled: {
    'openldap-slapd': 1,
    zookeeper: 1,
    'hdfs-namenode': 1,
    'hdfs-datanode': 3,
    'yarn-resourcemanager': 1,
    'yarn-jobhistoryserver': 1,
    'yarn-nodemanager': 3,
  },
  async put(host) {
    const content = randomBytes(500_000)
    await webHdfs(host).put('/kept', content)
    return async (master) => {
      await until('the file is there', async () => {
        return (await webHdfs(master).get('/kept')).equals(content)
      })
    }
  },
}

for (const [name, subject, parts] of [
  ['ZooKeeper', zookeeper, ['zookeeper']],
  ['Kafka', kafka, ['kafka', 'zookeeper']],
  ['ClickHouse', clickhouse, ['clickhouse', 'zookeeper']],
  ['Hadoop', hadoop, ['hadoop', 'zookeeper', 'openldap']],
] as const) {
  const skip = parts.map(skipWithout).find((each) => each !== false) ?? false
  const sentence = `a ${name} cluster whose server is killed in the middle of everything is what was wanted in the end`
  test(sentence, { skip, timeout: 2_400_000 }, async (t) => {
    const dataDir = emrDirectory(t)
    const world = killableCloud(t, dataDir, subject.momentsMs)
    for (let number = 0; number < (subject.lives ?? 1); number++)
      await life(dataDir, world, subject)
    assert.ok(world.between() > 0, 'too little happened to prove anything')
  })
}

async function life(dataDir: string, world: KillableCloud, subject: Subject): Promise<void> {
  const { InstanceId } = await world.through('create', 'CreateInstance', subject.create)
  const id = String(InstanceId)
  const created = await world.settled()
  assert.deepEqual(countsOf(dataDir), subject.created)
  const [host = ''] = [...addressesOf(created, 'master'), ...addressesOf(created, 'core')]
  const isKept = await subject.put?.(host)

  await restartsTouchNothing(dataDir, world)
  await everyDaemonComesBack(dataDir, world)
  await isKept?.(host)
  if (subject.steps) await runOnce(world, { id, host, steps: subject.steps })

  if (subject.scaled) {
    const before = new Set(processesOf(dataDir).map(({ pid }) => pid))
    await world.through('scale-out', 'ScaleOutInstance', {
      ...scaleOutRequest,
      InstanceId: id,
      CoreCount: 1,
    })
    const larger = await world.settled()
    assert.deepEqual(countsOf(dataDir), subject.scaled)
    const old = new Set(addressesOf(created, 'core'))
    const added = Object.entries(larger.status.nodes).filter(
      ([, { address }]) => addressesOf(larger, 'core').includes(address) && !old.has(address),
    )
    await world.through('scale-in', 'TerminateClusterNodes', {
      InstanceId: id,
      CvmInstanceIds: added.map(([node]) => machineIdOf(node)),
      NodeFlag: 'CORE',
    })
    await world.settled()
    assert.deepEqual(countsOf(dataDir), subject.created)
    const now = new Set(daemonsOf(dataDir).map(({ pid }) => pid))
    assert.deepEqual(
      [...before].filter((pid) => !now.has(pid)),
      [],
      'nobody else was restarted',
    )
    await isKept?.(host)
  }

  const addresses = Object.values(created.status.nodes).map(({ address }) => address)
  await world.through('release', 'TerminateInstance', { InstanceId: id })
  await world.gone()
  isGone(dataDir, addresses)
}

interface Flow {
  readonly id: string
  readonly host: string
  readonly steps: readonly object[]
}

/** Jobs continue without their server, and are neither lost nor begun again by the next one. */
async function runOnce(world: KillableCloud, { id, host, steps }: Flow): Promise<void> {
  const flow = { ...flowOf(steps), InstanceId: id }
  const { JobFlowId } = await world.through('job flow', 'RunJobFlow', flow)
  let states: readonly string[] = []
  await until('the flow is finished', async () => {
    const { response } = await ask(await world.live(), 'DescribeJobFlow', { JobFlowId })
    const details = response['Details'] as readonly { readonly JobState: string }[]
    states = details.map(({ JobState }) => JobState)
    if (response['State'] === 'JobFlowFinish') return true
    await delay(4_000)
    await world.die()
    return false
  })
  assert.deepEqual(
    states,
    steps.map(() => 'JobFlowStepStatusSucceed'),
  )
  const answer = await fetch(`http://${host}:8088/ws/v1/cluster/apps`)
  const { apps } = (await answer.json()) as { readonly apps: { readonly app: readonly object[] } }
  assert.equal(apps.app.length, steps.length, JSON.stringify(apps))
}

type KillableCloud = ReturnType<typeof killableCloud>

function killableCloud(t: TestContext, dataDir: string, momentsMs: readonly number[]) {
  const seed = process.env['CRASH_SEED'] ?? random().hex(8)
  t.diagnostic(`seed ${seed}`)
  const { fraction } = random(seed)
  const startedMs = performance.now()
  let living: ChildServer | undefined
  let between = 0
  const live = async () => (living ??= await startEmrServer(t, dataDir, cache))
  const die = async () => {
    await living?.kill()
    living = undefined
  }
  const clusters = async () => (await (await live()).kept()).flatMap(({ cluster }) => cluster ?? [])
  return {
    live,
    die,
    /** How often it was killed while something was under way. */
    between: () => between,
    /** Killed at several moments after it was asked. */
    async through(what: string, action: string, parameters: object) {
      const { port } = await live()
      let answer = await ask({ port }, action, parameters)
      // What has been killed may be missed for a moment, even once it is back.
      await until('it is not in process', async () => {
        if (answer.code !== 'ResourceInUse.InstanceInProcess') return true
        answer = await ask({ port }, action, parameters)
        return false
      })
      assert.equal(answer.code, '', answer.message)
      const moments: string[] = []
      for (const most of momentsMs) {
        await delay(most * (0.5 + fraction() / 2))
        const [cluster] = await clusters()
        if (cluster && cluster.status.state !== 'running') between++
        moments.push(`${cluster?.status.state ?? 'gone'} with ${daemonsOf(dataDir).length}`)
        await die()
        await live()
      }
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
      t.diagnostic(`${seconds} s: ${what}, killed while ${moments.join(', ')}`)
      return answer.response
    },
    /** Its only cluster, once it runs, and is whole. */
    async settled(): Promise<Cluster> {
      let last: Cluster | undefined
      await until('it runs', async () => {
        ;[last] = await clusters()
        assert.notEqual(last?.status.state, 'failed', last?.status.reason)
        if (!last || last.status.state !== 'running' || last.change) return false
        // What has just been killed is not missed at once, and may end again while it comes up.
        isWhole(dataDir, last)
        return true
      }).catch((problem: unknown) => {
        throw new Error(JSON.stringify(last?.status), { cause: problem })
      })
      return last as Cluster
    },
    gone: () => until('it is gone', async () => (await clusters()).length === 0),
  }
}

async function restartsTouchNothing(dataDir: string, world: KillableCloud): Promise<void> {
  const before = touchedBy(dataDir)
  await world.die()
  await world.live()
  // That a daemon which is killed comes back shows that the new server has looked at all of them.
  const [one] = daemonsOf(dataDir)
  kill(one?.pid ?? 0)
  await until('one is new', () =>
    daemonsOf(dataDir).some(
      ({ name, node, pid }) => name === one?.name && node === one.node && pid !== one.pid,
    ),
  )
  await world.settled()
  const own = `${one?.name}/${one?.node}`
  const others = (all: Readonly<Record<string, string>>) =>
    Object.entries(all).filter(([name]) => !name.includes(own) && !name.endsWith('instance.json'))
  assert.deepEqual(others(touchedBy(dataDir)), others(before))
}

async function everyDaemonComesBack(dataDir: string, world: KillableCloud): Promise<void> {
  const before = daemonsOf(dataDir)
  await world.die()
  for (const { pid } of before) kill(pid)
  await world.live()
  await until('all are new', async () => {
    const now = daemonsOf(dataDir)
    return (
      now.length === before.length && now.every(({ pid }) => before.every((was) => was.pid !== pid))
    )
  })
  await world.settled()
}
