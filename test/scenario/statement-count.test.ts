/** How many statements the embedded store is sent for a request: what a request costs grows with them, whatever the machine. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, create } from '../support/http/tencent-client.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { statementsOf } from '../support/fixture/statement-count.ts'

/** The checks of a create, its transaction, and its first step: lease, look, record, settle. */
const CREATE_MAX = 62
const PAGE_MAX = 3

test('a create, its first step and a page of clusters send no more statements than they need', async (t) => {
  const cloud = await startCloud(t)
  const createWhole = async (n: number) => {
    await create(cloud, { InstanceName: `cluster-${n}`, ClientToken: `token-${n}` })
    await cloud.loop.drain()
  }
  for (let n = 0; n < 10; n++) await createWhole(n)
  const created = await statementsOf(() => createWhole(10))
  t.diagnostic(`a create: ${created.length}`)
  assert.ok(created.length <= CREATE_MAX, created.join('\n'))
  const page = { DisplayStrategy: 'clusterList', Offset: 0, Limit: 10 }
  const listed = await statementsOf(() => ask(cloud, 'DescribeInstances', page))
  t.diagnostic(`a page of ten: ${listed.length}`)
  assert.ok(listed.length <= PAGE_MAX, listed.join('\n'))
  const again = await statementsOf(() => ask(cloud, 'DescribeInstances', page))
  assert.equal(again.length, PAGE_MAX - 1, 'what was read lately is not read again')
})
