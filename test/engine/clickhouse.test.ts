/**
 * ClickHouse of EMR clusters, real, by its own command line: shards that answer together, replicas that catch up, and rows that are there
 * whatever is killed.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
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
  until,
  untilState,
} from '../support/engine/emr-cluster.ts'
import { isGone } from '../support/engine/emr-truth.ts'
import { skipWithout } from '../support/engine/module.ts'
import { filesHolding } from '../support/engine/secret.ts'
import {
  ask,
  machine,
  sampleCreateRequest,
  scaleOutRequest,
} from '../support/http/tencent-client.ts'
import { emrys } from '../support/process/emrys-command.ts'

const skip = skipWithout('clickhouse') || skipWithout('zookeeper')
const PASSWORD = 'Only^4Tests'

/** What the client says, without its last line end; what went wrong otherwise. */
function query(host: string, text: string, password = PASSWORD): Promise<string> {
  const words = ['--host', host, '--user', 'default', '--password', password, '--query', text]
  return new Promise((resolve, reject) => {
    // It waits for its standard input to end.
    execFile('clickhouse-client', words, { timeout: 60_000 }, (problem, said, why) =>
      problem ? reject(new Error(why)) : resolve(said.trimEnd()),
    ).stdin?.end()
  })
}

async function clickhouseCloud(t: TestContext, members: object) {
  const dataDir = emrDirectory(t)
  const cloud = await emrCloud(t, dataDir)
  const request = sampleCreateRequest({
    ProductId: 22,
    Software: ['clickhouse-20.7.2.30', 'zookeeper-3.4.9'],
    LoginSettings: { Password: PASSWORD },
    ...members,
  })
  const id = String((await call(cloud, 'CreateInstance', request))['InstanceId'])
  return { dataDir, cloud, id, cluster: await untilState(cloud, id, 'running') }
}

test(
  'a ClickHouse cluster answers by all of its shards, keeps its rows when it is killed, and takes another node in',
  { skip, timeout: 1_200_000 },
  async (t) => {
    const { dataDir, cloud, id, cluster } = await clickhouseCloud(t, {
      ResourceSpec: { CoreResourceSpec: machine(4, 16), CoreCount: 2 },
    })
    assert.match(cluster.status.reason, /clickhouse-20\.7\.2\.30 runs as 18\.16\.1/)
    const [one = '', other = ''] = addressesOf(cluster, 'core')
    const daemons = daemonsOf(dataDir)
    const names = daemons.map(({ name }) => name).toSorted()
    assert.deepEqual(names, ['clickhouse-server', 'clickhouse-server', 'zookeeper'])
    const addresses = [one, other]
    assert.deepEqual([...new Set(listenersOf(daemons))].toSorted(), addresses.toSorted())

    await assert.rejects(query(one, 'select 1', ''), /Password required|Wrong password/)
    await assert.rejects(query(one, 'select 1', 'Other^4Tests'), /Wrong password/)
    const httpWithout = await fetch(`http://${one}:8123/?query=select+1`)
    assert.ok(!httpWithout.ok, await httpWithout.text())
    assert.equal(await query(one, 'select version()'), '18.16.1')

    const everywhere = 'create table x on cluster default_cluster (a UInt32) engine = Memory'
    await assert.rejects(query(one, everywhere), /DDL background thread is not initialized/)
    const distributed = 'engine = Distributed(default_cluster, default, kept, a)'
    const withTables = async (host: string) => {
      await query(host, 'create table kept (a UInt32) engine = MergeTree order by a')
      await query(host, `create table every (a UInt32) ${distributed}`)
    }
    for (const host of addresses) await withTables(host)
    await query(one, 'insert into every select number from numbers(100)')
    await until('both shards have rows', async () => {
      const counts = await Promise.all(
        addresses.map((host) => query(host, 'select count() from kept')),
      )
      return counts.join(' ') === '50 50'
    })
    assert.equal(await query(other, 'select count(), sum(a) from every'), '100\t4950')

    const url = `http://127.0.0.1:${cloud.port}`
    const connect = ['connect', id, '--url', url, '-e', 'select count() as n from every']
    const connected = await emrys(t, connect, { EMRYS_PASSWORD: PASSWORD })
    assert.deepEqual([connected.code, connected.out], [0, 'n\n100\n'], connected.err)
    const strange = await emrys(t, connect, { EMRYS_PASSWORD: 'Other^4Tests' })
    assert.equal(strange.code, 1)
    assert.match(strange.err, /default cannot log in at .*Wrong password/)

    // Another server finds what runs, and touches nothing.
    await cloud.close()
    const second = await emrCloud(t, dataDir)
    await untilState(second, id, 'running')
    assert.deepEqual(daemonsOf(dataDir), daemons)

    for (const { pid } of daemons) kill(pid)
    await until('all are new', async () => {
      const { status } = await documentOf(second, id)
      return status.state === 'running' && (status.incidents ?? []).length >= 3
    })
    assert.equal(await query(one, 'select count(), sum(a) from every'), '100\t4950')

    const before = daemonsOf(dataDir)
    await call(second, 'ScaleOutInstance', { ...scaleOutRequest, InstanceId: id, CoreCount: 1 })
    const larger = await untilState(second, id, 'running')
    const now = daemonsOf(dataDir)
    assert.equal(now.length, 4)
    assert.ok(before.every(({ pid }) => now.some((each) => each.pid === pid)))
    const shards = "select count() from system.clusters where cluster = 'default_cluster'"
    await until('the shards before it know of it', async () => (await query(one, shards)) === '3')
    const added = addressesOf(larger, 'core').find((host) => !addresses.includes(host)) ?? ''
    await withTables(added)
    assert.equal(await query(added, 'select count() from every'), '100')

    // What would lose rows is refused, and nothing is different.
    const [node = ''] = Object.keys(larger.status.nodes)
    const refused = await ask({ port: second.port }, 'TerminateClusterNodes', {
      InstanceId: id,
      CvmInstanceIds: [machineIdOf(node)],
      NodeFlag: 'CORE',
    })
    assert.notEqual(refused.code, '')
    assert.match(refused.message, /the rows of .* would go with it/)
    assert.equal(await query(one, 'select count() from every'), '100')

    assert.deepEqual(filesHolding(dataDir, [PASSWORD]), [])
    for (const { pid } of now)
      assert.ok(!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(PASSWORD))
    assert.deepEqual(
      [...new Set(listenersOf(now))].toSorted(),
      addressesOf(larger, 'core').toSorted(),
    )
    await call(second, 'TerminateInstance', { InstanceId: id })
    await untilState(second, id, 'deleted')
    isGone(dataDir, addressesOf(larger, 'core'))
  },
)

