/** What a server alone keeps in its memory holds over two servers of one database: each answers for what the other one was asked. */
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../../src/config/config.ts'
import {
  developmentAccounts,
  DEVELOPMENT_KEY_ID,
  DEVELOPMENT_SECRET,
} from '../../src/gateway/development.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { postgresAddress } from '../../src/store/postgres/address.ts'
import { startCloud, type Cloud } from '../support/fixture/cloud.ts'
import { skipWithoutPostgres, startPostgres } from '../support/engine/postgres.ts'
import { askAdmin } from '../support/http/admin.ts'
import { client, sendSigned } from '../support/http/client.ts'
import { createExpected, newExpectedCluster } from '../support/http/expected-cluster.ts'
import { signAcs3 } from '../support/http/sign.ts'
import { ask, create } from '../support/http/tencent-client.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const skip = skipWithoutPostgres()
// Ended after the servers of every test.
const postgres = skip
  ? undefined
  : await startPostgres({ after: (undo) => after(undo as () => void) })

/** Two servers of a new database, the second with the key of the first. */
async function twoServers(
  t: TestContext,
  config: Partial<Config> = {},
): Promise<readonly [Cloud, Cloud]> {
  const store = postgresAddress(await postgres!.database())
  const open = (dataDir: string) =>
    startCloud(t, { dataDir, clock: systemClock(), config: { store, ...config } })
  const first = temporaryDirectory(t)
  const one = await open(first)
  const second = temporaryDirectory(t)
  await assert.rejects(open(second), /have a key that .* lacks; copy the file `key`/)
  writeFileSync(join(second, 'key'), Buffer.alloc(32, 7))
  await assert.rejects(open(second), /is not the one that the secrets in the database/)
  copyFileSync(join(first, 'key'), join(second, 'key'))
  return [one, await open(second)]
}

test('two servers of one database answer for each other', { skip, timeout: 120_000 }, async (t) => {
  const [one, other] = await twoServers(t, { allowReset: true })

  await t.test('a nonce that one has seen is a replay on the other one', async () => {
    const signed = signAcs3({
      keyId: DEVELOPMENT_KEY_ID,
      secret: DEVELOPMENT_SECRET,
      host: `127.0.0.1:${one.port}`,
      path: '/webapi/starrocks/describeInstances',
      method: 'POST',
      parameters: { RegionId: 'cn-hangzhou' },
      date: `${new Date().toISOString().slice(0, 19)}Z`,
      nonce: 'once and never again',
    })
    assert.equal((await sendSigned(one.port, signed)).status, 200)
    const again = await sendSigned(other.port, signed)
    assert.equal(again.body['Code'], 'SignatureNonceUsed')
  })

  await t.test('a token is done once, whichever of them it is sent to at once', async () => {
    const it = newExpectedCluster('only-one', 'tencent')
    const ids = await Promise.all(
      [one, other, one, other].map(({ port }) => createExpected(client(port), it)),
    )
    assert.equal(new Set(ids).size, 1)
    const { ClusterList: list } = await client(other.port).tencent('DescribeInstances', {
      DisplayStrategy: 'clusterList',
    })
    assert.equal((list as readonly unknown[]).length, 1)
  })

  await t.test('a page begins where the page before ended on the other one', async () => {
    for (let n = 0; n < 5; n++) await create({ port: one.port })
    const page = async ({ port }: Cloud, Offset: number) => {
      const { response } = await ask({ port }, 'DescribeInstances', {
        DisplayStrategy: 'clusterList',
        Offset,
        Limit: 2,
      })
      const rows = response['ClusterList'] as readonly { readonly ClusterId: string }[]
      return rows.map(({ ClusterId }) => ClusterId)
    }
    const first = await page(one, 0)
    await create({ port: one.port })
    const second = await page(other, 2)
    const third = await page(one, 4)
    assert.equal(new Set([...first, ...second, ...third]).size, 6)
  })

  await t.test('a key that is disabled on one is disabled on the other one', async () => {
    const made = await one.identity.keys.add({ account: developmentAccounts['tencent']!.account })
    const caller = { keyId: made.key.id, secret: made.secret }
    const code = async (port: number) =>
      (await ask({ port, ...caller }, 'DescribeInstances', { DisplayStrategy: 'clusterList' })).code
    assert.deepEqual([await code(one.port), await code(other.port)], ['', ''])
    await one.identity.keys.setStatus(made.key.id, 'disabled')
    assert.equal(await code(other.port), 'AuthFailure.SecretIdNotFound')
  })

  await t.test('time that is moved on one has moved on the other one', async () => {
    const body = { advanceMs: 3_600_000 }
    assert.equal((await askAdmin(one.port, 'clock', { method: 'POST', body })).status, 200)
    assert.equal((await askAdmin(other.port, 'clock')).body.aheadMs, 3_600_000)
  })

  await t.test(
    'a fault that is switched on for two calls meets two, wherever they arrive',
    async () => {
      const body = { dependency: 'trade', mode: 'service', times: 2 }
      await askAdmin(one.port, 'faults', { method: 'PUT', body })
      assert.equal((await askAdmin(other.port, 'faults')).body.faults.length, 1)
      const calls = [one, other, one, other, one].map(({ port }) =>
        create({ port }).then(
          () => 'created',
          () => 'failed',
        ),
      )
      const met = (await Promise.all(calls)).filter((each) => each === 'failed')
      assert.equal(met.length, 2)
      assert.deepEqual((await askAdmin(one.port, 'faults')).body.faults, [])
    },
  )

  await t.test('a pace that is set on one holds on the other one, by looks at both', async () => {
    const body = { pace: 'manual:4' }
    await askAdmin(one.port, 'progression/hadoop', { method: 'PUT', body })
    assert.equal((await askAdmin(other.port, 'progression')).body.paces.hadoop, 'manual:4')
    const id = await create({ port: one.port })
    const state = async ({ port }: Cloud) => {
      const { response } = await ask({ port }, 'DescribeInstances', {
        DisplayStrategy: 'clusterList',
        InstanceIds: [id],
      })
      return (response['ClusterList'] as readonly { readonly Status: number }[])[0]?.Status
    }
    let looks = 0
    while ((await state(looks % 2 === 0 ? one : other)) !== 2) {
      assert.ok(++looks < 100, 'never running')
      await pause(20)
    }
    assert.ok(looks >= 4, String(looks))
  })

  await t.test(
    'what was removed from one is gone on the other one, and the key stays',
    async () => {
      await askAdmin(one.port, 'reset', { method: 'POST', body: {} })
      assert.equal((await askAdmin(other.port, 'clusters')).body.total, 0)
      assert.ok(await create({ port: other.port }))
      const ready = (await askAdmin(other.port, 'ready')).body
      assert.match(ready.store, /^postgres:\/\/emrys@127\.0\.0\.1:\d+\/emrys1$/)
      assert.equal(ready.server, readFileSync(join(other.dataDir, 'server'), 'utf8').trim())
    },
  )
})

