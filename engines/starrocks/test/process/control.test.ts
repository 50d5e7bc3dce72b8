import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createConnection } from 'mysql2/promise'
import { ConfigurationError } from '../../src/process/configuration.ts'
import { engineControl } from '../../src/process/control-client.ts'
import { engineDirectory, healthOf, startEngine } from '../support/engine-process.ts'

/** Hours of work, and no row before its end. */
const ENDLESS = `SELECT sum(a.generate_series % 7 * b.generate_series)
  FROM TABLE(generate_series(1, 10000000)) a, TABLE(generate_series(1, 10000000)) b`

test('a database that does not answer shows in the health, and so does its recovery', async (t) => {
  const directory = engineDirectory(t)
  // One native thread: while a statement has it, DuckDB answers nobody else.
  const engine = await startEngine(t, directory, { UV_THREADPOOL_SIZE: '1' })
  assert.equal((await healthOf(directory)).ok, true)
  const client = await createConnection({
    host: '127.0.0.1',
    port: engine.ports.query,
    user: 'admin',
  })
  void client.query(ENDLESS).catch(() => undefined)
  let hung = await healthOf(directory)
  while (hung.ok) hung = await healthOf(directory)
  assert.equal(hung.reason, 'the database did not answer within 2000 ms')
  assert.deepEqual(
    [hung.pid, hung.threads, hung.storageBytes, hung.nodes],
    [engine.child.pid, 2, 4_294_967_296, ['be-0']],
  )
  assert.ok(hung.usedBytes > 0)
  client.destroy()
  while (!(await healthOf(directory)).ok);
  assert.equal(await engine.end('SIGTERM'), 0)
})

test('an engine without object storage takes no key', async (t) => {
  const directory = engineDirectory(t)
  await startEngine(t, directory)
  await assert.rejects(
    engineControl(directory).setObjectStorageKey({ keyId: 'id', secret: 'secret' }),
    (error: unknown) =>
      error instanceof ConfigurationError && /has no object storage/.test(error.message),
  )
  assert.equal((await healthOf(directory)).objectStorageKey, undefined)
})
