/**
 * An instance of run mode shared_data keeps its data in the object storage of its cloud: what was acknowledged is there after its engine was
 * killed and its files were removed, also when the store was away meanwhile; of a released one nothing is left.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise'
import { startedFor, signalGroup } from '../../src/substrate/local/pid-file.ts'
import {
  startInstance,
  untilRunning,
  type AlibabaInstance,
} from '../support/fixture/alibaba-instance.ts'
import {
  ADMIN_PASSWORD,
  enginesOf,
  kill,
  localDataDirectory,
} from '../support/engine/local-instances.ts'
import { cache, skipWithout } from '../support/engine/module.ts'
import { skipWithoutObjectStore } from '../support/engine/object-store.ts'
import { cleanUp } from '../support/process/clean-up.ts'

const skip = skipWithout('httpfs') || skipWithoutObjectStore()
const GROUP = { cu: 8, storageSize: 200, residentNodeNumber: 1 }

function stage(t: TestContext) {
  const dataDir = localDataDirectory(t)
  const run = join(dataDir, 'object-store/run')
  const stores = () => startedFor(run)
  cleanUp(t, () => {
    for (const record of stores()) signalGroup(record, 'SIGKILL')
  })
  const environmentFile = join(dataDir, '..', `environment-${process.pid}.yaml`)
  writeFileSync(environmentFile, 'alibaba:\n  object-storage: { endpoint: local }\n')
  const config = {
    environmentFile,
    substrates: { default: 'simulation', starrocks: 'local' },
    local: { threadsPerCpu: 0.125, memoryMibPerCpu: 64, advertisedHost: '', keepRunning: true },
    engines: { cache, pythonIndex: '', mavenRepository: '' },
  }
  return { dataDir, config, stores }
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await what()); looks++) {
    assert.ok(looks < 1_800, 'it never came about')
    await pause(50)
  }
}

async function connect({ document }: AlibabaInstance): Promise<Connection> {
  const { status } = await document()
  const endpoint = status.endpoints?.find(({ name }) => name === 'mysql')
  assert.ok(endpoint)
  const { host, port } = endpoint
  return createConnection({ host, port, user: 'admin', password: ADMIN_PASSWORD })
}

async function countOf(instance: AlibabaInstance): Promise<number> {
  const connection = await connect(instance)
  try {
    const [[row]] = await connection.query<RowDataPacket[]>('SELECT count(*) AS n FROM d.t')
    return Number(row?.['n'])
  } finally {
    await connection.end()
  }
}

const answers = (instance: AlibabaInstance) =>
  countOf(instance).then(
    () => true,
    () => false,
  )

test(
  'an instance of shared_data has its rows in the store, whatever happens to its engine, its disk and the store, and none once it is released',
  { skip },
  async (t) => {
    const { dataDir, config, stores } = stage(t)
    const instance = await startInstance(t, {
      body: {
        RunMode: 'shared_data',
        FrontendNodeGroups: [GROUP],
        BackendNodeGroups: [GROUP],
        AdminPassword: ADMIN_PASSWORD,
      },
      cloud: { dataDir, config },
    })
    const { cloud, id } = instance
    assert.equal((await instance.describe()).OssLocation, `oss://sr-${id}`)
    const folder = join(dataDir, 'object-store/buckets', `sr-${id}`)
    assert.ok(readdirSync(join(folder, 'log')).length > 0)
    const connection = await connect(instance)
    await connection.query('CREATE DATABASE d')
    await connection.query('CREATE TABLE d.t (k BIGINT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
    await connection.query(
      'INSERT INTO d.t SELECT generate_series FROM TABLE(generate_series(1, 200000))',
    )
    await connection.query('INSERT INTO d.t VALUES (1), (2)')

    // The store dies under a statement, which waits until it is there again.
    const [store] = stores()
    assert.ok(store)
    kill(store.pid)
    await connection.query('INSERT INTO d.t VALUES (3)')
    await until(() => stores().some(({ pid }) => pid !== store.pid))
    connection.destroy()

    // The engine dies, and all that it had on the disk is gone.
    const engine = join(dataDir, 'local', id, 'engine')
    const [running] = enginesOf(dataDir)
    assert.ok(running)
    const files = () =>
      readdirSync(engine).filter((name) => /^(instance\.duckdb|volume)/.test(name))
    assert.ok(files().length >= 2)
    kill(running.pid)
    for (const name of files()) rmSync(join(engine, name))
    await until(() => enginesOf(dataDir).some(({ pid }) => pid !== running.pid))
    await until(() => answers(instance))
    assert.equal(await countOf(instance), 200_003)
    await untilRunning(instance)

    // Nothing of it is left, also when the store has just died.
    for (const { pid } of stores()) kill(pid)
    await instance.send('ReleaseInstance')
    await cloud.loop.drain()
    await until(async () => {
      cloud.clock.advance(1_000)
      await cloud.loop.drain()
      return !existsSync(folder)
    })
    assert.deepEqual(enginesOf(dataDir), [])
  },
)