test('two servers count the requests of a second together', { skip }, async (t) => {
  const [one, other] = await twoServers(t, { requestsPerSecond: 6 })
  // Twelve in two servers: without counting together, all of one second would pass.
  const asked = Array.from({ length: 24 }, (_, n) =>
    ask({ port: (n % 2 === 0 ? one : other).port }, 'DescribeInstances', {
      DisplayStrategy: 'clusterList',
    }),
  )
  const passed = (await Promise.all(asked)).filter(({ code }) => code === '')
  assert.ok(
    passed.length >= 6 && passed.length <= 12,
    `${passed.length} passed in two seconds at most`,
  )
})

test('what runs on the machine of one is left to it by the other one', { skip }, async (t) => {
  const [one, other] = await twoServers(t)
  const [mine, theirs] = [one, other].map((each) =>
    readFileSync(join(each.dataDir, 'server'), 'utf8').trim(),
  )
  assert.deepEqual([...one.substrates.keys()], ['simulation', `local@${mine}`])
  await one.loop.stop()
  await other.loop.stop()
  const { sampleCluster } = await import('../support/fixture/sample.ts')
  await one.store.write(async (tx) => {
    for (const [id, substrate] of [
      ['c-mine', `local@${mine}`],
      ['c-theirs', `local@${theirs}`],
      ['c-all', 'simulation'],
    ] as const) {
      await tx.insert('cluster', { ...sampleCluster({ id }), substrate }, 1)
      await tx.enqueue('cluster', id, 0)
    }
  })
  const request = { nowMs: 1, wallMs: Date.now(), leaseMs: 60_000, limit: 10 }
  const leased = async ({ store }: Cloud) =>
    (await store.write((tx) => tx.lease(request))).map(({ id }) => id).toSorted()
  assert.deepEqual(await leased(other), ['c-all', 'c-theirs'])
  assert.equal(await other.store.nextDueMs(), undefined)
  assert.deepEqual(await leased(one), ['c-mine'])
})
