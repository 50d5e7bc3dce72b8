/**
 * Changes of an instance that really runs on this machine, by the vendor's own runtime: new processes only for a restart, everything
 * else in force in the engine while its clients stay connected, and the data where it was throughout.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise'
import { engineControl } from '../../engines/starrocks/src/process/control-client.ts'
import { startInstance, untilRunning, type Query } from '../support/fixture/alibaba-instance.ts'
import {
  ADMIN_PASSWORD,
  directoriesOf,
  enginesOf,
  localDataDirectory,
  smallEngines,
} from '../support/engine/local-instances.ts'

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in'
const ROWS = 1_000
const MIB = 1024 ** 2
const GIB = 1024 ** 3
/** Threads of 16 CUs: no engine gets more than the machine has. */
const TWO = Math.min(2, availableParallelism())

/** One node of 8 CUs each: a thread and 512 MiB, so that twice as much differs on a machine with two cores. */
async function start(t: TestContext, RunMode: string) {
  const group = { cu: 8, storageSize: 200, residentNodeNumber: 1 }
  const dataDir = localDataDirectory(t)
  const instance = await startInstance(t, {
    body: { RunMode, FrontendNodeGroups: [group], BackendNodeGroups: [group] },
    cloud: {
      dataDir,
      config: smallEngines,
    },
  })
  const control = engineControl(join(dataDir, 'local', instance.id, 'engine'))
  const connect = async (): Promise<Connection> => {
    const endpoint = (await instance.document()).status.endpoints?.find(
      ({ name }) => name === 'mysql',
    )
    assert.ok(endpoint)
    const { host, port } = endpoint
    const connection = await createConnection({
      host,
      port,
      user: 'admin',
      password: ADMIN_PASSWORD,
    })
    t.after(() => connection.destroy())
    return connection
  }
  const component = RunMode === 'shared_data' ? 'CN' : 'BE'
  const show = RunMode === 'shared_data' ? 'SHOW COMPUTE NODES' : 'SHOW BACKENDS'
  return {
    instance,
    component,
    connect,
    dataDir,
    pid: () => enginesOf(dataDir).map((engine) => engine.pid),
    /** Of the engine, by its own account: DuckDB's threads, its memory in MiB, and how much data it may hold in GiB. */
    async limits() {
      const { threads, memoryBytes, storageBytes } = await control.health()
      return [threads, Number(memoryBytes) / MIB, Number(storageBytes) / GIB]
    },
    async workers(connection: Connection) {
      const [rows] = await connection.query<RowDataPacket[]>(show)
      return rows.map((row) => [
        row['Name'],
        row['CpuCores'],
        row['MemLimit'],
        row['TotalCapacity'],
      ])
    },
    async change(action: string, query: Query = {}, about: string | undefined = component) {
      await instance.send(action, query, about)
      assert.notEqual((await instance.describe()).InstanceStatus, 'running')
      await untilRunning(instance)
      const [latest] = await instance.history()
      assert.deepEqual([latest.OperationStatus, latest.OperationDetail], ['COMPLETED', ''], action)
    },
  }
}

async function fill(connection: Connection): Promise<void> {
  await connection.query('CREATE DATABASE shop')
  await connection.query('CREATE TABLE shop.o (id INT) DUPLICATE KEY(id) DISTRIBUTED BY HASH(id)')
  const values = Array.from({ length: ROWS }, (_, id) => `(${id})`).join(',')
  await connection.query(`INSERT INTO shop.o VALUES ${values}`)
}

async function requireRows(connection: Connection): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT count(*) AS n, sum(id) AS s FROM shop.o',
  )
  assert.deepEqual(
    [Number(rows[0]?.['n']), Number(rows[0]?.['s'])],
    [ROWS, (ROWS * (ROWS - 1)) / 2],
  )
}

