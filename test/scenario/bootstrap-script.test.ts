/** Bootstrap scripts, from the request to what ran on which node (reference: tencent-emr.md 2.3 PreExecuteFileSettings). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '../../src/config/config.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { startServer } from '../../src/server/server.ts'
import { askAdmin, keepDataDirectory } from '../support/http/admin.ts'
import { startCloud, type Cloud as WholeCloud } from '../support/fixture/cloud.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { ask, create } from '../support/http/tencent-client.ts'

/** Also a server that is ended before its test. */
type Cloud = Pick<WholeCloud, 'port' | 'store' | 'loop' | 'clock'>

const scripts = [
  { CosFileURI: 'https://b-1.cos.ap-guangzhou.myqcloud.com/late.sh', WhenRun: 'clusterAfter' },
  {
    CosFileURI: 'cos://b-1/second.sh',
    WhenRun: 'resourceAfter',
    RunOrder: 2,
    Args: ['-x', 'y'],
    CosSecretId: 'AKIDbootstrap',
    CosSecretKey: 'bootstrap-storage-secret',
  },
  { CosFileURI: 'cos://b-1/first.sh', WhenRun: 'resourceAfter', RunOrder: 1, Remark: 'disks' },
  { CosFileURI: 'cos://b-1/third.sh', WhenRun: 'clusterBefore' },
]
const creation = { PreExecutedFileSettings: scripts }

interface Run {
  readonly script: string
  readonly node: string
  readonly phase: string
  readonly order: number
  readonly started: string
}

async function pageOf(cloud: Cloud, id: string) {
  const { body } = await askAdmin(cloud.port, `clusters/${id}`)
  return body as {
    cluster: {
      status: { reason: string }
      spec: {
        scripts: { id: string; name: string }[]
        groups: { nodes: { id: string }[] }[]
      }
    }
    scriptRuns: Run[]
  }
}

async function status(cloud: Cloud, id: string): Promise<number> {
  const { response } = await ask(cloud, 'DescribeInstances', {
    DisplayStrategy: 'clusterList',
    InstanceIds: [id],
  })
  return (response['ClusterList'] as [{ Status: number }])[0].Status
}

interface Stage {
  readonly Stage: string
  readonly Status: number
  readonly FailedReason: string
}

async function stagesOf(cloud: Cloud, id: string): Promise<readonly Stage[]> {
  const found = await cloud.store.read((tx) =>
    tx.list('operation', { account: undefined, parent: id, order: 'oldest', limit: 1, offset: 0 }),
  )
  const FlowParam = { FKey: 'FlowId', FValue: String(found.rows[0]?.document.flow) }
  const { response } = await ask(cloud, 'DescribeClusterFlowStatusDetail', {
    InstanceId: id,
    FlowParam,
  })
  return response['StageDetails'] as Stage[]
}

test('scripts run once on every node, in their order, before and after the engine starts', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud, creation)
  await cloud.settle()
  assert.equal(await status(cloud, id), 2)
  const { cluster, scriptRuns } = await pageOf(cloud, id)
  assert.deepEqual(
    cluster.spec.scripts.map(({ name }) => name),
    ['first.sh', 'second.sh', 'third.sh', 'late.sh'],
  )
  const nodes = cluster.spec.groups.flatMap((group) => group.nodes.map((node) => node.id))
  assert.deepEqual(
    scriptRuns.map(({ script, node, phase, order }) => [script, node, phase, order]),
    cluster.spec.scripts
      .flatMap((script) => nodes.map((node) => [script.id, node] as const))
      .map(([script, node], at) => [script, node, 'done', at + 1]),
  )
  assert.deepEqual(
    (await stagesOf(cloud, id)).map(({ Stage, Status }) => [Stage, Status]),
    ['applyCvm', 'bootstrapBefore', 'initializeService', 'bootstrapAfter', 'endPoint'].map(
      (name) => [name, 2],
    ),
  )
})

