/** The pages about identities, asked over HTTP as the command and scripts ask them. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startCloud } from '../../support/fixture/cloud.ts'
import { askAdmin } from '../../support/http/admin.ts'
import { developmentKey, wires, type Key } from '../../support/http/wire.ts'

type Json = Readonly<Record<string, unknown>>

interface Admin {
  get(page: string): Promise<{ status: number; body: Json }>
  post(page: string, members: object): Promise<{ status: number; body: Json }>
  /** Posts and expects it to be done. */
  done(page: string, members: object): Promise<Json>
}

const account = '1000000000000001'
const text = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'sr:*', Resource: '*' }],
})

async function start(t: TestContext): Promise<Admin> {
  const { port } = await startCloud(t)
  const get = (page: string) => askAdmin(port, page)
  const post = (page: string, members: object) =>
    askAdmin(port, page, { method: 'POST', body: members })
  return {
    get,
    post,
    async done(page, members) {
      const { status, body } = await post(page, members)
      assert.equal(status, 200, JSON.stringify(body))
      return body
    },
  }
}

const rowsOf = (body: Json) => body['rows'] as readonly Json[]

test('everything about identities can be made, listed, changed and removed', async (t) => {
  const { get, done } = await start(t)
  const made = await done('accounts', { dialect: 'tencent', name: 'team', tenant: '1250000777' })
  assert.equal(made['tenant'], '1250000777')
  assert.equal(rowsOf((await get('accounts')).body).length, 3)
  assert.equal((await done('accounts/disable', { account: made['account'] }))['status'], 'disabled')
  assert.equal((await done('accounts/enable', { account: made['account'] }))['status'], 'active')
  await done('accounts/remove', { account: made['account'] })
  assert.equal((await get('accounts')).body['total'], 2)

  const alice = { account, name: 'alice' }
  assert.deepEqual((await done('users', alice))['policies'], [])
  await done('policies', { account, name: 'own', text })
  assert.deepEqual((await done('users/attach', { ...alice, policy: 'own' }))['policies'], ['own'])
  const key = await done('keys', { account, user: 'alice' })
  assert.equal(key['user'], 'alice')
  assert.equal((await done('keys', { account }))['user'], null)
  assert.equal(rowsOf((await get(`keys?account=${account}&user=alice`)).body).length, 1)
  assert.equal((await done('keys/disable', { id: key['id'] }))['status'], 'disabled')
  assert.equal((await done('keys/enable', { id: key['id'] }))['status'], 'active')
  await done('keys/remove', { id: key['id'] })
  assert.equal((await done('users/disable', alice))['status'], 'disabled')
  assert.equal((await done('users/enable', alice))['status'], 'active')

  const reader = { account, name: 'reader' }
  assert.equal((await done('roles', reader))['kind'], 'normal')
  await done('roles/attach', { ...reader, policy: 'own' })
  const token = await done('tokens', { account, role: 'reader', session: 'night', seconds: 900 })
  assert.equal(Date.parse(String(token['expires'])) - Date.parse(String(token['created'])), 900_000)
  assert.equal(rowsOf((await get(`tokens?account=${account}`)).body).length, 1)
  await done('tokens/remove', { id: token['id'] })
  await done('roles/detach', { ...reader, policy: 'own' })
  await done('roles/remove', reader)

  const replaced = text.replace('sr:*', 'sr:Describe*')
  assert.equal(
    (await done('policies/replace', { account, name: 'own', text: replaced }))['text'],
    replaced,
  )
  assert.equal(rowsOf((await get(`policies?account=${account}`)).body).length, 1)
  const system = rowsOf((await get(`policies/system?account=${account}`)).body)
  assert.ok(system.some((row) => row['name'] === 'AliyunEMRStarRocksFullAccess'))
  await done('users/detach', { ...alice, policy: 'own' })
  await done('policies/remove', { account, name: 'own' })
  await done('users/remove', alice)
  assert.equal((await get('users')).body['total'], 0)
})

test('a secret is in the answer that created it and in no other', async (t) => {
  const { get, done } = await start(t)
  await done('users', { account, name: 'alice' })
  await done('roles', { account, name: 'reader' })
  const key = await done('keys', { account, user: 'alice' })
  const token = await done('tokens', { account, role: 'reader', session: 'night' })
  const secrets = [key['secret'], token['secret'], token['token']].map(String)
  assert.ok(secrets.every((secret) => secret.length >= 30))
  const pages = ['accounts', 'users', 'keys', 'roles', 'policies', 'tokens', 'audit', 'metrics']
  const texts = await Promise.all(
    pages.slice(0, -1).map(async (page) => JSON.stringify((await get(page)).body)),
  )
  texts.push(JSON.stringify(await done('keys/disable', { id: key['id'] })))
  texts.push(JSON.stringify(await done('tokens/remove', { id: token['id'] })))
  for (const secret of secrets) for (const each of texts) assert.ok(!each.includes(secret))
})

