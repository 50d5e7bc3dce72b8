/** The documented limit, 20 requests in a second for an account, action and region, met by the official clients in a burst. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { emr } from 'tencentcloud-sdk-nodejs/tencentcloud/services/emr/index.js'
import { manualClock } from '../../src/kernel/clock.ts'
import { loadConfig } from '../../src/config/config.ts'
import { alibabaClient } from '../support/http/alibaba-client.ts'
import { startCloud, type Cloud } from '../support/fixture/cloud.ts'
import { signAcs3 } from '../support/http/sign.ts'
import { ask as askTencent } from '../support/http/tencent-client.ts'
import { developmentKey, wires, type Key } from '../support/http/wire.ts'

const LIMIT = 20

interface BurstRequest {
  readonly key: Key
  readonly region: string
  /** Another action than the one that is asked for in the burst. */
  readonly other?: true
}

/** What a client received: empty for an answer, else the code. */
type Outcome = Promise<{ readonly code: string; readonly message: string }>

const clients: Readonly<Record<string, (cloud: Cloud, request: BurstRequest) => Outcome>> = {
  alibaba(cloud, { key, region, other }) {
    const client = alibabaClient(cloud.port, key)
    return outcomeOf(
      client(other ? 'DescribeRegions' : 'DescribeInstances', { query: { RegionId: region } }),
    )
  },
  tencent(cloud, { key, region, other }) {
    const client = new emr.v20190103.Client({
      credential: { secretId: key.keyId, secretKey: key.secret },
      region,
      profile: {
        language: 'en-US',
        httpProfile: { endpoint: `127.0.0.1:${cloud.port}`, protocol: 'http://' },
      },
    })
    const parameters = { DisplayStrategy: 'clusterList' }
    return outcomeOf(
      other ? client.DescribeInstancesList(parameters) : client.DescribeInstances(parameters),
    )
  },
}

const regions: Readonly<Record<string, readonly [string, string]>> = {
  alibaba: ['cn-hangzhou', 'cn-beijing'],
  tencent: ['ap-guangzhou', 'ap-beijing'],
}

const refused: Readonly<Record<string, { code: string; message: RegExp }>> = {
  alibaba: {
    code: 'Throttling.User',
    message: /^code: 400, Request was denied due to user flow control\.$/,
  },
  tencent: {
    code: 'RequestLimitExceeded',
    message:
      /^Your current request times equals to `21` in a second, which exceeds the frequency limit `20` for a second\. Please reduce the frequency of calls\.$/,
  },
}

/** The code for a signed request whose body is no JSON. */
const unreadable: Readonly<Record<string, (cloud: Cloud, region: string) => Promise<string>>> = {
  async alibaba(cloud, region) {
    const signed = signAcs3({
      ...developmentKey,
      host: `127.0.0.1:${cloud.port}`,
      path: '/webapi/starrocks/describeInstances',
      parameters: { RegionId: region },
      date: `${new Date(cloud.clock.wall()).toISOString().slice(0, 19)}Z`,
      nonce: randomUUID(),
      body: '{',
    })
    const answer = await fetch(`${cloud.url}${signed.path}?${signed.query}`, {
      method: 'POST',
      headers: signed.headers,
      body: '{',
    })
    return ((await answer.json()) as { Code: string }).Code
  },
  async tencent(cloud, region) {
    return (await askTencent({ port: cloud.port, region }, 'DescribeInstances', '{')).code
  },
}

async function outcomeOf(answer: Promise<unknown>): Outcome {
  try {
    await answer
    return { code: '', message: '' }
  } catch (problem) {
    const { code, message } = problem as { code: string; message: string }
    return { code, message: message.replace(/^[\w.]+: /, '').replace(/ request id: .*$/s, '') }
  }
}

/** Time stands still, so that a burst is in one second however slow the machine is. */
function start(t: TestContext, perSecond = LIMIT): Promise<Cloud> {
  return startCloud(t, {
    clock: manualClock(Math.floor(Date.now() / 1000) * 1000),
    config: { requestsPerSecond: perSecond },
  })
}

async function burst(count: number, ask: () => Outcome) {
  const all = await Promise.all(Array.from({ length: count }, ask))
  return all.filter(({ code }) => code !== '')
}

test('the limit is the documented one unless it is configured', () => {
  assert.equal(loadConfig({}).config.requestsPerSecond, LIMIT)
})

for (const { dialect, account } of wires) {
  test(`${dialect}: the 21st request of a burst is refused, and nobody else's`, async (t) => {
    const cloud = await start(t)
    const [here, there] = regions[dialect]!
    const ask = (change: Partial<BurstRequest> = {}) =>
      clients[dialect]!(cloud, { key: developmentKey, region: here, ...change })
    assert.deepEqual(await burst(LIMIT, () => ask()), [])
    const over = await ask()
    assert.equal(over.code, refused[dialect]!.code)
    assert.match(over.message, refused[dialect]!.message)

    const other = await cloud.identity.accounts.add({ dialect, name: 'other', serviceRoles: true })
    const issued = await cloud.identity.keys.add({ account: other.account })
    const stranger = { keyId: issued.key.id, secret: issued.secret }
    assert.deepEqual(await burst(LIMIT, () => ask({ key: stranger })), [])
    assert.deepEqual(await burst(LIMIT, () => ask({ other: true })), [])
    assert.deepEqual(await burst(LIMIT, () => ask({ region: there })), [])

    // Another key of the same account shares its limit: the account is counted, not the key.
    const second = await cloud.identity.keys.add({ account })
    const same = { keyId: second.key.id, secret: second.secret }
    assert.equal((await ask({ key: same })).code, refused[dialect]!.code)

    cloud.clock.advance(1000)
    assert.deepEqual(await burst(LIMIT, () => ask()), [])
    assert.equal((await burst(5, () => ask())).length, 5)
  })

  test(`${dialect}: a request that is not its account's counts for nobody`, async (t) => {
    const cloud = await start(t, 3)
    const [here] = regions[dialect]!
    const ask = (key: Key) => clients[dialect]!(cloud, { key, region: here })
    const wrong = { ...developmentKey, secret: 'wrong' }
    assert.equal((await burst(10, () => ask(wrong))).length, 10)
    assert.deepEqual(await burst(3, () => ask(developmentKey)), [])
    assert.equal((await ask(developmentKey)).code, refused[dialect]!.code)
  })

  test(`${dialect}: a request beyond the limit is not read any more`, async (t) => {
    const cloud = await start(t, 1)
    const [here] = regions[dialect]!
    assert.deepEqual(
      await burst(1, () => clients[dialect]!(cloud, { key: developmentKey, region: here })),
      [],
    )
    const unread = await unreadable[dialect]!(cloud, here)
    assert.equal(unread, refused[dialect]!.code)
    cloud.clock.advance(1000)
    assert.match(await unreadable[dialect]!(cloud, here), /^InvalidParameter$/)
  })

  test(`${dialect}: without a limit nothing is refused`, async (t) => {
    const cloud = await start(t, 0)
    const [here] = regions[dialect]!
    const ask = () => clients[dialect]!(cloud, { key: developmentKey, region: here })
    assert.deepEqual(await burst(60, ask), [])
  })
}

test('alibaba: regions that do not exist share one count', async (t) => {
  const cloud = await start(t, 2)
  const ask = (region: string) => clients['alibaba']!(cloud, { key: developmentKey, region })
  const codes = [(await ask('mars-1')).code, (await ask('mars-2')).code, (await ask('mars-3')).code]
  assert.deepEqual(codes, ['InvalidParams', 'InvalidParams', 'Throttling.User'])
})
