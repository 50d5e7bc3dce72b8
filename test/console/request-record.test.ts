import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestRecord, type RecordedRequest } from '../../src/console/request-record.ts'
import { Fault } from '../../src/domain/fault.ts'
import { limits } from '../../src/limits.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { alibabaClient, refusalOf } from '../support/http/alibaba-client.ts'
import { authorization } from '../support/http/admin.ts'
import { consoleBrowser, rootOf } from '../support/http/console.ts'
import { ask } from '../support/http/tencent-client.ts'

const handled = { dialect: 'd', action: 'A', outcome: 'ok', ms: 1.26 }

test('the latest stand first, of an hour and no more than the bound', () => {
  let nowMs = 0
  const record = requestRecord({ wall: () => nowMs })
  record.note({ ...handled, action: 'Old' })
  nowMs = limits.consoleRequestsMs
  assert.deepEqual(record.recent(), [])
  for (let count = 0; count < 2 * limits.consoleRequests; count++)
    record.note({ ...handled, action: `A${count}` })
  const recent = record.recent()
  assert.equal(recent.length, limits.consoleRequests)
  assert.equal(recent[0]?.action, `A${2 * limits.consoleRequests - 1}`)
  assert.equal(recent[0]?.ms, 1.3)
  assert.equal(recent.at(-1)?.action, `A${limits.consoleRequests}`)
  for (let count = 0; count < 3; count++) record.note({ ...handled, action: `B${count}` })
  assert.equal(recent.at(-1)?.action, `A${limits.consoleRequests}`)
  assert.equal(record.recent().at(-1)?.action, `A${limits.consoleRequests + 3}`)
})

test('of a signed text the token of a temporary key is not kept, and of a text only so much', () => {
  const record = requestRecord({ wall: () => 1 })
  const texts = ['x-acs-security-token:SECRET\nb', 'SecurityToken=SECRET&b', '%26Token%3DSECRET']
  for (const text of texts) {
    const stringToSign = `${text}\n${'z'.repeat(limits.consoleSignedText)}`
    const fault = new Fault('SignatureRefused', { problem: 'mismatch', stringToSign })
    record.note({ ...handled, outcome: fault.code, fault })
    const kept = record.recent()[0]?.why.find(({ name }) => name === 'signed')?.text ?? ''
    assert.ok(kept.endsWith('zzz') && kept.length <= limits.consoleSignedText)
    assert.doesNotMatch(kept, /SECRET/)
  }
})

test('requests are shown with what became of them, to those whose they are', async (t) => {
  const cloud = await startCloud(t)
  const { port } = cloud
  const account = '1000000000000001'
  const statement = { Effect: 'Deny', Action: 'sr:Release*', Resource: '*' }
  const text = JSON.stringify({ Version: '1', Statement: [statement] })
  await cloud.identity.users.add({ account, name: 'alice' })
  await cloud.identity.policies.add({ account, name: 'keep', text })
  await cloud.identity.users.attach({ account, name: 'alice', policy: 'keep' })
  const { key, secret } = await cloud.identity.keys.add({ account, user: 'alice' })
  const query = { InstanceId: 'c-0123456789abcdef', RegionId: 'cn-hangzhou' }
  await alibabaClient(port)('DescribeInstances', { query: { RegionId: 'cn-hangzhou' } })
  await refusalOf(alibabaClient(port, { keyId: key.id, secret })('ReleaseInstance', { query }))
  await refusalOf(alibabaClient(port, { secret: 'wrong' })('DescribeInstances', { query }))
  await ask({ port }, 'DescribeInstances', { Nothing: 'private' })
  const shownTo = async (body: unknown): Promise<readonly RecordedRequest[]> => {
    const browser = consoleBrowser(port)
    await browser.signIn(body)
    return (await browser.ask('/api/requests')).body.requests
  }
  const all = await shownTo({ token: String(authorization(port)['authorization']).slice(7) })
  const [parameters, signature, denied] = all
  assert.deepEqual(
    all.map(({ outcome }) => outcome),
    ['ParametersRefused', 'SignatureRefused', 'AccessDenied', 'ok'],
  )
  const factsOf = (it: RecordedRequest | undefined) =>
    Object.fromEntries((it?.why ?? []).map(({ name, text: fact }) => [name, fact]))
  assert.ok('Nothing' in factsOf(parameters), JSON.stringify(parameters))
  assert.doesNotMatch(JSON.stringify(all), /private|wrong/)
  assert.match(factsOf(signature)['signed'] ?? '', /^ACS3-HMAC-SHA256/)
  assert.equal(signature?.account, '')
  const { decision, policy, statement: number } = factsOf(denied)
  assert.deepEqual([decision, policy, number], ['explicit', 'keep', '1'])
  assert.deepEqual([denied?.who, denied?.account], ['alice', account])
  const ofRoot = await shownTo(rootOf('alibaba'))
  assert.deepEqual(
    ofRoot.map(({ action }) => action),
    ['ReleaseInstance', 'DescribeInstances'],
  )
  const ofUser = await shownTo({ cloud: 'alibaba', keyId: key.id, secret })
  assert.deepEqual(
    ofUser.map(({ who }) => who),
    ['alice'],
  )
})
