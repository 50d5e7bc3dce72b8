/** HDFS and YARN of an EMR cluster, real: files, jobs, nodes that come and go, daemons that are killed. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Cloud } from '../support/fixture/cloud.ts'
import {
  addressesOf,
  call,
  daemonsOf,
  documentOf,
  emrCloud,
  emrDirectory,
  kill,
  listenersOf,
  processesOf,
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { idAt, removeStopped, scaleByLoad, scaleOut } from '../support/engine/hadoop-scale.ts'
import { skipWithout } from '../support/engine/module.ts'
import { liveNodes, webHdfs } from '../support/engine/webhdfs.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'

const skip = skipWithout('hadoop') || skipWithout('zookeeper') || skipWithout('openldap')

const software = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1']

test(
  'a Hadoop cluster keeps files and runs jobs, while nodes come and go and daemons are killed',
  { skip, timeout: 1_800_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const first = await emrCloud(t, dataDir)
    const startedMs = performance.now()
    const tell = (what: string) =>
      t.diagnostic(`${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${what}`)
    const { InstanceId } = await call(first, 'CreateInstance', {
      ...sampleCreateRequest({
        ProductId: 44,
        Software: software,
        ExtendFsField: JSON.stringify([queues]),
      }),
    })
    const id = String(InstanceId)
    const cluster = await untilState(first, id, 'running')
    tell('running')
    assert.match(
      cluster.status.reason,
      /^hdfs-3\.2\.2 runs as 3\.4\.2; .*openldap-2\.4\.44 runs as 2\.\d+\.\d+; not run here: knox-1\.6\.1$/,
    )
    const daemons = daemonsOf(dataDir)
    assert.deepEqual(daemons.map(({ name }) => name).toSorted(), [
      'hdfs-datanode',
      'hdfs-datanode',
      'hdfs-namenode',
      'openldap-slapd',
      'yarn-jobhistoryserver',
      'yarn-nodemanager',
      'yarn-nodemanager',
      'yarn-resourcemanager',
      'zookeeper',
    ])
    const [master = ''] = addressesOf(cluster, 'master')
    const cores = addressesOf(cluster, 'core')
    // A DataNode keeps a port of its own for itself on 127.0.0.1.
    const own = new Set([master, ...cores, '127.0.0.1'])
    assert.deepEqual(
      listenersOf(daemons).filter((host) => !own.has(host)),
      [],
    )

    assert.deepEqual(await queuesOf(master), [
      ['default', 75, 100],
      ['small', 25, 30],
    ])

    const content = randomBytes(3_000_000)
    const files = webHdfs(master)
    await files.put('/kept', content)
    assert.ok((await files.get('/kept')).equals(content))
    assert.deepEqual([...(await liveNodes(master)).keys()].toSorted(), cores.toSorted())
    tell('put and get')

    await scaleOut(first, { id, dataDir, tell })
    tell('scaled out and in')
    await removeStopped(first, { id, dataDir })
    tell('a node with stopped daemons removed')

    await scaleByLoad(first, { id, tell })

    await runJobs(first, { id, tell })
    await checkInquiries(first, { id, bytes: content.length })
    tell('asked')
    await stopAndStart(first, { id, dataDir, tell })

    // A restart of Emrys touches nothing.
    const before = daemonsOf(dataDir)
    await first.close()
    const second = await emrCloud(t, dataDir)
    await untilState(second, id, 'running')
    assert.deepEqual(daemonsOf(dataDir), before)

    for (const { pid } of processesOf(dataDir)) kill(pid)
    await until('all daemons are new, and the file is there', async () => {
      const { status } = await documentOf(second, id)
      const now = daemonsOf(dataDir)
      const isNew =
        now.length === before.length &&
        now.every(({ pid }) => before.every((was) => was.pid !== pid))
      return status.state === 'running' && isNew && (await files.get('/kept')).equals(content)
    })
    tell('all killed, and back')

    await call(second, 'TerminateInstance', { InstanceId: id })
    await untilState(second, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
    assert.equal(existsSync(join(dataDir, 'local', id)), false)
    tell('gone')
  },
)

/** The same account of what runs and is kept by the cloud's API as by the daemons. */
async function checkInquiries(cloud: Cloud, { id, bytes }: { id: string; bytes: number }) {
  const now = Math.floor(cloud.clock.now() / 1000)
  const InstanceId = id
  const window = { InstanceId, StartTime: now - 3_600, EndTime: now + 60 }
  let pi: Record<string, number | string> | undefined
  // What a job has done is in its history some moments after its end.
  await until('the job is in the history', async () => {
    const page = { ...window, Offset: 0, Limit: 10 }
    const rows = await call(cloud, 'DescribeYarnApplications', page)
    const [first] = rows['Results'] as Record<string, number | string>[]
    pi = first
    assert.equal(rows['Total'], 1)
    return Number(pi?.['MapsTotal']) > 0
  })
  assert.deepEqual(
    [pi?.['Name'], pi?.['User'], pi?.['State'], pi?.['FinalStatus'], pi?.['Progress']],
    ['QuasiMonteCarlo', 'hadoop', 'FINISHED', 'SUCCEEDED', 100],
  )
  assert.deepEqual(
    [pi?.['MapsTotal'], pi?.['MapsCompleted'], pi?.['ReducesTotal'], pi?.['MapInputRecords']],
    [2, 2, 1, 2],
  )
  for (const name of ['MemorySeconds', 'HDFSBytesRead', 'HDFSBytesWritten', 'MbMillisMaps'])
    assert.ok(Number(pi?.[name]) > 0, `${name} ${pi?.[name]}`)

  const sums = await call(cloud, 'DescribeEmrApplicationStatics', { InstanceId })
  const [sum] = sums['Statics'] as Record<string, unknown>[]
  assert.deepEqual(
    [sum?.['Queue'], sum?.['ApplicationType'], sum?.['CountApps']],
    ['root.default', 'MAPREDUCE', 1],
  )
  // Its last container may be there a moment longer.
  assert.ok(Number(sum?.['SumMemorySeconds']) >= Number(pi?.['MemorySeconds']))

  const files = await call(cloud, 'DescribeHDFSStorageInfo', window)
  const items = files['StorageSummaryDistribution'] as {
    MetricItem: string
    Dps: { Value: string }[]
  }[]
  const value = (name: string) =>
    Number(items.find(({ MetricItem }) => MetricItem === name)?.Dps[0]?.Value)
  assert.ok(value('small_count') > 1 && value('hot_size') >= bytes, JSON.stringify(items))
  assert.equal(value('hot_count') + value('other_atime_count'), value('total_count'))

  const figures = await call(cloud, 'DescribeEmrOverviewMetrics', {
    InstanceId,
    Metric: 'HDFS.NN.CAPACITY',
    Downsample: '1m-max',
    End: now,
    Tags: '{"type":"CapacityUsed"}',
  })
  const [used] = figures['Result'] as { DataPoints: string[] }[]
  assert.ok(Number(used?.DataPoints[0]) >= bytes)

  const cores = await call(cloud, 'DescribeEmrOverviewMetrics', {
    InstanceId,
    Metric: 'NODE.CPU',
    Downsample: '1m-max',
    End: now,
  })
  const points = (cores['Result'] as { DataPoints: string[] }[]).map((each) => each.DataPoints[0])
  assert.ok(
    Number(points[0]) >= 0 && Number(points[0]) <= 100 && Number(points[1]) >= 12,
    points.join(' '),
  )

  const text = (await cloud.substrates.get('local')?.metrics?.())?.get(id) ?? ''
  const series = [...text.matchAll(/^(\w+)\{.*role="([\w-]+)".*\} (\d+)/gm)]
  const figure = (name: string, role: string) =>
    Number(series.find(([, each, of]) => each === name && of === role)?.[3])
  assert.ok(figure('hdfs_used_bytes', 'hdfs-namenode') >= bytes, text)
  assert.equal(figure('yarn_applications_running', 'yarn-resourcemanager'), 0)
  assert.ok(figure('zk_znode_count', 'zookeeper') > 0)
  for (const role of ['hdfs-datanode', 'yarn-nodemanager', 'yarn-jobhistoryserver'])
    assert.ok(figure('hadoop_heap_max_mib', role) > 0, role)
}