test('each script takes its time, the flow shows which stage it is in, and a restart repeats none', async (t) => {
  const config = { progressions: { default: { mode: 'time', seconds: 10 } } } as const
  const clock = systemClock()
  const dataDir = temporaryDirectory(t)
  const { config: base } = loadConfig({})
  const first = await startServer({
    config: { ...base, port: 0, dataDir, requestsPerSecond: 0, ...config },
    clock,
  })
  keepDataDirectory(first.port, dataDir)
  let ended = false
  t.after(() => ended || first.close())
  const id = await create(first, creation)
  const step = async (cloud: Cloud) => {
    await cloud.loop.drain()
    cloud.clock.advance(10_000)
    await cloud.loop.drain()
  }
  await step(first)
  await step(first)
  const before = await pageOf(first, id)
  assert.match(before.cluster.status.reason, /waiting for the script second\.sh/)
  assert.deepEqual(
    (await stagesOf(first, id)).map(({ Status }) => Status),
    [2, 1, 0, 0, 0],
  )
  ended = true
  await first.close()
  const second = await startCloud(t, { config, dataDir, clock })
  await second.settle()
  const { scriptRuns, cluster } = await pageOf(second, id)
  assert.equal(await status(second, id), 2)
  assert.equal(scriptRuns.length, cluster.spec.scripts.length * 3)
  assert.deepEqual(
    scriptRuns.slice(0, before.scriptRuns.length).map(({ started }) => started),
    before.scriptRuns.map(({ started }) => started),
  )
  assert.equal(new Set(scriptRuns.map(({ script, node }) => `${script} ${node}`)).size, 12)
})

test('in manual mode scripts move by being looked at', async (t) => {
  const cloud = await startCloud(t, {
    config: { progressions: { default: { mode: 'manual', every: 1 } } },
  })
  const id = await create(cloud, creation)
  await cloud.loop.drain()
  let looks = 0
  while ((await status(cloud, id)) !== 2 && looks < 50) looks++
  assert.ok(looks > 3 && looks < 50, `${looks} looks`)
})

test('a script that fails fails the cluster: 301, with the reason where a flow has it', async (t) => {
  const cloud = await startCloud(t)
  const put = { method: 'PUT', body: { script: 'third.sh', exitCode: 7 } }
  assert.equal((await askAdmin(cloud.port, 'script-faults', put)).status, 200)
  const id = await create(cloud, creation)
  await cloud.settle()
  assert.equal(await status(cloud, id), 301)
  const { cluster, scriptRuns } = await pageOf(cloud, id)
  assert.equal(cluster.status.reason, 'the script third.sh failed on master.0 with exit code 7')
  assert.ok(
    scriptRuns.every(({ script }) => script !== 'bootstrap.0'),
    'late.sh did not run',
  )
  const stages = await stagesOf(cloud, id)
  const failed = stages.filter(({ Status }) => Status === -1)
  assert.ok(failed.length > 0)
  assert.ok(failed.every(({ FailedReason }) => FailedReason === cluster.status.reason))
  assert.deepEqual((await askAdmin(cloud.port, 'script-faults', { method: 'DELETE' })).body, {
    removed: 1,
  })
  const again = await create(cloud, creation)
  await cloud.settle()
  assert.equal(await status(cloud, again), 2)
})

test('keys of the scripts are sealed, and none is shown', async (t) => {
  const cloud = await startCloud(t)
  const id = await create(cloud, creation)
  const { text, body } = await askAdmin(cloud.port, `clusters/${id}`)
  assert.ok(!text.includes('bootstrap-storage-secret') && !text.includes('AKIDbootstrap'))
  assert.deepEqual(
    body.cluster.secrets.filter((name: string) => name.startsWith('bootstrap')),
    ['bootstrap.1.key', 'bootstrap.1.keyId'],
  )
  const found = await cloud.store.read((tx) => tx.findById('cluster', id))
  const { secrets } = found!.document
  assert.ok(secrets['bootstrap.1.key']?.startsWith('v1.'))
})
