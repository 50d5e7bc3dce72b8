import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits, testClient } from '../support/open-engine.ts'

const FILL =
  'INSERT INTO t SELECT generate_series, concat(md5(generate_series), md5(generate_series + 1)) FROM TABLE(generate_series(1, 200000))'

test('a full disk refuses writes, lets rows be deleted, and takes writes again with more room', async (t) => {
  const small = { ...limits, storageBytes: 12 * 1024 * 1024 }
  const { engine, client } = await testClient(t, { limits: small })
  await client.run('CREATE TABLE t (k BIGINT, s STRING) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  let inserted = 0
  const error = await (async () => {
    for (; inserted < 20; inserted++) await client.run(FILL)
    return undefined
  })().catch((reason: unknown) => reason as Error)
  assert.match(error?.message ?? '', /Disk usage exceeds limit/)
  assert.ok(inserted < 20)
  const [before] = await client.rows('SELECT count(*) FROM t')
  assert.equal(before?.[0], inserted * 200_000, 'what was refused is not there')
  await client.refusal('INSERT INTO t VALUES (1, "x")')
  await client.refusal('CREATE TABLE u (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  assert.deepEqual(await client.rows('SELECT max(k) FROM t'), [[inserted === 0 ? null : 200_000]])
  await client.run('DELETE FROM t WHERE k > 0')
  await engine.setLimits(limits)
  await client.run('INSERT INTO t VALUES (1, "x")')
  const status = await engine.status()
  assert.equal(status.storageBytes, limits.storageBytes)
  assert.ok(status.usedBytes > 0)
})