const refusals: readonly [string, string, object, number, RegExp][] = [
  [
    'a member that no page has',
    'users',
    { account, name: 'x', admin: true },
    400,
    /no member admin/,
  ],
  ['a member that is missing', 'users', { account }, 400, /^name is required$/],
  ['a member of another type', 'users', { account, name: 7 }, 400, /^name must be a text/],
  ['an account that is not there', 'users', { account: '1', name: 'x' }, 404, /no account 1/],
  ['a name that is not one', 'users', { account, name: 'a b' }, 400, /must have 1 to 64/],
  ['a dialect that is not spoken', 'accounts', { dialect: 'x', name: 'x' }, 400, /must be one of/],
  [
    'a flag that is none',
    'accounts',
    { dialect: 'alibaba', name: 'x', serviceRoles: 'no' },
    400,
    /true or false/,
  ],
  [
    'a kind of role that is none',
    'roles',
    { account, name: 'x', kind: 'big' },
    400,
    /one of normal, service/,
  ],
  [
    'a policy that its language refuses',
    'policies',
    { account, name: 'x', text: '{}' },
    400,
    /Version/,
  ],
  [
    'a policy that is too long',
    'policies',
    { account, name: 'x', text: 'x'.repeat(7000) },
    400,
    /at most 6144/,
  ],
  [
    'seconds that are not whole',
    'tokens',
    { account, role: 'x', session: 'xx', seconds: 1.5 },
    400,
    /whole number/,
  ],
  [
    'a service of an account',
    'tokens',
    { account, role: 'x', session: 'xx', byService: 's', byUser: 'u' },
    400,
    /excludes byAccount/,
  ],
  ['a key that is not there', 'keys/disable', { id: 'LTAI' }, 404, /no key LTAI/],
]

for (const [title, page, members, status, says] of refusals) {
  test(`${title} is refused with ${status} and a sentence`, async (t) => {
    const { post } = await start(t)
    const answer = await post(page, members)
    assert.equal(answer.status, status)
    assert.match(String(answer.body['error']), says)
  })
}

test('what a cloud does not allow more of is refused as a conflict', async (t) => {
  const { post, done } = await start(t)
  await done('users', { account, name: 'alice' })
  for (let n = 0; n < 2; n++) await done('keys', { account, user: 'alice' })
  const answer = await post('keys', { account, user: 'alice' })
  assert.equal(answer.status, 409)
  assert.equal(answer.body['error'], 'at most 2 access keys are allowed')
})

test('listings continue where they ended', async (t) => {
  const { get, done } = await start(t)
  for (let n = 0; n < 5; n++) await done('users', { account, name: `user-${n}` })
  const names: unknown[] = []
  let after = ''
  for (let page = 0; page < 3; page++) {
    const { body } = await get(`users?account=${account}&limit=2${after}`)
    assert.equal(body['total'], 5)
    names.push(...rowsOf(body).map((row) => row['name']))
    after = `&after=${String(body['next'])}`
  }
  assert.deepEqual(names, ['user-0', 'user-1', 'user-2', 'user-3', 'user-4'])
  assert.equal((await get('users?limit=10')).body['next'], null)
  assert.equal((await get('keys?user=alice')).status, 400)
})

test('a reset takes every identity away and brings back those that a server begins with', async (t) => {
  const cloud = await startCloud(t, { config: { allowReset: true } })
  const [ram] = wires
  const { key, secret } = await cloud.identity.keys.add({ account })
  const describe = (given: Key) => ram!.send(cloud.port, 'DescribeRegions', {}, { key: given })
  const mine = { keyId: key.id, secret }
  assert.equal((await describe(mine)).code, '')
  await cloud.identity.accounts.setStatus(account, 'disabled')
  const answer = await askAdmin(cloud.port, 'reset', { method: 'POST', body: {} })
  assert.equal(answer.status, 200)
  assert.equal((await describe(mine)).code, ram!.refusals.unknownKey)
  assert.equal((await describe(developmentKey)).code, '')
  assert.equal((await cloud.identity.accounts.list({ limit: 10 })).total, 2)
  assert.equal((await cloud.core.identity.role('100000000001', 'EMR_QCSRole')).exists, true)
})

test('without the development key a server begins without accounts', async (t) => {
  const cloud = await startCloud(t, { config: { developmentKey: false } })
  const [ram] = wires
  assert.equal((await cloud.identity.accounts.list({ limit: 10 })).total, 0)
  const reply = await ram!.send(cloud.port, 'DescribeRegions', {}, {})
  assert.equal(reply.code, ram!.refusals.unknownKey)
})
