/** SQL and Spark of an EMR cluster, real: tables by Hive's own command line, and an application on YARN that reads them. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
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
import { beeline, sparkSql } from '../support/engine/hive-client.ts'
import { cache, skipWithout } from '../support/engine/module.ts'
import type { Cloud } from '../support/fixture/cloud.ts'
import { emrys } from '../support/process/emrys-command.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'

const skip =
  skipWithout('spark') ||
  skipWithout('hadoop') ||
  skipWithout('zookeeper') ||
  skipWithout('openldap')

const components = ['hdfs-3.2.2', 'yarn-3.2.2', 'zookeeper-3.6.3', 'openldap-2.4.44', 'knox-1.6.1']
const settings = [
  {
    serviceName: 'HIVE',
    classification: 'hive-site.xml',
    properties: { 'hive.metastore.warehouse.dir': '/warehouse' },
  },
  {
    serviceName: 'SPARK',
    classification: 'spark-defaults.conf',
    properties: { 'spark.sql.shuffle.partitions': 3 },
  },
]

test(
  'SQL by the protocol of Hive, and an application of Spark on YARN, work on the same tables through restarts and kills',
  { skip, timeout: 2_400_000 },
  async (t) => {
    const dataDir = emrDirectory(t)
    const first = await emrCloud(t, dataDir)
    const startedMs = performance.now()
    const tell = (what: string) =>
      t.diagnostic(`${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${what}`)
    const { InstanceId } = await call(first, 'CreateInstance', {
      ...sampleCreateRequest({
        ProductId: 44,
        Software: [...components, 'hive-3.1.3', 'spark-3.2.2'],
        ExtendFsField: JSON.stringify(settings),
      }),
    })
    const id = String(InstanceId)
    const cluster = await untilState(first, id, 'running')
    tell('running')
    assert.match(
      cluster.status.reason,
      /hive-3\.1\.3 runs as 2\.3\.9 \(metastore\) with the SQL of Spark 3\.5\.8; spark-3\.2\.2 runs as 3\.5\.8/,
    )
    assert.equal(await statusOf(first, id, 'HIVE', 'HiveServer2'), STARTED)
    assert.equal(await statusOf(first, id, 'HIVE', 'HiveMetaStore'), STARTED)
    assert.equal(await statusOf(first, id, 'SPARK', 'SparkJobHistoryServer'), STARTED)
    const daemons = daemonsOf(dataDir)
    for (const name of ['hive-database', 'hive-metastore', 'hive-server2', 'spark-historyserver'])
      assert.equal(daemons.filter((each) => each.name === name).length, 1, name)
    const [master = ''] = addressesOf(cluster, 'master')
    const hosts = [master, ...addressesOf(cluster, 'core')]
    const elsewhere = () =>
      // A DataNode keeps a port of its own for itself on 127.0.0.1.
      listenersOf(processesOf(dataDir)).filter((host) => ![...hosts, '127.0.0.1'].includes(host))
    assert.deepEqual(elsewhere(), [])
    for (const [name, port] of Object.entries({ hive: 10_000, 'hive-metastore': 7004 })) {
      const found = cluster.status.endpoints?.find((each) => each.name === name)
      assert.deepEqual([found?.host, found?.port], [master, port])
    }

    const sql = (...statements: string[]) => beeline(master, statements)
    await sql('create table kept (a int, b string)', "insert into kept values (1, 'x'), (2, 'y')")
    const rows = () => sql('select a, b from kept order by a', 'select count(*) from kept')
    assert.deepEqual(await rows(), ['1\tx', '2\ty', '2'])
    assert.deepEqual(await sql('set spark.sql.shuffle.partitions'), [
      'spark.sql.shuffle.partitions\t3',
    ])
    const place = await sql('describe formatted kept')
    assert.match(place.join('\n'), new RegExp('Location\\s+hdfs://[\\d.]+:8020/warehouse/kept\\b'))
    tell('created, inserted, selected')

    const url = `http://127.0.0.1:${first.port}`
    const connect = ['connect', id, '--url', url, '-e', 'select b from kept where a = 2']
    const connected = await emrys(t, connect, { EMRYS_ENGINES_CACHE: cache })
    assert.deepEqual([connected.code, connected.out], [0, 'b\ny\n'], connected.err)

    await checkStatements(first, id)

    // The application knows of the tables by the same metastore, over Thrift, and has containers of YARN.
    const seen = new Set<string>()
    const watch = setInterval(() => elsewhere().forEach((host) => seen.add(host)), 2_000)
    const text = await sparkSql(dataDir, {
      host: master,
      sql: 'select sum(a), max(b) from kept',
    }).finally(() => clearInterval(watch))
    assert.match(text, /^3\ty$/m)
    assert.deepEqual([...seen], [])
    const applications = (await (
      await fetch(`http://${master}:8088/ws/v1/cluster/apps?applicationTypes=SPARK`)
    ).json()) as { apps: { app: readonly { id: string; finalStatus: string; state: string }[] } }
    const [application] = applications.apps.app
    assert.deepEqual([application?.state, application?.finalStatus], ['FINISHED', 'SUCCEEDED'])
    tell('an application on YARN')
    await until('what it executed is known', async () => {
      const all = await executionsOf(first, id)
      const own = all.find((each) => each.ApplicationId[0] === application?.id)
      return own?.Statement === 'select sum(a), max(b) from kept' && own.Status === 'COMPLETED'
    })
    await until('the history has it', async () => {
      const answer = await fetch(`http://${master}:18080/api/v1/applications`)
      const all = (await answer.json()) as readonly { readonly id: string }[]
      return all.some((each) => each.id === application?.id)
    })

    // A restart of Emrys touches nothing.
    const before = daemonsOf(dataDir)
    await first.close()
    const second = await emrCloud(t, dataDir)
    await untilState(second, id, 'running')
    assert.deepEqual(daemonsOf(dataDir), before)
    assert.deepEqual(await rows(), ['1\tx', '2\ty', '2'])

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
    assert.deepEqual(await rows(), ['1\tx', '2\ty', '2'])

    await call(second, 'TerminateInstance', { InstanceId: id })
    await untilState(second, id, 'deleted')
    assert.deepEqual(processesOf(dataDir), [])
    assert.equal(existsSync(join(dataDir, 'local', id)), false)
  },
)

interface ShownExecution {
  readonly Statement: string
  readonly Status: string
  readonly ApplicationId: readonly string[]
  readonly ScanRowNum: number
  readonly OutputRowNum: number
}

const page = { Offset: 0, Limit: 100 }

function hourUntilNow(cloud: Cloud) {
  const now = Math.floor(cloud.clock.now() / 1000)
  return { StartTime: now - 3_600, EndTime: now + 60 }
}

async function executionsOf(cloud: Cloud, id: string): Promise<readonly ShownExecution[]> {
  const asked = { InstanceId: id, ...hourUntilNow(cloud), ...page }
  const { Results } = await call(cloud, 'DescribeSparkQueries', asked)
  return Results as readonly ShownExecution[]
}

/** What Beeline sent, as the cloud's API tells of it. */
async function checkStatements(cloud: Cloud, id: string): Promise<void> {
  const asked = { InstanceId: id, ...hourUntilNow(cloud), ...page }
  const { Results } = await call(cloud, 'DescribeHiveQueries', asked)
  const all = Results as readonly Readonly<Record<string, unknown>>[]
  const insert = all.find(({ Statement }) => String(Statement).startsWith('insert into kept'))
  assert.equal(insert?.['Statement'], "insert into kept values (1, 'x'), (2, 'y')")
  assert.deepEqual(
    [insert?.['User'], insert?.['State'], insert?.['ExecutionEngine']],
    ['hadoop', 'FINISHED', 'spark'],
  )
  assert.ok(Number(insert?.['EndTime']) >= Number(insert?.['StartTime']))
  const executed = await executionsOf(cloud, id)
  const own = executed.filter(({ Statement }) => Statement === insert?.['Statement'])
  assert.deepEqual(
    own.map((each) => [each.Status, each.OutputRowNum]),
    [['COMPLETED', 2]],
  )
}

const STARTED = 1

/** As clients read it. */
async function statusOf(cloud: Cloud, ...[id, service, name]: readonly [string, string, string]) {
  const asked = { InstanceId: id, ServiceName: service }
  const { ServiceNodeList } = await call(cloud, 'DescribeServiceNodeInfos', asked)
  const list = ServiceNodeList as readonly { readonly NodeName: string; readonly Status: number }[]
  return list.find(({ NodeName }) => NodeName === name)?.Status
}
