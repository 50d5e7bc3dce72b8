import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  frontendItem,
  startConfiguration,
} from '../../../../support/fixture/alibaba-configuration.ts'

const KEY = 'label_keep_max_second'

test('an entry is taken back by an entry of its own, and that one too', async (t) => {
  const it = await startConfiguration(t)
  await it.change({ configsToUpdate: [frontendItem(KEY, '100')] })
  const ConfigHistoryId = (await it.entries())[0].ConfigHistoryId
  assert.equal(await it.rollBack({ ConfigHistoryId }), 'modifying_config')
  assert.equal(await it.value(KEY), '259200')
  const [second, first] = await it.entries()
  assert.deepEqual([second.Rollback, first.Rollback], [true, false])
  assert.equal(second.Reason, `rollback of ${ConfigHistoryId}`)
  await it.rollBack({ ConfigHistoryId: second.ConfigHistoryId })
  assert.equal(await it.value(KEY), '100')
})

test('what was added goes, and what was deleted comes back', async (t) => {
  const it = await startConfiguration(t)
  const latest = async () => ({ ConfigHistoryId: (await it.entries())[0].ConfigHistoryId })
  await it.change({ configsToAdd: [frontendItem(KEY, '100')] })
  await it.rollBack(await latest())
  assert.equal(await it.value(KEY), '259200')
  await it.change({ configsToUpdate: [frontendItem(KEY, '70')] })
  await it.change({ configsToDelete: [frontendItem(KEY)] })
  await it.rollBack(await latest())
  assert.equal(await it.value(KEY), '70')
})

test('what is no entry, was changed since, or needs a restart that is not wanted, is refused', async (t) => {
  const it = await startConfiguration(t)
  const refused = async (query: Parameters<typeof it.refusal>[1]) =>
    (await it.refusal('RollbackConfigModification', query)).message
  assert.match(await refused({ ConfigHistoryId: 999_999 }), /\[999999\] not exists/)
  await it.change({ configsToUpdate: [frontendItem(KEY, '100')] })
  const { ConfigHistoryId } = (await it.entries())[0]
  await it.change({ configsToUpdate: [frontendItem(KEY, '200')] })
  assert.match(await refused({ ConfigHistoryId }), /has been changed since config history/)
  await it.change({ configsToUpdate: [frontendItem('qe_max_connection', '10')] })
  const fixed = (await it.entries())[0].ConfigHistoryId
  assert.match(
    await refused({ ConfigHistoryId: fixed, Restart: false }),
    /after a restart, which is not/,
  )
  await it.rollBack({ ConfigHistoryId: fixed, Restart: true })
  assert.equal(await it.value('qe_max_connection'), '1024')
})
