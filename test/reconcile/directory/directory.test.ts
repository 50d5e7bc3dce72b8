import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { DirectoryContent } from '../../../src/domain/directory-content.ts'
import { limits } from '../../../src/limits.ts'
import { startEmr } from '../../support/fixture/emr-cluster.ts'
import { addUsers, flowStatus, user } from '../../support/fixture/emr-user.ts'

/** A cluster whose directory service keeps what it is given, and answers unless it shall not. */
async function keeping(t: TestContext) {
  const received: string[][] = []
  const service = { answers: true, received }
  const directories = {
    async ensure(_wanted: unknown, { users }: DirectoryContent) {
      if (!service.answers) throw new Error('nobody answers')
      received.push(users.map(({ name }) => name))
      return true
    },
  }
  const it = await startEmr(t, { directories })
  return {
    it,
    service,
    flow: (answer: object) => flowStatus(it, (answer as { FlowId: number }).FlowId),
  }
}

test('a change ends when the directory service has it, which is asked until it answers', async (t) => {
  const { it, service, flow } = await keeping(t)
  service.answers = false
  const first = await addUsers(it, user('a'))
  assert.equal(await flow(first), 1)
  await it.cloud.loop.drain()
  assert.equal(await flow(first), 1)
  const second = await addUsers(it, user('b'))
  service.answers = true
  it.cloud.clock.advance(60_000)
  await it.cloud.loop.drain()
  assert.deepEqual([await flow(first), await flow(second)], [2, 2])
  assert.deepEqual(service.received, [['a', 'b']])
  assert.equal(await it.status(), 2)
})

test('while its directory takes users, the cluster does whatever else it is asked', async (t) => {
  const { it, service, flow } = await keeping(t)
  service.answers = false
  const waiting = await addUsers(it, user('a'))
  const restart = {
    OpType: 'RestartService',
    OpScope: { ServiceInfoList: [{ ServiceName: 'HDFS' }] },
    StrategyConfig: { RollingRestartSwitch: 0, BatchSize: 1, TimeWait: 0, DealOnFail: 0 },
  }
  await it.answer('StartStopServiceOrMonitor', restart)
  for (let step = 0; step < 10; step++) await it.cloud.loop.drain()
  assert.equal(await it.status(), 2)
  assert.equal(await flow(waiting), 1)
})

test('every sweep looks whether the service still has what is recorded', async (t) => {
  const { it, service } = await keeping(t)
  await addUsers(it, user('a'))
  await it.cloud.loop.drain()
  assert.equal(service.received.length, 1)
  // The clock stands: the loop's own sweep would come beside this one.
  await it.cloud.loop.sweep()
  await it.cloud.loop.drain()
  assert.deepEqual(service.received, [['a'], ['a']])
  assert.equal(it.cloud.loop.counts().swept, 0)
})

test('users that the directory had not taken when its cluster was released have failed', async (t) => {
  const { it, service } = await keeping(t)
  service.answers = false
  await addUsers(it, user('a'))
  await it.answer('TerminateInstance')
  await it.cloud.settle()
  it.cloud.clock.advance(limits.sweepMs)
  await it.cloud.loop.drain()
  const operations = await it.cloud.store.read((tx) =>
    tx.list('operation', {
      account: undefined,
      parent: it.id,
      verbs: ['change-directory'],
      order: 'oldest',
      limit: 10,
      offset: 0,
    }),
  )
  assert.deepEqual(
    operations.rows.map(({ document }) => [document.status, document.detail]),
    [['failed', 'the cluster was released']],
  )
})
