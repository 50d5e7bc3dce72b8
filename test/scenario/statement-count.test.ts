/** How many statements the embedded store is sent for a request: what a request costs grows with them, whatever the machine. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, create } from '../support/http/tencent-client.ts'
import { statements } from '../../src/store/statement.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { statementsOf } from '../support/fixture/statement-count.ts'

/** The checks of a create, its transaction, and its first step: lease, look, and record, which settles it. */
const CREATE_MAX = 29
const PAGE_MAX = 3
/** Of each of many creates that come at once: what they share is sent once for all of them. */
const SHARED_CREATE_MAX = 22.5
/** How often the loop asks what is due is a matter of time, and so is when the log is put into the database. */
const LOOK: string = statements.firstDue

async function sentBy(work: () => Promise<unknown>): Promise<readonly string[]> {
  const sent = await statementsOf(work)
  return sent.filter((sql) => sql !== LOOK && !sql.startsWith('pragma'))
}

test('a create, its first step and a page of clusters send no more statements than they need', async (t) => {
  const cloud = await startCloud(t)
  // What begins with a server is over.
  await cloud.loop.sweep()
  const createWhole = async (n: number) => {
    await create(cloud, { InstanceName: `cluster-${n}`, ClientToken: `token-${n}` })
    await cloud.loop.drain()
  }
  for (let n = 0; n < 10; n++) await createWhole(n)
  const created = await sentBy(() => createWhole(10))
  t.diagnostic(`a create: ${created.length}`)
  assert.ok(created.length <= CREATE_MAX, created.join('\n'))
  const page = { DisplayStrategy: 'clusterList', Offset: 0, Limit: 10 }
  const listed = await sentBy(() => ask(cloud, 'DescribeInstances', page))
  t.diagnostic(`a page of ten: ${listed.length}`)
  assert.ok(listed.length <= PAGE_MAX, listed.join('\n'))
  const again = await sentBy(() => ask(cloud, 'DescribeInstances', page))
  assert.deepEqual(again, [], 'what was asked since the last commit is not asked again')
})

test('creates that come at once share the statements that do not depend on one of them', async (t) => {
  const cloud = await startCloud(t)
  await cloud.loop.sweep()
  const createAll = async (count: number, label: string) => {
    const names = Array.from({ length: count }, (_, n) => `${label}-${n}`)
    await Promise.all(
      names.map((name) => create(cloud, { InstanceName: name, ClientToken: `token-${name}` })),
    )
    await cloud.loop.drain()
  }
  await createAll(4, 'first')
  const count = 32
  const each = (await sentBy(() => createAll(count, 'then'))).length / count
  t.diagnostic(`each of ${count} creates: ${each.toFixed(1)}`)
  assert.ok(each <= SHARED_CREATE_MAX, `${each}`)
})

test('a creation whose nodes take their time is recorded with its request, and its first step only puts the next look off', async (t) => {
  const config = { progressions: { default: { mode: 'time', seconds: 30 } } } as const
  const cloud = await startCloud(t, { config })
  const sent = await statementsOf(async () => {
    await create(cloud)
    await cloud.loop.drain()
  })
  assert.ok(!sent.includes(statements.save))
  assert.equal(sent.filter((sql) => sql === statements.putOff).length, 1)
})
