/**
 * Nodes of a real Hadoop cluster that change: other machines, more and larger disks, services that come later, and nodes that come and go by
 * the clock. What the cloud's API says has happened is asked of the daemons.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { machineIdOf } from '../../src/dialect/tencent/emr/identifier.ts'
import {
  addressesOf,
  call,
  daemonsOf,
  documentOf,
  emrCloud,
  emrDirectory,
  processesOf,
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { idAt } from '../support/engine/hadoop-scale.ts'
import { skipWithout } from '../support/engine/module.ts'
import { beanOf, liveNodes, webHdfs } from '../support/engine/webhdfs.ts'
import type { Cloud } from '../support/fixture/cloud.ts'
import { addition } from '../support/fixture/emr-node-spec.ts'
import { machine, sampleCreateRequest } from '../support/http/tencent-client.ts'

const skip = ['hadoop', 'zookeeper', 'openldap', 'spark'].map(skipWithout).find(Boolean) ?? false

const software = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1']
const GIB = 1024 ** 3
const DISK_GIB = 10

interface It {
  readonly cloud: Cloud
  readonly id: string
  readonly dataDir: string
  readonly master: string
  /** The node that changes. */
  readonly core: string
}

test(
  'what changes of nodes changes in their daemons, and in nobody else’s',
  { skip, timeout: 1_800_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const cloud = await emrCloud(t, dataDir, {
      local: { threadsPerCpu: 0.125, memoryMibPerCpu: 512, advertisedHost: '', keepRunning: true },
    })
    const startedMs = performance.now()
    const tell = (what: string) =>
      t.diagnostic(`${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${what}`)
    const core = { ...machine(4, 8), DiskSize: DISK_GIB }
    const request = sampleCreateRequest({ ProductId: 44, Software: software })
    const { InstanceId } = await call(cloud, 'CreateInstance', {
      ...request,
      ResourceSpec: { ...request.ResourceSpec, CoreResourceSpec: core },
    })
    const id = String(InstanceId)
    const cluster = await untilState(cloud, id, 'running')
    tell('running')
    const [master = ''] = addressesOf(cluster, 'master')
    const [first = ''] = addressesOf(cluster, 'core')
    const it = { cloud, id, dataDir, master, core: first }
    const content = randomBytes(2_000_000)
    const files = webHdfs(master)
    await files.put('/kept', content)

    await resizeMachine(it)
    tell('another machine')
    await changeDisks(it)
    tell('more and larger disks')
    assert.ok((await files.get('/kept')).equals(content))
    await installLater(it)
    tell('installed')
    await scaleByTime(it)
    tell('scaled by time')
    assert.ok((await files.get('/kept')).equals(content))

    await call(cloud, 'TerminateInstance', { InstanceId })
    await untilState(cloud, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
  },
)

/** Runs what changes one node, and expects that the daemons of no other one are new. */
async function onlyThere(it: It, change: () => Promise<unknown>): Promise<void> {
  const { cloud, id, dataDir, core } = it
  const node = idAt(await documentOf(cloud, id), core)
  const others = () => daemonsOf(dataDir).filter((each) => each.node !== node)
  const before = others()
  await change()
  await untilState(cloud, id, 'running')
  assert.deepEqual(others(), before)
}

/** Memory and heap of the node's daemons follow its machine, by YARN's account and by their own. */
async function resizeMachine(it: It): Promise<void> {
  const { cloud, id, core } = it
  const heapsMib = async () => [
    await heapMibOf(core, 9864, 'DataNode'),
    await heapMibOf(core, 8042, 'NodeManager'),
  ]
  const before = await heapsMib()
  assert.equal(await yarnMemoryMib(it), 1_536)
  const cluster = await documentOf(cloud, id)
  await onlyThere(it, () =>
    call(cloud, 'ModifyResource', {
      InstanceId: id,
      PayMode: 0,
      NewCpu: 8,
      NewMem: 32,
      ResourceIdList: [idAt(cluster, core)],
    }),
  )
  // 512 MiB of this machine for each CPU of 4 GiB.
  await until('YARN has it in its new size', async () => (await yarnMemoryMib(it)) === 4_096)
  const after = await heapsMib()
  // The least of a Java's heap that it does not count as its own is some percent of it.
  for (const [at, mib] of after.entries())
    assert.ok(mib > (before[at] ?? 0) * 2, `${before.join(' ')} MiB, then ${after.join(' ')}`)
}

async function heapMibOf(host: string, port: number, service: string): Promise<number> {
  const { MemHeapMaxM } = await beanOf(host, port, `Hadoop:service=${service},name=JvmMetrics`)
  return Number(MemHeapMaxM)
}

async function yarnMemoryMib({ master, core }: It): Promise<number> {
  const nodes = await yarnNodes(master)
  const own = nodes.find(({ id, state }) => id.startsWith(`${core}:`) && state === 'RUNNING')
  return own ? own.usedMemoryMB + own.availMemoryMB : 0
}

interface YarnNode {
  readonly id: string
  readonly state: string
  readonly usedMemoryMB: number
  readonly availMemoryMB: number
}

async function yarnNodes(master: string): Promise<readonly YarnNode[]> {
  const answer = await fetch(`http://${master}:8088/ws/v1/cluster/nodes`)
  const { nodes } = (await answer.json()) as { nodes: { node: readonly YarnNode[] } }
  return nodes.node
}

interface Volume {
  readonly reservedSpace: number
  readonly freeSpace: number
  readonly usedSpace: number
}

/** Of a DataNode, by its own account, in the order of their directories. */
async function volumesOf(core: string): Promise<readonly (Volume & { readonly path: string })[]> {
  const { VolumeInfo } = await beanOf(core, 9864, 'Hadoop:service=DataNode,name=DataNodeInfo')
  return Object.entries(JSON.parse(String(VolumeInfo)) as Record<string, Volume>)
    .map(([path, volume]) => ({ path, ...volume }))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
}

/** Each disk is a volume, which takes as many bytes as were bought. */
async function changeDisks(it: It): Promise<void> {
  const { cloud, id, core, master } = it
  const names = async () =>
    (await volumesOf(core)).map(({ path }) => /\/data\/(blocks[\w-]*)/.exec(path)?.[1])
  assert.deepEqual(await names(), ['blocks'])
  const [before] = await volumesOf(core)
  const roomOf = (volume: Volume | undefined) => (volume?.freeSpace ?? 0) + (volume?.usedSpace ?? 0)
  // What others write to the machine's disk meanwhile is the machine's, and not the volume's.
  const isAbout = (bytes: number, gib: number) =>
    bytes > (gib - 0.5) * GIB && bytes < (gib + 0.1) * GIB
  assert.ok(isAbout(roomOf(before), DISK_GIB), JSON.stringify(before))
  const CvmInstanceIds = [machineIdOf(idAt(await documentOf(cloud, id), core))]
  const DiskSpec = { Count: 1, DiskType: 'CLOUD_PREMIUM', DefaultDiskSize: 2 * DISK_GIB }
  const one = { InstanceId: id, CvmInstanceIds }
  await onlyThere(it, () => call(cloud, 'AttachDisks', { ...one, CreateDisk: true, DiskSpec }))
  await until('it is alive', async () => (await liveNodes(master)).has(core))
  assert.deepEqual(await names(), ['blocks', 'blocks-2'])
  const attached = await volumesOf(core)
  assert.ok(isAbout(roomOf(attached[1]), 2 * DISK_GIB), JSON.stringify(attached))

  const { CBSList } = await call(cloud, 'DescribeNodeDataDisks', one)
  const [first] = CBSList as { DiskId: string }[]
  const growth = { DiskSize: 3 * DISK_GIB, DiskIds: [first?.DiskId] }
  await onlyThere(it, () => call(cloud, 'ResizeDataDisks', { ...one, ...growth }))
  const grown = await volumesOf(core)
  assert.deepEqual(
    grown.map((volume, at) => isAbout(roomOf(volume), at === 0 ? 30 : 20)),
    [true, true],
    JSON.stringify(grown),
  )
}

/** A service that comes later answers, and those that were there are not restarted. */
async function installLater({ cloud, id, dataDir, master }: It): Promise<void> {
  const before = daemonsOf(dataDir)
  await call(cloud, 'InstallSoftware', { InstanceId: id, SoftInfo: ['spark-3.2.2'] })
  await untilState(cloud, id, 'running')
  const now = daemonsOf(dataDir)
  const added = now.filter(({ pid }) => before.every((each) => each.pid !== pid))
  assert.deepEqual(
    added.map(({ name }) => name),
    ['spark-historyserver'],
  )
  assert.equal(now.length, before.length + 1)
  const port = /spark\.history\.ui\.port[ =](\d+)/.exec(
    readFileSync(
      `${dataDir}/local/${id}/spark-historyserver/${added[0]?.node}/spark-defaults.conf`,
      'utf8',
    ),
  )?.[1]
  const answer = await fetch(`http://${master}:${port}/api/v1/applications`)
  assert.deepEqual(await answer.json(), [])
  const { ServiceNodeList } = await call(cloud, 'DescribeServiceNodeInfos', {
    InstanceId: id,
    ServiceName: 'SPARK',
  })
  const shown = (ServiceNodeList as { NodeName: string; Status: number }[]).find(
    ({ NodeName }) => NodeName === 'SparkJobHistoryServer',
  )
  assert.equal(shown?.Status, 1)
}

const HOUR_MS = 3_600_000

/** A NodeManager joins when its time has come, and leaves when that has come too. */
async function scaleByTime({ cloud, id, dataDir, master }: It): Promise<void> {
  const spec = addition('S5.LARGE8', { IsDefault: 'DEFAULT', ZoneId: 100_003 })
  await call(cloud, 'AddNodeResourceConfig', { InstanceId: id, ...spec })
  const add = async (StrategyName: string, ScaleAction: number, hours: number) => {
    const atMs = cloud.clock.now() + (hours + 8) * HOUR_MS
    const ExecuteAt = new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')
    const TimeAutoScaleStrategy = {
      StrategyName,
      IntervalTime: 0,
      ScaleAction,
      ScaleNum: 1,
      StrategyStatus: 1,
      Priority: 1,
      RetryValidTime: 3_600,
      RepeatStrategy: { RepeatType: 'NONE', NotRepeat: { ExecuteAt } },
    }
    await call(cloud, 'AddMetricScaleStrategy', {
      InstanceId: id,
      StrategyType: 2,
      TimeAutoScaleStrategy,
    })
  }
  await add('more', 1, 1)
  await add('less', 2, 2)
  const before = daemonsOf(dataDir)
  const running = async () =>
    (await yarnNodes(master)).filter(({ state }) => state === 'RUNNING').length
  assert.equal(await running(), 2)
  cloud.clock.advance(HOUR_MS + 60_000)
  await until('a NodeManager has joined', async () => (await running()) === 3)
  await untilState(cloud, id, 'running')
  cloud.clock.advance(HOUR_MS)
  await until('it has left', async () => {
    const { spec: wanted, status } = await documentOf(cloud, id)
    const left = wanted.groups.find(({ role }) => role === 'task')?.nodes.length ?? 0
    return left === 0 && status.state === 'running' && (await running()) === 2
  })
  assert.deepEqual(daemonsOf(dataDir), before)
  const { RecordList } = await call(cloud, 'DescribeAutoScaleRecords', { InstanceId: id })
  assert.deepEqual(
    (RecordList as Record<string, string>[]).map((each) =>
      [each['StrategyName'], each['ScaleAction'], each['ActionStatus']].join(' '),
    ),
    ['less SCALE_IN SUCCESS', 'more SCALE_OUT SUCCESS'],
  )
}
