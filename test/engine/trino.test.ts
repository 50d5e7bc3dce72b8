/** Trino of an EMR cluster, real: its own Python client reads samples, and the tables that Spark has made, on workers that come and go. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { machineIdOf } from '../../src/dialect/tencent/emr/identifier.ts'
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
import { beeline } from '../support/engine/hive-client.ts'
import { skipWithout } from '../support/engine/module.ts'
import { trinoSql } from '../support/engine/trino-client.ts'
import type { Cloud } from '../support/fixture/cloud.ts'
import { machine, sampleCreateRequest, scaleOutRequest } from '../support/http/tencent-client.ts'
import { emrys } from '../support/process/emrys-command.ts'

const skip =
  skipWithout('trino') ||
  skipWithout('trino-hive') ||
  skipWithout('spark') ||
  skipWithout('hadoop') ||
  skipWithout('zookeeper')

const components = [
  'hdfs-3.2.2',
  'yarn-3.2.2',
  'zookeeper-3.6.3',
  'openldap-2.4.44',
  'knox-1.6.1',
  'hive-3.1.3',
  'trino-389',
]
const settings = {
  serviceName: 'TRINO',
  classification: 'config.properties',
  properties: { 'query.max-history': 50 },
}

test(
  'Trino reads samples and the tables of Hive on all its workers, through scaling, a restart and kills',
  { skip, timeout: 2_400_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const first = await emrCloud(t, dataDir)
    const startedMs = performance.now()
    const tell = (what: string) =>
      t.diagnostic(`${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${what}`)
    const { ResourceSpec } = sampleCreateRequest()
    const { InstanceId } = await call(first, 'CreateInstance', {
      ...sampleCreateRequest({
        ProductId: 44,
        Software: components,
        ResourceSpec: { ...ResourceSpec, TaskResourceSpec: machine(4, 8), TaskCount: 1 },
        ExtendFsField: JSON.stringify([settings]),
      }),
    })
    const id = String(InstanceId)
    const cluster = await untilState(first, id, 'running')
    tell('running')
    assert.match(cluster.status.reason, /trino-389 runs as 476/)
    const [master = ''] = addressesOf(cluster, 'master')
    const cores = [...addressesOf(cluster, 'core'), ...addressesOf(cluster, 'task')]
    const trinos = () => daemonsOf(dataDir).filter(({ name }) => name.startsWith('trino-'))
    assert.equal(trinos().length, 1 + cores.length)
    // Each on its own node's address, and on no other.
    for (const daemon of trinos()) {
      const host = cluster.status.nodes[daemon.node]?.address
      assert.deepEqual([...new Set(listenersOf([daemon]))], [host], daemon.name)
    }
    const endpoint = cluster.status.endpoints?.find(({ name }) => name === 'trino')
    assert.deepEqual([endpoint?.host, endpoint?.port], [master, 8080])

    const sql = (...statements: string[]) => trinoSql(master, statements)
    const workers = async () =>
      (
        await sql(
          "select http_uri from system.runtime.nodes where state = 'active' and not coordinator",
        )
      )
        .map((uri) => new URL(uri).hostname)
        .toSorted()
    assert.deepEqual(await workers(), cores.toSorted())
    assert.deepEqual(await sql('select count(*) from tpch.tiny.orders'), ['15000'])
    assert.deepEqual(await sql('show catalogs'), ['hive', 'memory', 'system', 'tpch'])
    const url = `http://127.0.0.1:${first.port}`
    const statement = 'use tpch.tiny; select count(*) as n from orders'
    // As whom the other clients ask.
    const where = ['--service', 'trino', '--user', 'analyst', '--url', url]
    const connect = ['connect', id, ...where, '-e', statement]
    const connected = await emrys(t, connect)
    assert.deepEqual([connected.code, connected.out], [0, 'n\n15000\n'], connected.err)
    tell('samples')

    await beeline(master, [
      'create table kept (a int, b string) using parquet',
      "insert into kept values (1, 'x'), (2, 'y')",
    ])
    const rows = () => sql('select a, b from hive.default.kept order by a')
    assert.deepEqual(await rows(), ['1\tx', '2\ty'])
    await sql('create table hive.default.made as select name from tpch.tiny.region')
    assert.deepEqual(await beeline(master, ['select count(*) from made']), ['5'])
    tell('tables of Hive')

    await checkQueries(first, id)
    await stopAndStart(first, { id, cores, workers })
    tell('a worker stopped and started')
    await scale(first, { id, dataDir, workers })
    tell('scaled')

    // A restart of Emrys touches nothing.
    const before = daemonsOf(dataDir)
    await first.close()
    const second = await emrCloud(t, dataDir)
    await untilState(second, id, 'running')
    assert.deepEqual(daemonsOf(dataDir), before)
    assert.deepEqual(await rows(), ['1\tx', '2\ty'])

    for (const { pid } of processesOf(dataDir)) kill(pid)
    await until('all are new', async () => {
      const { status } = await documentOf(second, id)
      const now = daemonsOf(dataDir).map(({ pid }) => pid)
      return (
        status.state === 'running' &&
        now.length === before.length &&
        before.every(({ pid }) => !now.includes(pid))
      )
    })
    tell('killed, and back')
    assert.deepEqual(await workers(), cores.toSorted())
    assert.deepEqual(await rows(), ['1\tx', '2\ty'])

    await call(second, 'TerminateInstance', { InstanceId: id })
    await untilState(second, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
    assert.equal(existsSync(join(dataDir, 'local', id)), false)
  },
)

/** As the cloud's API tells of them: what clients asked, and nothing else. */
async function checkQueries(cloud: Cloud, id: string) {
  const now = Math.floor(cloud.clock.now() / 1000)
  const window = { StartTime: now - 3_600, EndTime: now + 60, Page: 1, PageSize: 100 }
  const { TotalCount, QueryInfoList } = await call(cloud, 'DescribeTrinoQueryInfo', {
    InstanceId: id,
    ...window,
  })
  const list = QueryInfoList as readonly Readonly<Record<string, unknown>>[]
  assert.equal(TotalCount, list.length)
  assert.deepEqual(new Set(list.map(({ User }) => User)), new Set(['analyst']))
  const made = list.find(({ Statement }) => String(Statement).startsWith('create table hive'))
  assert.deepEqual([made?.['State'], made?.['ErrorMessage']], ['FINISHED', ''])
  for (const name of ['CpuTime', 'WrittenBytes', 'DurationMillis', 'ProcessedInputBytes'])
    assert.ok(Number(made?.[name]) > 0, `${name} of ${JSON.stringify(made)}`)
}

