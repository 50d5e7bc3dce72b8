import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigurationError } from '../../src/process/configuration.ts'
import { engineControl } from '../../src/process/control-client.ts'
import { limitsOf } from '../../src/process/engine-option.ts'
import { reloadConfiguration } from '../../src/process/reload.ts'
import type { ReloadableEngine } from '../../src/process/reload.ts'
import { SqlError } from '../../src/session.ts'
import {
  configuration,
  engineDirectory,
  startEngine,
  writeConfiguration,
  healthOf,
} from '../support/engine-process.ts'

const node = (name: string, role: 'be' | 'cn', host: string) => ({
  name,
  role,
  host,
  group: role,
  zone: 'zone-a',
  version: '3.3.9',
})

test('nodes, threads, memory, quota and version change in the running process', async (t) => {
  const directory = engineDirectory(t)
  const engine = await startEngine(t, directory)
  const control = engineControl(directory)
  const before = await healthOf(directory)
  assert.deepEqual([before.threads, before.nodes], [2, ['be-0']])
  const wanted = {
    generation: 2,
    version: '3.3.9',
    threads: 3,
    memoryBytes: 402_653_184,
    storageBytes: 8_589_934_592,
    nodes: [node('be-0', 'be', '127.0.0.1'), node('cn-4', 'cn', '127.0.0.4')],
  }
  writeConfiguration(directory, wanted)
  await control.reload()
  const { usedBytes, work: _, ...after } = await healthOf(directory)
  assert.deepEqual(after, {
    ok: true,
    instance: 'c-0123456789abcdef',
    pid: engine.child.pid,
    ports: engine.ports,
    generation: 2,
    // Not what was set, but what DuckDB says: current_setting('threads').
    threads: 3,
    memoryBytes: 402_653_184,
    storageBytes: 8_589_934_592,
    nodes: ['be-0', 'cn-4'],
    entries: [],
    running: 0,
  })
  assert.ok(usedBytes > 0)
  // IP, CpuCores, MemLimit, TotalCapacity, Version
  const places = { BACKENDS: [1, 22, 23, 14, 18], 'COMPUTE NODES': [1, 13, 14, 22, 12] }
  const shown = async (what: keyof typeof places) =>
    (await engine.query(`SHOW ${what}`)).map((row) => places[what].map((at) => row[at]))
  // Without a size of their own, nodes are as large as the process; of its memory 90 %, as StarRocks takes.
  const whole = [3, '345.600MB', '8.000 GB', '3.3.9']
  assert.deepEqual(await shown('BACKENDS'), [['127.0.0.1', ...whole]])
  assert.deepEqual(await shown('COMPUTE NODES'), [['127.0.0.4', ...whole]])
  assert.match(String(await engine.query('SELECT current_version()')), /^3\.3\.9/)
})

test('nodes show the size that they are said to have, and beside it what their process has', async (t) => {
  const directory = engineDirectory(t)
  const engine = await startEngine(t, directory)
  const GIB = 1024 ** 3
  const large = { cpuCores: 16, memoryBytes: 64 * GIB, storageBytes: 2_015 * GIB }
  const nodes = [{ ...node('be-0', 'be', '127.0.0.1'), ...large }, node('be-1', 'be', '127.0.0.2')]
  writeConfiguration(directory, { generation: 2, threads: 3, storageBytes: 8 * GIB, nodes })
  await engineControl(directory).reload()
  const rows = await engine.query('SHOW BACKENDS')
  assert.deepEqual(
    rows.map((row) => [22, 23, 14].map((at) => row[at])),
    [
      [16, '57.600GB', '1.968 TB'],
      [3, rows[1]?.[23], '8.000 GB'],
    ],
  )
  for (const row of rows)
    assert.match(
      String(row.at(-1)),
      /^served by one engine process with 3 threads, \d.* and room for 8\.000 GB$/,
    )
})

test('a quota below the bytes in use is refused with both numbers, and nothing changes', async (t) => {
  const directory = engineDirectory(t)
  const engine = await startEngine(t, directory)
  const control = engineControl(directory)
  await engine.query(
    `CREATE DATABASE d; USE d; CREATE TABLE t (k BIGINT, v VARCHAR(64)) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k);
     INSERT INTO t SELECT generate_series, uuid() FROM TABLE(generate_series(1, 100000))`,
  )
  const before = await healthOf(directory)
  assert.ok(before.usedBytes > 1_048_576, `${before.usedBytes} bytes are in use`)
  writeConfiguration(directory, { storageBytes: 1_048_576, threads: 4, nodes: [], generation: 9 })
  await assert.rejects(control.reload(), (error: unknown) => {
    assert.ok(error instanceof ConfigurationError)
    const numbers = /lowered to 1048576: (\d+) bytes are in use/.exec(error.message)
    assert.ok(Number(numbers?.[1]) > 1_048_576, error.message)
    return true
  })
  assert.deepEqual(await healthOf(directory), before)
  // One that still holds them is taken over.
  writeConfiguration(directory, { storageBytes: 1 << 30, generation: 10 })
  await control.reload()
  const after = await healthOf(directory)
  assert.deepEqual([after.storageBytes, after.generation], [1 << 30, 10])
})

test('a limit that the database refuses, or a password that cannot be kept, leaves everything as it was', async (t) => {
  const directory = engineDirectory(t, { threads: 4, nodes: [], version: '9' })
  const limits = limitsOf(configuration)
  const changes: unknown[] = []
  const engine = (fails: 'limits' | 'verifier'): ReloadableEngine => ({
    status: () => assert.fail('the quota is not lowered'),
    async setLimits(next) {
      if (fails === 'limits') throw new SqlError('could not free up enough memory')
      changes.push(next)
    },
    async setAdminVerifier() {
      throw new SqlError('the storage is full')
    },
    setNodes: (nodes) => void changes.push(nodes),
    setSettings: () => undefined,
    setVersion: (version) => void changes.push(version),
    setObjectStorage: async (options) => void changes.push(options),
  })
  let abandoned = 0
  const prepared = {
    takeOver: () => assert.fail('it is refused'),
    abandon: () => void abandoned++,
  }
  const it = { directory, before: configuration, access: { prepare: async () => prepared } }
  await assert.rejects(
    reloadConfiguration(engine('limits'), it),
    (error: unknown) =>
      error instanceof ConfigurationError && error.message.includes('could not free up'),
  )
  assert.deepEqual(changes, [])
  await assert.rejects(reloadConfiguration(engine('verifier'), it), /the storage is full/)
  assert.deepEqual(changes, [{ ...limits, threads: 4 }, limits])
  assert.equal(abandoned, 2)
})
