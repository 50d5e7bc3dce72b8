import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Credential } from '../../../src/domain/identity.ts'
import { decide } from '../../../src/domain/policy.ts'
import { limits } from '../../../src/limits.ts'
import type { Store } from '../../../src/store/port.ts'
import { ramPolicy, startIdentity, type Identities } from '../../support/fixture/identity.ts'

async function withAlice(who: Identities): Promise<{ keyId: string; secret: string }> {
  const account = who.ram
  await who.users.add({ account, name: 'alice' })
  await who.policies.add({ account, name: 'own', text: ramPolicy('sr:*') })
  await who.users.attach({ account, name: 'alice', policy: 'own' })
  const { key, secret } = await who.keys.add({ account, user: 'alice' })
  return { keyId: key.id, secret }
}

const may = (credential: Credential | undefined, action = 'sr:ReleaseInstance') =>
  credential !== undefined &&
  decide(credential.principal.policies, { action, resources: ['x'], context: {} }).effect ===
    'allow'

test('a key leads to its secret, its principal and the policies that bind it', async (t) => {
  const who = await startIdentity(t)
  const { keyId, secret } = await withAlice(who)
  const found = await who.credentials.find('alibaba', keyId)
  assert.equal(found?.secret, secret)
  assert.equal(found?.active, true)
  assert.equal(found?.sessionToken, undefined)
  const { kind, name, account, tenant, policies } = found.principal
  assert.deepEqual([kind, name, account, tenant], ['user', 'alice', who.ram, who.ram])
  assert.deepEqual(
    policies.map((policy) => policy.name),
    ['own'],
  )
  assert.ok(may(found))
})

test('a key of the account itself is its root, whom no policy binds', async (t) => {
  const who = await startIdentity(t)
  const { key } = await who.keys.add({ account: who.cam })
  const { principal } = (await who.credentials.find('tencent', key.id))!
  assert.equal(principal.kind, 'root')
  assert.equal(principal.account, who.cam)
  assert.notEqual(principal.tenant, who.cam)
})

test("a key is unknown in the other cloud's dialect, whether or not it was asked for before", async (t) => {
  const who = await startIdentity(t)
  const { keyId } = await withAlice(who)
  assert.equal(await who.credentials.find('tencent', keyId), undefined)
  assert.ok(await who.credentials.find('alibaba', keyId))
  assert.equal(await who.credentials.find('tencent', keyId), undefined)
})

type Change = (who: Identities, keyId: string) => Promise<unknown>

const stops: readonly [string, Change][] = [
  ['its key is disabled', (who, keyId) => who.keys.setStatus(keyId, 'disabled')],
  [
    'its user is disabled',
    (who) => who.users.setStatus({ account: who.ram, name: 'alice' }, 'disabled'),
  ],
  ['its account is disabled', (who) => who.accounts.setStatus(who.ram, 'disabled')],
  ['its key is removed', (who, keyId) => who.keys.remove(keyId)],
  ['its user is removed', (who) => who.users.remove({ account: who.ram, name: 'alice' })],
  ['its account is removed', (who) => who.accounts.remove(who.ram)],
  [
    'its policy is detached',
    (who) => who.users.detach({ account: who.ram, name: 'alice', policy: 'own' }),
  ],
  [
    'its policy says something else',
    (who) =>
      who.policies.replace({ account: who.ram, name: 'own', text: ramPolicy('sr:Describe*') }),
  ],
]

for (const [title, change] of stops) {
  test(`what was remembered of a credential is not used once ${title}`, async (t) => {
    const who = await startIdentity(t)
    const { keyId } = await withAlice(who)
    const usable = async () => {
      const found = await who.credentials.find('alibaba', keyId)
      return found?.active === true && may(found)
    }
    assert.ok(await usable())
    assert.ok(await usable())
    await change(who, keyId)
    assert.equal(await usable(), false)
    assert.equal(await usable(), false)
  })
}

