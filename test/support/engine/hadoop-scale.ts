/** Nodes of a real Hadoop cluster that come and go. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { machineIdOf } from '../../../src/dialect/tencent/emr/identifier.ts'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import type { Cloud } from '../fixture/cloud.ts'
import { addition } from '../fixture/emr-node-spec.ts'
import { loadStrategy } from '../fixture/emr-strategy.ts'
import { scaleOutRequest } from '../http/tencent-client.ts'
import { addressesOf, call, daemonsOf, documentOf, until, untilState } from './emr-cluster.ts'
import { blocksOn, liveNodes, webHdfs } from './webhdfs.ts'

/** A core node comes, and goes once its blocks are elsewhere. */
export async function scaleOut(
  cloud: Cloud,
  it: { id: string; dataDir: string; tell: (what: string) => void },
) {
  const { id, dataDir, tell } = it
  const before = await documentOf(cloud, id)
  const [master = ''] = addressesOf(before, 'master')
  const old = daemonsOf(dataDir)
  await call(cloud, 'ScaleOutInstance', { ...scaleOutRequest, InstanceId: id, CoreCount: 1 })
  const larger = await untilState(cloud, id, 'running')
  const added = addressesOf(larger, 'core').filter(
    (each) => !addressesOf(before, 'core').includes(each),
  )
  assert.equal(added.length, 1)
  assert.equal((await liveNodes(master)).get(added[0] ?? ''), 'In Service')
  // Nobody was restarted.
  const now = daemonsOf(dataDir).map(({ pid }) => pid)
  assert.deepEqual(
    old.filter(({ pid }) => !now.includes(pid)),
    [],
  )
  tell('scaled out')

  // Every block of the file is on the node that goes, among others.
  const files = webHdfs(master)
  const content = await files.get('/kept')
  await files.setReplication('/kept', 3)
  await files.setReplication('/kept', 2)
  await call(cloud, 'TerminateClusterNodes', {
    InstanceId: id,
    CvmInstanceIds: [machineIdOf(idAt(larger, added[0] ?? ''))],
    NodeFlag: 'CORE',
  })
  const seen = new Set<string>()
  await until('it goes', async () => {
    seen.add((await liveNodes(master)).get(added[0] ?? '') ?? 'gone')
    return (await documentOf(cloud, id)).status.state === 'running'
  })
  assert.ok(
    seen.has('Decommission In Progress') || seen.has('Decommissioned'),
    [...seen].join(', '),
  )
  assert.equal(daemonsOf(dataDir).length, old.length)
  assert.ok((await files.get('/kept')).equals(content))
  assert.deepEqual(
    old.filter(({ pid }) => daemonsOf(dataDir).every((each) => each.pid !== pid)),
    [],
  )
}

/** A core node on which nothing of HDFS and YARN runs any more: it goes once the NameNode has made copies of what it kept. */
export async function removeStopped(
  cloud: Cloud,
  { id, dataDir }: { id: string; dataDir: string },
) {
  const before = await documentOf(cloud, id)
  const [master = ''] = addressesOf(before, 'master')
  const known = addressesOf(before, 'core')
  await call(cloud, 'ScaleOutInstance', { ...scaleOutRequest, InstanceId: id, CoreCount: 1 })
  const larger = await untilState(cloud, id, 'running')
  const [added = ''] = addressesOf(larger, 'core').filter((each) => !known.includes(each))
  const files = webHdfs(master)
  const contents = new Map<string, Buffer>()
  // Each has two copies on two of three nodes.
  await until('the new node has a copy of some file', async () => {
    const name = `/small-${contents.size}`
    contents.set(name, randomBytes(1_000))
    await files.put(name, contents.get(name)!)
    return (await blocksOn(master, added)) > 0
  })
  for (const [ServiceName, ComponentName] of [
    ['HDFS', 'DataNode'],
    ['YARN', 'NodeManager'],
  ]) {
    const scope = { ServiceName, ComponentInfoList: [{ ComponentName, IpList: [added] }] }
    const OpScope = { ServiceInfoList: [scope] }
    await call(cloud, 'StartStopServiceOrMonitor', {
      InstanceId: id,
      OpType: 'StopService',
      OpScope,
    })
    await untilState(cloud, id, 'running')
  }
  await call(cloud, 'TerminateClusterNodes', {
    InstanceId: id,
    CvmInstanceIds: [machineIdOf(idAt(larger, added))],
    NodeFlag: 'CORE',
  })
  const after = await untilState(cloud, id, 'running')
  assert.deepEqual(addressesOf(after, 'core').toSorted(), known.toSorted())
  for (const [name, content] of contents) assert.ok((await files.get(name)).equals(content), name)
  assert.ok(daemonsOf(dataDir).every(({ node }) => node !== idAt(larger, added)))
}

/** By what the ResourceManager says it has: a task node comes, and goes with its strategy. */
export async function scaleByLoad(
  cloud: Cloud,
  { id, tell }: { id: string; tell: (what: string) => void },
) {
  const machine = addition('S5.LARGE8', { IsDefault: 'DEFAULT', ZoneId: 100_003 })
  await call(cloud, 'AddNodeResourceConfig', { InstanceId: id, ...machine })
  const LoadAutoScaleStrategy = loadStrategy(
    { ScaleNum: 1, CalmDownTime: 3_600 },
    { LoadMetrics: 'AvailableMB#root.small', Conditions: [{ CompareMethod: 1, Threshold: 0 }] },
  )
  await call(cloud, 'AddMetricScaleStrategy', {
    InstanceId: id,
    StrategyType: 1,
    LoadAutoScaleStrategy,
  })
  const [master = ''] = addressesOf(await documentOf(cloud, id), 'master')
  const workers = async () => {
    const answer = await fetch(`http://${master}:8088/ws/v1/cluster/metrics`)
    const { clusterMetrics } = (await answer.json()) as { clusterMetrics: { activeNodes: number } }
    return clusterMetrics.activeNodes
  }
  assert.equal(await workers(), 2)
  await until('YARN has one more node', async () => {
    // A period of the figures, as it is looked at.
    if ((await documentOf(cloud, id)).status.state === 'running') cloud.clock.advance(60_000)
    return (await workers()) === 3
  })
  await untilState(cloud, id, 'running')
  tell('scaled out by load')
  const { LoadAutoScaleStrategies } = await call(cloud, 'DescribeAutoScaleStrategies', {
    InstanceId: id,
  })
  const [added] = LoadAutoScaleStrategies as { StrategyId: number }[]
  const StrategyId = added?.StrategyId
  await call(cloud, 'DeleteAutoScaleStrategy', { InstanceId: id, StrategyType: 1, StrategyId })
  await until('it goes again', async () => {
    const { spec, status } = await documentOf(cloud, id)
    const left = spec.groups.find(({ role }) => role === 'task')?.nodes.length ?? 0
    return left === 0 && status.state === 'running'
  })
}

/** The node that has the address. */
export function idAt({ status }: Cluster, address: string): string {
  const [id = ''] = Object.entries(status.nodes).find(([, node]) => node.address === address) ?? []
  return id
}
