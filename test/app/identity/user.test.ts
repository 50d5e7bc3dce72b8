import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IdentityProblem } from '../../../src/app/identity/problem.ts'
import { ramPolicy, startIdentity, type Identities } from '../../support/fixture/identity.ts'

type Row = readonly [
  string,
  (who: Identities, account: string) => Promise<unknown>,
  IdentityProblem['kind'],
  RegExp,
]

const alice = (account: string) => ({ account, name: 'alice' })

/** In an account with the user alice, the role reader and the policy own; each is refused. */
const refusals: readonly Row[] = [
  ['a user twice', (who, account) => who.users.add(alice(account)), 'refused', /"alice" is taken/],
  [
    'a user whose name has a slash',
    (who, account) => who.users.add({ account, name: 'a/b' }),
    'refused',
    /^name "a\/b" must have 1 to 64/,
  ],
  [
    'a user in no account',
    (who) => who.users.add({ account: '1', name: 'x' }),
    'missing',
    /there is no account 1/,
  ],
  [
    'removing a user that is not there',
    (who, account) => who.users.remove({ account, name: 'bob' }),
    'missing',
    /there is no user bob/,
  ],
  [
    'disabling a user that is not there',
    (who, account) => who.users.setStatus({ account, name: 'bob' }, 'disabled'),
    'missing',
    /user bob/,
  ],
  [
    'attaching a policy that does not exist',
    (who, account) => who.users.attach({ ...alice(account), policy: 'nothing' }),
    'missing',
    /there is no policy nothing/,
  ],
  [
    'detaching a policy that is not attached',
    (who, account) => who.users.detach({ ...alice(account), policy: 'own' }),
    'missing',
    /attached policy own/,
  ],
  [
    "another cloud's system policy",
    (who, account) => who.users.attach({ ...alice(account), policy: 'QcloudEMRFullAccess' }),
    'missing',
    /policy QcloudEMRFullAccess/,
  ],
  [
    'a role twice',
    (who, account) => who.roles.add({ account, name: 'reader', kind: 'normal' }),
    'refused',
    /is taken/,
  ],
  [
    'a role with a trust policy that is none',
    (who, account) => who.roles.add({ account, name: 'r', kind: 'normal', trust: '{}' }),
    'refused',
    /^trust is refused: Version: must be "1"/,
  ],
  [
    'removing a role that is not there',
    (who, account) => who.roles.remove({ account, name: 'none' }),
    'missing',
    /role none/,
  ],
  [
    'a policy twice',
    (who, account) => who.policies.add({ account, name: 'own', text: ramPolicy('*') }),
    'refused',
    /is taken/,
  ],
  [
    "a policy with a system policy's name",
    (who, account) =>
      who.policies.add({ account, name: 'AdministratorAccess', text: ramPolicy('*') }),
    'refused',
    /is the name of a system policy/,
  ],
  [
    'a policy that its language refuses',
    (who, account) =>
      who.policies.add({ account, name: 'bad', text: ramPolicy('*', 'Maybe' as 'Allow') }),
    'refused',
    /^text is refused: Statement\[0\]\.Effect: must be Allow or Deny/,
  ],
  [
    'replacing a policy by what its language refuses',
    (who, account) => who.policies.replace({ account, name: 'own', text: 'no JSON' }),
    'refused',
    /^text is refused: must be valid JSON/,
  ],
  [
    'replacing a policy that is not there',
    (who, account) => who.policies.replace({ account, name: 'none', text: ramPolicy('*') }),
    'missing',
    /policy none/,
  ],
  [
    'a key for a user that is not there',
    (who, account) => who.keys.add({ account, user: 'bob' }),
    'missing',
    /user bob/,
  ],
  ['removing a key that is not there', (who) => who.keys.remove('k'), 'missing', /key k/],
  [
    'disabling a key that is not there',
    (who) => who.keys.setStatus('k', 'disabled'),
    'missing',
    /key k/,
  ],
  ['ending a session that is not there', (who) => who.tokens.remove('k'), 'missing', /token k/],
]