interface Shown {
  readonly NodeName: string
  readonly Ip: string
  readonly Status: number
  readonly HealthStatus: { readonly Code: number }
}

/** A DataNode is stopped and started alone, and one in maintenance stays down when it is killed: as the API and the daemons say. */
async function stopAndStart(
  cloud: Cloud,
  { id, dataDir, tell }: { id: string; dataDir: string; tell: (what: string) => void },
) {
  const cluster = await documentOf(cloud, id)
  const [master = ''] = addressesOf(cluster, 'master')
  const [core = ''] = addressesOf(cluster, 'core')
  const node = idAt(cluster, core)
  const pid = (name: string) =>
    daemonsOf(dataDir).find((each) => each.name === name && each.node === node)?.pid ?? 0
  const shown = async (service: string, name: string) => {
    const asked = { InstanceId: id, ServiceName: service }
    const { ServiceNodeList } = await call(cloud, 'DescribeServiceNodeInfos', asked)
    const found = (ServiceNodeList as Shown[]).find(
      ({ NodeName, Ip }) => NodeName === name && Ip === core,
    )
    return [found?.Status, found?.HealthStatus.Code]
  }
  const order = async (OpType: string, ServiceName: string, ComponentName: string) => {
    const component = { ComponentName, IpList: [core] }
    const scope = { ServiceInfoList: [{ ServiceName, ComponentInfoList: [component] }] }
    await call(cloud, 'StartStopServiceOrMonitor', { InstanceId: id, OpType, OpScope: scope })
    await untilState(cloud, id, 'running')
  }
  const others = daemonsOf(dataDir).filter((each) => each.pid !== pid('hdfs-datanode'))
  await order('StopService', 'HDFS', 'DataNode')
  assert.deepEqual(await shown('HDFS', 'DataNode'), [2, 0])
  assert.equal(pid('hdfs-datanode'), 0)
  await until('the NameNode misses it', async () => !(await liveNodes(master)).has(core))
  await order('StartService', 'HDFS', 'DataNode')
  assert.deepEqual(await shown('HDFS', 'DataNode'), [1, 1])
  assert.ok((await liveNodes(master)).has(core))
  tell('a DataNode stopped and started')

  await order('StopMonitor', 'YARN', 'NodeManager')
  kill(pid('yarn-nodemanager'))
  await until('it is shown as down', async () => (await shown('YARN', 'NodeManager'))[1] === 0)
  assert.equal((await documentOf(cloud, id)).status.state, 'running')
  assert.equal(pid('yarn-nodemanager'), 0)
  await order('StartService', 'YARN', 'NodeManager')
  await order('StartMonitor', 'YARN', 'NodeManager')
  assert.deepEqual(await shown('YARN', 'NodeManager'), [1, 1])
  const now = new Set(daemonsOf(dataDir).map((each) => each.pid))
  const gone = others.filter((each) => !now.has(each.pid)).map(({ name }) => name)
  assert.deepEqual(gone, ['yarn-nodemanager'])
  tell('a NodeManager killed in maintenance, and started')
}

