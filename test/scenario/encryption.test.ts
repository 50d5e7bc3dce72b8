/** Encrypted disks, from a client's request to the key that its administrator disables, on both wires. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { logger } from '../../src/kernel/log.ts'
import type { Config } from '../../src/config/config.ts'
import { askAdmin } from '../support/http/admin.ts'
import { alibabaClient, createBody, refusalOf } from '../support/http/alibaba-client.ts'
import { startCloud, type Cloud } from '../support/fixture/cloud.ts'
import { ask, create, sampleCreateRequest } from '../support/http/tencent-client.ts'
import { TOKEN, transitServer } from '../support/http/transit-server.ts'

const ALIBABA = { account: '1000000000000001', region: 'cn-hangzhou' }
const TENCENT = { account: '100000000001', region: 'ap-guangzhou' }
const encrypted = { Encrypted: true, KmsKeyId: 'key-1' }

async function createInstance(cloud: Cloud, more: object): Promise<string> {
  const answer = await alibabaClient(cloud.port)('CreateInstanceV1', {
    body: createBody({ ...more }),
  })
  return String(answer.body.Data.InstanceId)
}

async function described(cloud: Cloud, id: string) {
  const query = { 'InstanceIds.1': id, RegionId: 'cn-hangzhou' }
  const { body } = await alibabaClient(cloud.port)('DescribeInstances', { query })
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member
  return body.Data.find((each: any) => each.InstanceId === id)
}

function statusOf(cloud: Cloud, id: string) {
  return ask(cloud, 'DescribeInstances', { DisplayStrategy: 'clusterList', InstanceIds: [id] })
}

async function kms(cloud: Cloud, verb: string, key: object): Promise<void> {
  const page = verb === 'make' ? 'encryption-keys' : `encryption-keys/${verb}`
  const { status, text } = await askAdmin(cloud.port, page, { method: 'POST', body: key })
  assert.equal(status, 200, text)
}

test('an encrypted instance has a key of its own that its page shows by name and state only', async (t) => {
  const cloud = await startCloud(t)
  const id = await createInstance(cloud, encrypted)
  await cloud.settle()
  const { Encrypted, KmsKeyId, InstanceStatus } = await described(cloud, id)
  assert.deepEqual(
    { Encrypted, KmsKeyId, InstanceStatus },
    { ...encrypted, InstanceStatus: 'running' },
  )
  const { body, text } = await askAdmin(cloud.port, `clusters/${id}`)
  assert.deepEqual(body.encryption, { key: 'key-1', service: 'built-in', state: 'enabled' })
  assert.deepEqual(body.cluster.secrets, ['adminPassword', 'dataKey'])
  assert.doesNotMatch(text, /material|wrapped/)
})

test('without encryption a key id is echoed and nobody is asked about it', async (t) => {
  const cloud = await startCloud(t, { config: { environmentMode: 'open' } })
  const id = await createInstance(cloud, { Encrypted: false, KmsKeyId: '123' })
  assert.equal((await described(cloud, id)).KmsKeyId, '123')
  const { body } = await askAdmin(cloud.port, 'encryption-keys')
  assert.equal(body.total, 0)
  assert.equal((await askAdmin(cloud.port, `clusters/${id}`)).body.encryption, null)
})

test('a disabled key is refused in the words of each cloud, and a deleted one is not there', async (t) => {
  const cloud = await startCloud(t)
  const one = { ...ALIBABA, id: 'key-1' }
  const disk = { ...TENCENT, id: 'KMS-CBS' }
  for (const key of [one, disk]) {
    await kms(cloud, 'make', key)
    await kms(cloud, 'disable', key)
  }
  const refused = () =>
    refusalOf(alibabaClient(cloud.port)('CreateInstanceV1', { body: createBody(encrypted) }))
  const disabled = await refused()
  assert.equal(disabled.code, 'InvalidParams')
  assert.match(disabled.message, /\[kms key key-1 cannot be used: it is disabled\]/)
  const locked = await ask(cloud, 'CreateInstance', sampleCreateRequest({ CbsEncrypt: 1 }))
  assert.equal(locked.code, 'InternalError.KmsError')
  for (const key of [one, disk]) await kms(cloud, 'delete', key)
  assert.match((await refused()).message, /\[kms key key-1 not exists\]/)
  const gone = await ask(cloud, 'CreateInstance', sampleCreateRequest({ CbsEncrypt: 1 }))
  assert.equal(gone.code, 'InternalError.KmsError')
  assert.equal((await ask(cloud, 'CreateInstance', sampleCreateRequest())).code, '')
})

test('a key that is disabled while its cluster is created lets it fail, with the reason', async (t) => {
  const cloud = await startCloud(t, {
    config: { progressions: { default: { mode: 'time', seconds: 60 } } },
  })
  const instance = await createInstance(cloud, encrypted)
  const cluster = await create(cloud, { CbsEncrypt: 1 })
  await kms(cloud, 'disable', { ...ALIBABA, id: 'key-1' })
  await kms(cloud, 'disable', { ...TENCENT, id: 'KMS-CBS' })
  await cloud.settle()
  assert.equal((await described(cloud, instance)).InstanceStatus, 'creating_failed')
  const { response } = await statusOf(cloud, cluster)
  const [{ Status }] = response['ClusterList'] as [{ Status: number }]
  assert.equal(Status, 301)
  const { body } = await askAdmin(cloud.port, `clusters/${cluster}`)
  assert.equal(
    body.cluster.status.reason,
    'the encryption key KMS-CBS cannot be used: it is disabled',
  )
  assert.equal(body.encryption.state, 'disabled')
})

function transitConfig(address: string, token = TOKEN): Partial<Config> {
  const driver = 'transit' as const
  const more = { mount: 'transit', namespace: '', tokenFile: '', caFile: '' }
  return { keyService: { driver, address, token, ...more } }
}

test('with Vault or OpenBao its keys count: absent, soft-deleted, there, and gone', async (t) => {
  const vault = await transitServer(t)
  const cloud = await startCloud(t, { config: transitConfig(vault.address) })
  const message = async () => {
    const body = createBody(encrypted)
    return (await refusalOf(alibabaClient(cloud.port)('CreateInstanceV1', { body }))).message
  }
  assert.match(await message(), /kms key key-1 not exists/)
  vault.put('key-1', { softDeleted: true })
  assert.match(await message(), /kms key key-1 cannot be used: it is disabled/)
  vault.put('key-1', { softDeleted: false })
  const id = await createInstance(cloud, encrypted)
  await cloud.settle()
  assert.equal((await described(cloud, id)).InstanceStatus, 'running')
  vault.token = 'another'
  const failed = await ask(cloud, 'CreateInstance', sampleCreateRequest({ CbsEncrypt: 1 }))
  assert.equal(failed.code, 'InternalError.KmsError')
  const { body } = await askAdmin(cloud.port, `clusters/${id}`)
  assert.deepEqual(body.encryption, { key: 'key-1', service: 'transit', state: 'unknown' })
  const { status, text } = await askAdmin(cloud.port, 'encryption-keys')
  assert.equal(status, 409)
  assert.match(text, /the key service is transit/)
})

test('a cluster waits for a key service that is down, and continues when it is back', async (t: TestContext) => {
  const vault = await transitServer(t)
  vault.put('key-1')
  const pace = { default: { mode: 'time', seconds: 60 } } as const
  const cloud = await startCloud(t, {
    config: { ...transitConfig(vault.address), progressions: pace },
  })
  const id = await createInstance(cloud, encrypted)
  vault.answer = (response) => void response.writeHead(503).end('{"errors":["sealed"]}')
  cloud.clock.advance(61_000)
  await cloud.loop.drain()
  assert.equal((await described(cloud, id)).InstanceStatus, 'creating')
  const { body } = await askAdmin(cloud.port, `clusters/${id}`)
  assert.equal(body.cluster.status.reason, 'the key service does not open the encryption key key-1')
  vault.answer = undefined
  await cloud.settle()
  assert.equal((await described(cloud, id)).InstanceStatus, 'running')
})

test('no key in the clear is on disk, in a log or in an answer', async (t) => {
  const heard: string[] = []
  const vault = await transitServer(t)
  vault.put('key-1')
  const log = logger('debug', { write: (line) => heard.push(line) })
  const cloud = await startCloud(t, { config: transitConfig(vault.address), log })
  const id = await createInstance(cloud, encrypted)
  await cloud.settle()
  const found = await cloud.store.read((tx) => tx.findById('cluster', id))
  const plain = await cloud.core.encryption.open(found!.document)
  heard.push((await askAdmin(cloud.port, `clusters/${id}`)).text)
  heard.push((await askAdmin(cloud.port, 'config')).text)
  const secrets = [Buffer.from(plain!), Buffer.from(TOKEN)]
  const files = readdirSync(cloud.dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(cloud.dataDir, name))
    .filter((file) => statSync(file).isFile())
  for (const secret of secrets) {
    const forms = [
      secret,
      ...(['base64', 'base64url', 'hex'] as const).map((form) =>
        Buffer.from(secret.toString(form)),
      ),
    ]
    for (const form of forms) {
      for (const file of files) assert.equal(readFileSync(file).includes(form), false, file)
      for (const text of heard) assert.equal(Buffer.from(text).includes(form), false, text)
    }
  }
})
