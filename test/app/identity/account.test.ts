import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IdentityProblem } from '../../../src/app/identity/problem.ts'
import { sampleCluster } from '../../support/fixture/sample.ts'
import { startIdentity } from '../../support/fixture/identity.ts'

const refused = (kind: IdentityProblem['kind'], says: RegExp) => (problem: unknown) =>
  problem instanceof IdentityProblem && problem.kind === kind && says.test(problem.message)

test('a new account has numbers of its cloud and the roles that the service needs', async (t) => {
  const who = await startIdentity(t)
  assert.match(who.ram, /^\d{16}$/)
  assert.match(who.cam, /^\d{12}$/)
  const [ram, cam] = (await who.accounts.list({ limit: 10 })).rows.map((row) => row.document)
  assert.equal(ram?.tenant, ram?.account)
  assert.match(cam?.tenant ?? '', /^1\d{9}$/)
  for (const [account, name, policy] of [
    [who.ram, 'AliyunServiceRoleForEMRStarRocks', 'AliyunServiceRolePolicyForEMRStarRocks'],
    [who.ram, 'AliyunEMRStarRocksAccessingOSSRole', 'AliyunEMRStarRocksAccessingOSSRolePolicy'],
    [who.cam, 'EMR_QCSRole', 'QcloudAccessForEMRRole'],
    [who.cam, 'EMRCosRole', 'QcloudAccessForEMRRoleInApplicationDataAccess'],
  ] as const)
    assert.deepEqual(await who.role(account, name), { exists: true, policies: [policy] })
})

test('an account without service roles has none, and one whose policy was detached lacks only that', async (t) => {
  const who = await startIdentity(t)
  const bare = await who.accounts.add({ dialect: 'tencent', name: 'bare', serviceRoles: false })
  assert.deepEqual(await who.role(bare.account, 'EMR_QCSRole'), { exists: false, policies: [] })
  await who.roles.detach({
    account: who.cam,
    name: 'EMR_QCSRole',
    policy: 'QcloudAccessForEMRRole',
  })
  assert.deepEqual(await who.role(who.cam, 'EMR_QCSRole'), { exists: true, policies: [] })
})

const wrong: readonly [string, object, RegExp][] = [
  ['a dialect nobody speaks', { dialect: 'klingon' }, /must be one of alibaba, tencent/],
  ['a name of nothing', { name: '' }, /^name must have/],
  ['a number of another cloud', { account: '100000000777' }, /must have 16 digits/],
  ['a tenant that is no number', { tenant: 'x' }, /must have 16 digits/],
]

for (const [title, members, says] of wrong) {
  test(`an account with ${title} is not made`, async (t) => {
    const who = await startIdentity(t)
    const request = { dialect: 'alibaba', name: 'n', serviceRoles: true, ...members }
    await assert.rejects(who.accounts.add(request), refused('refused', says))
    assert.equal((await who.accounts.list({ limit: 10 })).total, 2)
  })
}

test("a number is taken once over both clouds' accounts", async (t) => {
  const who = await startIdentity(t)
  const request = { dialect: 'alibaba', name: 'n', serviceRoles: true, account: who.ram }
  await assert.rejects(who.accounts.add(request), refused('refused', /is taken/))
  await who.accounts.ensure(request)
  assert.equal((await who.accounts.list({ limit: 10 })).total, 2)
})

test('removing an account removes everything in it and nothing of others', async (t) => {
  const who = await startIdentity(t)
  for (const account of [who.ram, who.cam]) {
    await who.users.add({ account, name: 'u' })
    await who.keys.add({ account, user: 'u' })
    await who.keys.add({ account })
    await who.roles.add({ account, name: 'r', kind: 'normal' })
    await who.tokens.add({ account, role: 'r', session: 'ss' })
  }
  await who.accounts.remove(who.ram)
  for (const kind of ['user', 'accessKey', 'role', 'session', 'policy'] as const) {
    const of = (account: string) =>
      who.store.read((tx) => tx.list(kind, { account, order: 'oldest', limit: 100, offset: 0 }))
    assert.equal((await of(who.ram)).total, 0, kind)
    assert.equal((await of(who.cam)).total > 0, kind !== 'policy', kind)
  }
  await assert.rejects(who.accounts.remove(who.ram), refused('missing', /there is no account/))
  await assert.rejects(
    who.users.add({ account: who.ram, name: 'v' }),
    refused('missing', /account/),
  )
})

test('an account with clusters stays until they are deleted', async (t) => {
  const who = await startIdentity(t)
  const cluster = sampleCluster({ account: who.ram })
  await who.store.write((tx) => tx.insert('cluster', cluster, 1))
  await assert.rejects(who.accounts.remove(who.ram), refused('refused', /has 1 clusters/))
  await who.store.write(async (tx) => {
    const found = (await tx.findById('cluster', cluster.id))!
    await tx.save('cluster', found, {
      ...cluster,
      status: { ...cluster.status, state: 'deleted' },
    })
  })
  await who.accounts.remove(who.ram)
})

test('what is done to identities is in the audit trail of their account', async (t) => {
  const who = await startIdentity(t)
  await who.users.add({ account: who.ram, name: 'alice' })
  const { key } = await who.keys.add({ account: who.ram, user: 'alice' })
  await who.keys.setStatus(key.id, 'disabled')
  const entries = await who.store.read((tx) => tx.audit(who.ram, 10))
  assert.deepEqual(
    entries.map(({ action, subject, principal }) => [action, subject, principal]),
    [
      ['DisableKey', `key/${key.id}`, 'admin'],
      ['AddKey', 'user/alice', 'admin'],
      ['AddUser', 'user/alice', 'admin'],
      ['AddAccount', who.ram, 'admin'],
    ],
  )
})