/** By the cloud's API, and nobody but that worker. */
async function stopAndStart(
  cloud: Cloud,
  it: { id: string; cores: readonly string[]; workers: () => Promise<readonly string[]> },
) {
  const { id, cores, workers } = it
  const [host = '', ...rest] = cores
  const scope = [
    {
      ServiceName: 'PRESTOSQL',
      ComponentInfoList: [{ ComponentName: 'PrestoSqlWorker', IpList: [host] }],
    },
  ]
  const order = (OpType: string) =>
    call(cloud, 'StartStopServiceOrMonitor', {
      InstanceId: id,
      OpType,
      OpScope: { ServiceInfoList: scope },
    })
  await order('StopService')
  await untilState(cloud, id, 'running')
  await until('it is no worker', async () => !(await workers()).includes(host))
  assert.deepEqual(await workers(), rest.toSorted())
  await order('StartService')
  await untilState(cloud, id, 'running')
  await until('it is a worker', async () => (await workers()).includes(host))
}

/** A task node is a worker once it is there, and is drained before it goes. */
async function scale(
  cloud: Cloud,
  it: { id: string; dataDir: string; workers: () => Promise<readonly string[]> },
) {
  const { id, dataDir, workers } = it
  const old = daemonsOf(dataDir)
  const known = await workers()
  await call(cloud, 'ScaleOutInstance', { ...scaleOutRequest, InstanceId: id, TaskCount: 1 })
  const larger = await untilState(cloud, id, 'running')
  const [added = ''] = addressesOf(larger, 'task').filter((each) => !known.includes(each))
  await until('it is a worker', async () => (await workers()).includes(added))
  // Nobody was restarted.
  const now = daemonsOf(dataDir).map(({ pid }) => pid)
  assert.deepEqual(
    old.filter(({ pid }) => !now.includes(pid)),
    [],
  )
  const node = Object.entries(larger.status.nodes).find(([, { address }]) => address === added)
  await call(cloud, 'TerminateClusterNodes', {
    InstanceId: id,
    CvmInstanceIds: [machineIdOf(node?.[0] ?? '')],
    NodeFlag: 'TASK',
    GraceDownFlag: true,
    GraceDownTime: 600,
  })
  const states = new Set<string>()
  await until('it goes', async () => {
    const answer = await fetch(`http://${added}:8080/v1/info/state`, {
      headers: { 'x-trino-user': 'test' },
    }).catch(() => undefined)
    states.add(answer ? String(await answer.json()) : 'gone')
    return (await documentOf(cloud, id)).status.state === 'running'
  })
  assert.ok(states.has('DRAINING') || states.has('DRAINED'), [...states].join(', '))
  assert.deepEqual(await workers(), known)
  assert.deepEqual(daemonsOf(dataDir), old)
}
