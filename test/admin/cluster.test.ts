import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { ClusterRow } from '../../src/admin/cluster.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { sampleCluster } from '../support/fixture/sample.ts'

async function withClusters(t: TestContext) {
  const cloud = await startCloud(t)
  await cloud.store.write(async (tx) => {
    for (let at = 0; at < 7; at++) {
      const cluster = sampleCluster({
        id: `c-${at}`,
        account: at % 2 === 0 ? 'a' : 'b',
        product: at < 5 ? 'p' : 'q',
        region: at === 3 ? 'there' : 'here',
        status: { state: at === 6 ? 'deleted' : 'running' },
        name: `name ${at}`,
        secrets: { adminPassword: 'SEALED-TEXT' },
      })
      await tx.insert('cluster', cluster, 1)
    }
  })
  const ids = async (query: string) => {
    const { body } = await askAdmin(cloud.port, `clusters?${query}`)
    return body.clusters.map((row: ClusterRow) => row.id) as string[]
  }
  return { ...cloud, ids }
}

test('clusters of every account are listed newest first, without secrets, deleted ones only on request', async (t) => {
  const { port, ids } = await withClusters(t)
  const { body, text } = await askAdmin(port, 'clusters')
  assert.equal(body.total, 6)
  assert.equal(body.next, null)
  assert.deepEqual(await ids(''), ['c-5', 'c-4', 'c-3', 'c-2', 'c-1', 'c-0'])
  assert.deepEqual(await ids('state=deleted'), ['c-6'])
  assert.ok(!text.includes('SEALED-TEXT'))
  const { since, created, nodes, nodesReady } = body.clusters[0] as ClusterRow
  assert.deepEqual(
    [since, created, nodes, nodesReady],
    ['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z', 2, 0],
  )
})

test('filters narrow the listing, alone and together', async (t) => {
  const { ids } = await withClusters(t)
  assert.deepEqual(await ids('product=q'), ['c-5'])
  assert.deepEqual(await ids('region=there'), ['c-3'])
  assert.deepEqual(await ids('account=b'), ['c-5', 'c-3', 'c-1'])
  assert.deepEqual(await ids('name=4'), ['c-4'])
  assert.deepEqual(await ids('account=a&state=running&state=deleted&product=q'), ['c-6'])
})

test('pages are bounded and meet every cluster once', async (t) => {
  const { port } = await withClusters(t)
  const seen: string[] = []
  let after: number | null = null
  do {
    const { body } = await askAdmin(
      port,
      `clusters?limit=2${after === null ? '' : `&after=${after}`}`,
    )
    assert.ok(body.clusters.length <= 2)
    seen.push(...body.clusters.map((row: ClusterRow) => row.id))
    after = body.next as number | null
  } while (after !== null)
  assert.deepEqual(seen, ['c-5', 'c-4', 'c-3', 'c-2', 'c-1', 'c-0'])
})

test('bounds and states are checked', async (t) => {
  const { port } = await withClusters(t)
  for (const query of ['limit=0', 'limit=1001', 'limit=x', 'after=0', 'after=-1', 'state=runing'])
    assert.equal((await askAdmin(port, `clusters?${query}`)).status, 400, query)
})

test('one cluster is shown whole, but for its secrets, of which it has the names', async (t) => {
  const { port } = await withClusters(t)
  const { status, body, text } = await askAdmin(port, 'clusters/c-4')
  assert.equal(status, 200)
  assert.deepEqual([body.cluster.id, body.cluster.name], ['c-4', 'name 4'])
  assert.deepEqual(body.cluster.secrets, ['adminPassword'])
  assert.ok(!text.includes('SEALED-TEXT'))
  const unknown = await askAdmin(port, 'clusters/c-99')
  assert.equal(unknown.status, 404)
  assert.match(unknown.text, /no cluster c-99/)
})
