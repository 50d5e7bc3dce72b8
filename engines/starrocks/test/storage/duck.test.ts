import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDuck } from '../../src/storage/duck.ts'
import { testDirectory } from '../support/open-engine.ts'

const MIB = 1024 ** 2

test('what a dropped table took goes back to the system', async (t) => {
  if (process.platform !== 'linux') return t.skip('the allocator of Linux')
  const limits = { memoryBytes: 256 * MIB, threads: 2, storageBytes: 1024 * MIB }
  const duck = await openDuck(await testDirectory(t), limits)
  t.after(() => duck.close())
  const link = await duck.connect()
  await link.run(
    'CREATE TEMP TABLE t AS SELECT repeat(i::VARCHAR, 400) AS s FROM range(70000) r (i); DROP TABLE t',
  )
  const kept = process.memoryUsage.rss()
  await duck.releaseMemory()
  const after = process.memoryUsage.rss()
  assert.ok(kept - after > 50 * MIB, `${kept / MIB} MiB before, ${after / MIB} MiB after`)
})
