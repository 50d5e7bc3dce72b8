import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from '../../support/open-engine.ts'

test('without object storage, LOAD is refused at once', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run('CREATE TABLE t (k INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k)')
  assert.match(
    (await client.refusal("CANCEL LOAD WHERE LABEL = 'none'")).message,
    /^Load job does not exist$/,
  )
  assert.match(
    (
      await client.refusal(
        "LOAD LABEL x (DATA INFILE ('oss://bucket-a/a') INTO TABLE t) WITH BROKER",
      )
    ).message,
    /the instance has no object storage/,
  )
  await engine.close()
})