test(
  'the nodes of a highly available ClickHouse cluster are replicas by twos, of which each catches up',
  { skip, timeout: 1_200_000 },
  async (t) => {
    const { dataDir, cloud, id, cluster } = await clickhouseCloud(t, {
      SupportHA: 1,
      ResourceSpec: {
        CoreResourceSpec: machine(4, 16),
        CoreCount: 2,
        CommonResourceSpec: machine(2, 4),
        CommonCount: 3,
      },
    })
    const [one = '', other = ''] = addressesOf(cluster, 'core')
    assert.equal(daemonsOf(dataDir).length, 5)
    const replicas = 'select shard_num, replica_num from system.clusters order by replica_num'
    assert.equal(await query(one, replicas), '1\t1\n1\t2')

    const engine = "ReplicatedMergeTree('/clickhouse/tables/{shard}/kept', '{replica}') order by a"
    for (const host of [one, other])
      await query(host, `create table kept (a UInt32) engine = ${engine}`)
    await query(one, 'insert into kept values (1), (2)')
    const sumAt = (host: string) => query(host, 'select sum(a) from kept')
    await until('the other one has it', async () => (await sumAt(other)) === '3')

    const killed = daemonsOf(dataDir).find(
      ({ name, node }) =>
        name === 'clickhouse-server' && cluster.status.nodes[node]?.address === one,
    )
    kill(killed?.pid ?? 0)
    await query(other, 'insert into kept values (4)')
    await until('it caught up', async () => (await sumAt(one)) === '7')
    await until('it runs', async () => (await documentOf(cloud, id)).status.state === 'running')

    await call(cloud, 'TerminateInstance', { InstanceId: id })
    await untilState(cloud, id, 'deleted')
    isGone(
      dataDir,
      Object.values(cluster.status.nodes).map(({ address }) => address),
    )
  },
)