test('what a credential may not yet do it may as soon as that is acknowledged', async (t) => {
  const who = await startIdentity(t)
  const { keyId } = await withAlice(who)
  await who.policies.replace({ account: who.ram, name: 'own', text: ramPolicy('sr:List*') })
  assert.equal(may(await who.credentials.find('alibaba', keyId)), false)
  await who.users.attach({ account: who.ram, name: 'alice', policy: 'AdministratorAccess' })
  assert.equal(may(await who.credentials.find('alibaba', keyId)), true)
})

test('what was looked up while an identity changed is not remembered', async (t) => {
  let hold: Promise<void> | undefined
  const wrap = (store: Store): Store => ({
    ...store,
    async read(work) {
      const result = await store.read(work)
      await hold
      return result
    },
  })
  const who = await startIdentity(t, { wrap })
  const { keyId } = await withAlice(who)
  const { promise, resolve } = Promise.withResolvers<void>()
  hold = promise
  const old = who.credentials.find('alibaba', keyId)
  await new Promise((done) => setImmediate(done))
  hold = undefined
  await who.keys.setStatus(keyId, 'disabled')
  resolve()
  assert.equal((await old)?.active, true)
  assert.equal((await who.credentials.find('alibaba', keyId))?.active, false)
})

test('known credentials cost no further read, unknown ones one each, and only the former are kept', async (t) => {
  let reads = 0
  const wrap = (store: Store): Store => ({
    ...store,
    read: (work) => {
      reads++
      return store.read(work)
    },
  })
  const who = await startIdentity(t, { wrap })
  const { keyId } = await withAlice(who)
  reads = 0
  for (let n = 0; n < 10; n++) await who.credentials.find('alibaba', keyId)
  assert.equal(reads, 1)
  for (let n = 0; n < 10; n++) await who.credentials.find('alibaba', `LTAI-guess-${n}`)
  assert.equal(reads, 11)
  assert.equal(who.credentials.size, 1)
})

test('no more credentials are kept than the limit, and all of them are found all the same', async (t) => {
  const root = { kind: 'root', name: 'r', policies: [] } as const
  const who = await startIdentity(t, {
    builtIn: async (_dialect, keyId) => ({
      keyId,
      secret: 's',
      active: true,
      principal: { ...root, account: 'a', tenant: 'a', id: 'a' },
    }),
  })
  for (let n = 0; n < limits.credentialsKept + 50; n++)
    assert.equal((await who.credentials.find('alibaba', `key-${n}`))?.keyId, `key-${n}`)
  assert.equal(who.credentials.size, limits.credentialsKept)
})

test('a built-in key stops with its account', async (t) => {
  let account = ''
  const who = await startIdentity(t, {
    builtIn: async (_dialect, keyId) => ({
      keyId,
      secret: 's',
      active: true,
      principal: { account, tenant: account, kind: 'root', id: account, name: 'r', policies: [] },
    }),
  })
  account = who.ram
  assert.equal((await who.credentials.find('alibaba', 'k'))?.active, true)
  await who.accounts.setStatus(account, 'disabled')
  assert.equal((await who.credentials.find('alibaba', 'k'))?.active, false)
  await who.accounts.setStatus(account, 'active')
  assert.equal((await who.credentials.find('alibaba', 'k'))?.active, true)
})

test('a policy that can no longer be read, or is gone, denies everything', async (t) => {
  const who = await startIdentity(t)
  const { keyId } = await withAlice(who)
  await who.users.attach({ account: who.ram, name: 'alice', policy: 'AdministratorAccess' })
  const spoil = (text: string | undefined) =>
    who.store.write(async (tx) => {
      const found = (await tx.findById('policy', `${who.ram}/own`))!
      if (text === undefined) await tx.remove('policy', found)
      else await tx.save('policy', found, { ...found.document, text })
    })
  for (const text of ['{"Version":"2"}', undefined]) {
    await spoil(text)
    who.credentials.forget()
    assert.equal(may(await who.credentials.find('alibaba', keyId)), false)
  }
})
