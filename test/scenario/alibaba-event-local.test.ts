/**
 * Events and the diagnosis of an instance that really runs on this machine: what its process and its statements did is said, and a
 * reboot at its time is another process.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'
import { startCloud } from '../support/fixture/cloud.ts'
import { diagnose, eventOf, type Row } from '../support/fixture/alibaba-event.ts'
import {
  startInstance,
  untilRunning,
  type AlibabaInstance,
} from '../support/fixture/alibaba-instance.ts'
import { HOUR_MS, money } from '../support/fixture/money.ts'
import { alibabaClient } from '../support/http/alibaba-client.ts'
import {
  ADMIN_PASSWORD,
  enginesOf,
  kill,
  localDataDirectory,
} from '../support/engine/local-instances.ts'

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'
const group = { cu: 8, storageSize: 200, residentNodeNumber: 1 }
const config = {
  substrates: { default: 'simulation', starrocks: 'local' },
  local: { threadsPerCpu: 0.125, memoryMibPerCpu: 64, advertisedHost: '', keepRunning: true },
} as const

async function start(t: TestContext) {
  const dataDir = localDataDirectory(t)
  const it = await startInstance(t, {
    body: { RunMode: 'shared_nothing', FrontendNodeGroups: [group], BackendNodeGroups: [group] },
    cloud: { dataDir, config },
  })
  return { ...it, dataDir, pid: () => enginesOf(dataDir).map(({ pid }) => pid) }
}

async function query({ document }: Pick<AlibabaInstance, 'document'>, sql: string) {
  const place = (await document()).status.endpoints?.find(({ name }) => name === 'mysql')
  assert.ok(place)
  const { host, port } = place
  const stream = () => connect({ host, port, localAddress: host })
  const client = await createConnection({ user: 'admin', password: ADMIN_PASSWORD, stream })
  try {
    await client.query(sql)
  } finally {
    client.destroy()
  }
}

/** Looks until the row is there, for half a minute and more. */
async function until(
  it: Pick<AlibabaInstance, 'call' | 'id'>,
  isMeant: (row: Row) => boolean,
): Promise<Row> {
  for (let look = 0; look < 600; look++) {
    const found = (await diagnose(it)).find(isMeant)
    if (found) return found
    await pause(100)
  }
  throw new Error(`not there: ${JSON.stringify(await diagnose(it))}`)
}

test('slow statements are said by the engine, and all is healthy before', { skip }, async (t) => {
  const it = await start(t)
  await until(it, ({ ItemName }) => ItemName === 'slow_statements')
  const before = await diagnose(it)
  assert.deepEqual([...new Set(before.map(({ Status }) => Status))], ['healthy'])
  assert.equal(before.length, 4)
  const item = { configType: 'FE', configKey: 'qe_slow_log_ms', configValue: '2000' }
  await it.call('ModifyInstanceConfig', {
    query: { InstanceId: it.id, Reason: 'test' },
    body: { configsToUpdate: [item] },
  })
  await untilRunning(it)
  await query(it, "SELECT sleep(3), 'a secret'")
  const row = await until(it, ({ ItemName, Score }) => ItemName === 'slow_statements' && Score < 10)
  assert.match(row.Description, /^1 slow; the slowest took \d+ ms: SELECT sleep \( \? \) , \?$/)
  const known = await it.document()
  await pause(2_500)
  assert.deepEqual(await it.document(), known, 'a quiet instance writes nothing')
})

test(
  'a process that is killed is an event, which a reboot at its time answers, across a restart of the server',
  { skip },
  async (t) => {
    const it = await start(t)
    const [first = 0] = it.pid()
    kill(first)
    const row = await until(it, ({ ItemName }) => ItemName === 'NodeProcessEnded')
    assert.deepEqual([row.Dimension, row.Status], ['node_analysis', 'medium'])
    await untilRunning(it)
    const [second = 0, ...more] = it.pid()
    assert.deepEqual([second === first, more], [false, []])
    const EventId = await eventOf(it)
    const RebootTime = Math.floor((it.cloud.clock.now() + HOUR_MS) / 1000)
    await it.send('RebootECS', { EventId, RebootTime })
    await it.cloud.close()

    const cloud = await startCloud(t, { dataDir: it.dataDir, config })
    const call = alibabaClient(cloud.port)
    const describe = async () =>
      (await call('DescribeInstances', { query: { InstanceId: it.id } })).body.Data[0]
    await untilRunning({ describe })
    const { passUntil } = money(cloud)
    await passUntil(RebootTime * 1000 - 60_000)
    await pause(1_000)
    assert.deepEqual(it.pid(), [second], 'its time has not come')
    await passUntil(RebootTime * 1000 + 1)
    for (let look = 0; look < 600 && (it.pid()[0] ?? second) === second; look++) await pause(50)
    await untilRunning({ describe })
    const [third = 0] = it.pid()
    assert.notEqual(third, second)
    const history = await call('ListOperationHistory', { query: { InstanceId: it.id } })
    assert.deepEqual(
      history.body.Data.map((each: Row) => [each.OperationType, each.OperationStatus]),
      [
        ['restart_cluster', 'COMPLETED'],
        ['create_cluster', 'COMPLETED'],
      ],
    )
    const [answered] = await diagnose(
      { call, id: it.id },
      { Dimension: 'node_analysis', ReportDate: row.ReportDate },
    )
    assert.deepEqual([answered.ItemId, answered.Status], [EventId, 'info'])
    await pause(1_500)
    assert.deepEqual(it.pid(), [third], 'once')
  },
)
