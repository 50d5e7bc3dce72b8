import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  frontendItem,
  startConfiguration,
} from '../../../../support/fixture/alibaba-configuration.ts'

test('what would be refused is said, one sentence for each item, and nothing is changed', async (t) => {
  const it = await startConfiguration(t)
  const right = frontendItem('label_keep_max_second', '100')
  assert.deepEqual(await it.preCheck({ configsToUpdate: [right] }), [])
  assert.equal(await it.value('label_keep_max_second'), '259200')
  const complaints = await it.preCheck({
    configsToAdd: [frontendItem('no_such', '1')],
    configsToUpdate: [right, frontendItem('max_stream_load_timeout_second', '0')],
    configsToDelete: [frontendItem('enable_materialized_view')],
  })
  assert.equal(complaints.length, 3)
  assert.match(complaints[0] ?? '', /\[no_such\] of type \[FE\] not exists/)
  assert.match(complaints[1] ?? '', /should be in range \[1, 259200\]/)
  assert.match(complaints[2] ?? '', /default value already/)
})

test('an instance that is busy is a complaint too', async (t) => {
  const it = await startConfiguration(t)
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  const configsToUpdate = [frontendItem('label_keep_max_second', '100')]
  const query = { InstanceId: it.id, Reason: 'test' }
  await it.call('ModifyInstanceConfig', { query, body: { configsToUpdate } })
  assert.equal((await it.preCheck({ configsToUpdate })).length, 1)
})