/** A queue beside the usual one, with a limit of its own. */
const queues = {
  serviceName: 'YARN',
  classification: 'capacity-scheduler.xml',
  properties: {
    'yarn.scheduler.capacity.root.queues': 'default,small',
    'yarn.scheduler.capacity.root.default.capacity': '75',
    'yarn.scheduler.capacity.root.small.capacity': '25',
    'yarn.scheduler.capacity.root.small.maximum-capacity': '30',
  },
}

/** Name, share and limit of each queue. */
async function queuesOf(master: string): Promise<readonly unknown[]> {
  const answer = await fetch(`http://${master}:8088/ws/v1/cluster/scheduler`)
  const { scheduler } = (await answer.json()) as {
    scheduler: { schedulerInfo: { queues: { queue: Record<string, unknown>[] } } }
  }
  const { queue } = scheduler.schedulerInfo.queues
  const whole = (share: unknown) => Math.round(Number(share))
  return queue.map((each) => [
    each['queueName'],
    whole(each['capacity']),
    whole(each['maxCapacity']),
  ])
}

const EXAMPLES =
  '/usr/local/service/hadoop/share/hadoop/mapreduce/hadoop-mapreduce-examples-2.8.5.jar'

/** A job that succeeds, by the ResourceManager's account, and one that its own program fails. */
async function runJobs(cloud: Cloud, { id, tell }: { id: string; tell: (what: string) => void }) {
  const step = (Name: string, ...args: string[]) => ({
    Name,
    ExecutionStep: { JobType: 'MR', Args: [EXAMPLES, ...args] },
    ActionOnFailure: 'CONTINUE',
  })
  const flow = {
    Name: 'flow',
    CreateCluster: false,
    InstanceId: id,
    InstancePolicy: 'Reserve',
    Steps: [step('pi', 'pi', '2', '10'), step('lost', 'wordcount', '/not-there', '/out')],
  }
  const { JobFlowId } = await call(cloud, 'RunJobFlow', flow)
  let last: Record<string, unknown> = {}
  await until('the flow is finished', async () => {
    last = { ...(await call(cloud, 'DescribeJobFlow', { JobFlowId })) }
    return last['State'] === 'JobFlowFinish'
  })
  const details = last['Details'] as { JobState: string; ApplicationId: string }[]
  const states = details.map(({ JobState }) => JobState)
  assert.deepEqual(states, ['JobFlowStepStatusSucceed', 'JobFlowStepStatusFailed'])
  assert.match(details[0]?.ApplicationId ?? '', /^application_\d+_0001$/)
  tell('jobs')
}