for (const [title, ask, kind, says] of refusals) {
  test(`${title} is refused, and nothing has changed`, async (t) => {
    const who = await startIdentity(t)
    const account = who.ram
    await who.users.add({ account, name: 'alice' })
    await who.roles.add({ account, name: 'reader', kind: 'normal' })
    await who.policies.add({ account, name: 'own', text: ramPolicy('sr:*') })
    const before = await everything(who)
    await assert.rejects(ask(who, account), (problem: unknown) => {
      assert.ok(problem instanceof IdentityProblem, String(problem))
      assert.equal(problem.kind, kind)
      assert.match(problem.message, says)
      return true
    })
    assert.deepEqual(await everything(who), before)
  })
}

test('a policy that is attached is not removed, and is once it is attached to nothing', async (t) => {
  const who = await startIdentity(t)
  const account = who.ram
  await who.policies.add({ account, name: 'own', text: ramPolicy('sr:*') })
  await who.users.add({ account, name: 'alice' })
  await who.roles.add({ account, name: 'reader', kind: 'normal' })
  const remove = () => who.policies.remove({ account, name: 'own' })
  await who.users.attach({ account, name: 'alice', policy: 'own' })
  await assert.rejects(remove(), /is attached to user alice/)
  await who.roles.attach({ account, name: 'reader', policy: 'own' })
  await who.users.detach({ account, name: 'alice', policy: 'own' })
  await assert.rejects(remove(), /is attached to role reader/)
  await who.roles.detach({ account, name: 'reader', policy: 'own' })
  await remove()
  assert.equal((await who.policies.list({ account, limit: 10 })).total, 0)
})

test('removing a user removes its keys and no others', async (t) => {
  const who = await startIdentity(t)
  const account = who.ram
  for (const name of ['alice', 'alicea']) await who.users.add({ account, name })
  await who.keys.add({ account, user: 'alice' })
  await who.keys.add({ account, user: 'alice' })
  const kept = [await who.keys.add({ account, user: 'alicea' }), await who.keys.add({ account })]
  await who.users.remove({ account, name: 'alice' })
  const left = await who.keys.list({ account, limit: 10 })
  assert.deepEqual(
    left.rows.map((row) => row.document.id),
    kept.map(({ key }) => key.id),
  )
})

for (const dialect of ['ram', 'cam'] as const) {
  test(`${dialect}: a user has two keys, and no more policies than its cloud allows`, async (t) => {
    const who = await startIdentity(t)
    const account = who[dialect]
    const add = () => who.keys.add({ account, user: 'alice' })
    await who.users.add({ account, name: 'alice' })
    const { key } = await add()
    await add()
    await assert.rejects(add(), /at most 2 access keys/)
    await who.keys.remove(key.id)
    await add()
    const text = dialect === 'ram' ? ramPolicy('sr:*') : CAM
    const limit = dialect === 'ram' ? 10 : 200
    for (let n = 0; n <= limit; n++) await who.policies.add({ account, name: `p${n}`, text })
    for (let n = 0; n < limit; n++)
      await who.users.attach({ account, name: 'alice', policy: `p${n}` })
    await assert.rejects(
      who.users.attach({ account, name: 'alice', policy: `p${limit}` }),
      new RegExp(`at most ${limit} attached custom policies`),
    )
    // One that is attached already takes no room.
    await who.users.attach({ account, name: 'alice', policy: 'p0' })
  })
}

const CAM = JSON.stringify({
  version: '2.0',
  statement: [{ effect: 'allow', action: 'emr:*', resource: '*' }],
})

async function everything(who: Identities): Promise<unknown> {
  const kinds = ['account', 'user', 'accessKey', 'role', 'policy', 'session'] as const
  const listing = { account: undefined, order: 'oldest', limit: 100, offset: 0 } as const
  const all = await Promise.all(kinds.map((kind) => who.store.read((tx) => tx.list(kind, listing))))
  return { all, audit: await who.store.read((tx) => tx.audit(undefined, 100)) }
}