for (const RunMode of ['shared_nothing', 'shared_data']) {
  test(
    `an instance of run mode ${RunMode} on this machine is changed while its clients stay`,
    { skip, timeout: 180_000 },
    async (t) => {
      const { instance, component, connect, pid, limits, workers, change, dataDir } = await start(
        t,
        RunMode,
      )
      const first = await connect()
      await fill(first)
      const [before] = pid()
      assert.deepEqual(await limits(), [1, 512, 200])

      await t.test('a restart is a new process on the same data', async () => {
        await change('RestartInstance', {}, undefined)
        const [now, ...others] = pid()
        assert.deepEqual(others, [])
        assert.notEqual(now, before)
        await assert.rejects(first.query('SELECT 1'))
        await requireRows(await connect())
      })

      const connection = await connect()
      await connection.query("SET @mine = 'kept'")
      const [process] = pid()
      const stays = async () => {
        assert.deepEqual(pid(), [process])
        const [rows] = await connection.query<RowDataPacket[]>('SELECT @mine AS mine')
        assert.equal(rows[0]?.['mine'], 'kept')
        await requireRows(connection)
      }

      await t.test(
        'more CUs are more threads and memory of the same process, and fewer are fewer',
        async () => {
          await change('ModifyCu', { Target: 16 })
          assert.deepEqual(await limits(), [TWO, 1024, 200])
          await stays()
          await change('ModifyCu', { Target: 8 })
          assert.deepEqual(await limits(), [1, 512, 200])
          await stays()
        },
      )

      await t.test('nodes come and go in the listing of the engine', async () => {
        await change('ModifyNodeNumber', { Target: 2 })
        const names = (await instance.document()).spec.groups[1]!.nodes.map(({ id }) => id)
        assert.deepEqual(
          await workers(connection),
          names.map((name) => [name, 8, '28.800GB', '200.000 GB']),
        )
        assert.deepEqual(await limits(), [TWO, 1024, 400])
        await stays()
        await change('ModifyNodeNumber', { Target: 1 })
        assert.deepEqual(await workers(connection), [[names[0], 8, '28.800GB', '200.000 GB']])
        await stays()
      })

      await t.test(
        'more disks and larger ones are a larger quota, whatever their level',
        async () => {
          await change('ModifyDiskNumber', { Target: 2 })
          assert.deepEqual(await limits(), [1, 512, 400])
          await change('ModifyDiskSize', { Target: 500 })
          assert.deepEqual(await limits(), [1, 512, 1000])
          await change('ModifyDiskPerformanceLevel', { Target: 'pl2' })
          assert.equal((await instance.group(component)).StoragePerformanceLevel, 'pl2')
          await change('ModifyDiskType', { TargetDiskType: 'essd', TargetPerformanceLevel: 'pl1' })
          assert.equal((await instance.group(component)).StoragePerformanceLevel, 'pl1')
          assert.deepEqual(await limits(), [1, 512, 1000])
          const [only] = await workers(connection)
          assert.deepEqual(only?.slice(1), [8, '28.800GB', '1000.000 GB'])
          await stays()
        },
      )

      await t.test('a machine with more memory is more memory of the same process', async () => {
        await change('ModifySpecType', { TargetSpecType: 'ramEnhanced' })
        assert.deepEqual(await limits(), [1, 1024, 1000])
        const [only] = await workers(connection)
        assert.deepEqual(only?.slice(1), [8, '57.600GB', '1000.000 GB'])
        await change('ModifySpecType', { TargetSpecType: 'standard' })
        assert.deepEqual(await limits(), [1, 512, 1000])
        await stays()
      })

      await t.test('a group is restarted with the process that serves it', async () => {
        await change('RestartNodeGroup')
        assert.equal(pid().length, 1)
        assert.notDeepEqual(pid(), [process])
        await requireRows(await connect())
      })

      await t.test(
        'released in the middle of a change, it leaves no process and no directory',
        async () => {
          await instance.send('ModifyCu', { Target: 16 }, RunMode === 'shared_data' ? 'CN' : 'BE')
          await instance.send('ReleaseInstance')
          for (let look = 0; look < 600 && (await instance.describe()) !== undefined; look++)
            await pause(50)
          assert.equal(await instance.describe(), undefined)
          assert.deepEqual([pid(), directoriesOf(dataDir)], [[], []])
        },
      )
    },
  )
}
