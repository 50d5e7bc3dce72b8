import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Assumption } from '../../../src/app/identity/token.ts'
import { IdentityProblem } from '../../../src/app/identity/problem.ts'
import { limits } from '../../../src/limits.ts'
import { ramPolicy, startIdentity, type Identities } from '../../support/fixture/identity.ts'

const HOUR_MS = 3_600_000

/** RAM roles: `open` trusts the account, `alone` trusts alice by name, `guests` trusts another account. */
async function stage(t: Parameters<typeof startIdentity>[0]): Promise<Identities> {
  const who = await startIdentity(t)
  const account = who.ram
  const other = await who.accounts.add({ dialect: 'alibaba', name: 'other', serviceRoles: false })
  for (const name of ['alice', 'bob']) await who.users.add({ account, name })
  await who.users.add({ account: other.account, name: 'alice' })
  await who.policies.add({ account, name: 'assume', text: ramPolicy('sts:AssumeRole') })
  for (const name of ['alice', 'bob']) await who.users.attach({ account, name, policy: 'assume' })
  const trusting = (principal: string) =>
    JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [principal] } }],
    })
  await who.roles.add({ account, name: 'open', kind: 'normal' })
  const alone = trusting(`acs:ram::${account}:user/alice`)
  await who.roles.add({ account, name: 'alone', kind: 'normal', trust: alone })
  const guests = trusting(`acs:ram::${other.account}:root`)
  await who.roles.add({ account, name: 'guests', kind: 'normal', trust: guests })
  return { ...who, cam: other.account }
}

type Row = readonly [
  string,
  Partial<Assumption> & { readonly elsewhere?: true },
  RegExp | undefined,
]

const rows: readonly Row[] = [
  ['the root assumes a role that trusts the account', {}, undefined],
  ['a user with the permission does', { by: { user: 'alice' } }, undefined],
  ['a user whom the role names does', { role: 'alone', by: { user: 'alice' } }, undefined],
  [
    'a user whom the role does not name does not',
    { role: 'alone', by: { user: 'bob' } },
    /does not trust user .*\/bob/,
  ],
  ['the root does not, where a user alone is named', { role: 'alone' }, /does not trust account/],
  ['another account does, which the role names', { role: 'guests', elsewhere: true }, undefined],
  ['the own root does not then', { role: 'guests' }, /does not trust account/],
  ['another account is not trusted unasked', { elsewhere: true }, /does not trust account/],
  [
    "another account's user needs a permission of its own",
    { role: 'guests', elsewhere: true, by: { user: 'alice' } },
    /has no permission for sts:AssumeRole/,
  ],
  [
    'a service assumes the role that was made for it',
    { role: 'AliyunServiceRoleForEMRStarRocks', by: { service: 'starrocks.aliyuncs.com' } },
    undefined,
  ],
  [
    'another service does not',
    { role: 'AliyunServiceRoleForEMRStarRocks', by: { service: 'ecs.aliyuncs.com' } },
    /does not trust service/,
  ],
  ['nor does the root', { role: 'AliyunServiceRoleForEMRStarRocks' }, /does not trust account/],
  ['a role that is not there is not assumed', { role: 'none' }, /there is no role none/],
  ['nobody who is not there assumes one', { by: { user: 'eve' } }, /there is no user eve/],
  ['a session has a name', { session: 'x' }, /session "x" must have 2 to 64/],
  [
    'a session lasts a quarter of an hour at least',
    { lifetimeMs: 899_000 },
    /900 to 43200 seconds/,
  ],
  ['and twelve hours at most', { lifetimeMs: 43_201_000 }, /900 to 43200 seconds/],
  ['a lifetime is a number', { lifetimeMs: NaN }, /seconds/],
]

for (const [title, { elsewhere, ...request }, says] of rows) {
  test(title, async (t) => {
    const who = await stage(t)
    const by = elsewhere ? { account: who.cam, ...request.by } : request.by
    const it = {
      account: who.ram,
      role: 'open',
      session: 'night',
      ...request,
      ...(by ? { by } : {}),
    }
    const made = who.tokens.add(it)
    if (says === undefined) {
      const { session, secret, token } = await made
      assert.match(session.id, /^STS\./)
      assert.equal(session.expiresMs - session.createdMs, HOUR_MS)
      const found = await who.credentials.find('alibaba', session.id)
      assert.equal(found?.secret, secret)
      assert.equal(found?.sessionToken, token)
      assert.equal(found?.expiresMs, session.expiresMs)
      assert.equal(found?.principal.kind, 'role')
      assert.equal(found?.principal.name, `${it.role}/night`)
      return
    }
    await assert.rejects(made, (problem: unknown) => {
      assert.ok(problem instanceof IdentityProblem)
      assert.match(problem.message, says)
      return true
    })
    assert.equal((await who.tokens.list({ limit: 10 })).total, 0)
  })
}

test('a disabled user or account assumes nothing', async (t) => {
  const who = await stage(t)
  const account = who.ram
  const request = { account, role: 'open', session: 'night' }
  await who.users.setStatus({ account, name: 'alice' }, 'disabled')
  await assert.rejects(who.tokens.add({ ...request, by: { user: 'alice' } }), /is disabled/)
  await who.accounts.setStatus(account, 'disabled')
  await assert.rejects(who.tokens.add(request), /is disabled/)
})

test('a session ends with its role, and when it is ended', async (t) => {
  const who = await stage(t)
  const account = who.ram
  const start = async () =>
    (await who.tokens.add({ account, role: 'open', session: 'night' })).session.id
  const [first, second] = [await start(), await start()]
  const known = async (id: string) => (await who.credentials.find('alibaba', id)) !== undefined
  assert.ok((await known(first)) && (await known(second)))
  await who.tokens.remove(first)
  assert.equal(await known(first), false)
  assert.equal(await known(second), true)
  await who.roles.remove({ account, name: 'open' })
  assert.equal(await known(second), false)
})

test('an ended session is kept for a day to say so, and then goes with the next one', async (t) => {
  const who = await stage(t)
  const start = () => who.tokens.add({ account: who.ram, role: 'open', session: 'night' })
  const { session } = await start()
  who.clock.advance(HOUR_MS + limits.sessionsKeptMs - 1)
  await start()
  assert.equal((await who.tokens.list({ limit: 10 })).total, 2)
  who.clock.advance(1)
  await start()
  const left = (await who.tokens.list({ limit: 10 })).rows.map((row) => row.document.id)
  assert.equal(left.length, 2)
  assert.ok(!left.includes(session.id))
})
