import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { manualClock } from '../../../src/kernel/clock.ts'
import { sealer } from '../../../src/kernel/seal.ts'
import type { Account } from '../../../src/domain/account.ts'
import { keyStates } from '../../../src/domain/encryption-key.ts'
import { builtInKeys } from '../../../src/adapter/kms/built-in.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import { keyServiceConformance } from './conformance.ts'

const KEY = { account: '1', region: 'r', id: 'key-1' }
const CONTEXT = { account: '1', region: 'r' }
const ROOT = new Uint8Array(32).fill(7)

const account: Account = {
  id: '1',
  account: '1',
  tenant: '1',
  dialect: 'd',
  name: '',
  status: 'active',
  createdMs: 0,
}

async function open(t: TestContext, root = ROOT) {
  const file = join(temporaryDirectory(t), 'emrys.db')
  const store = openSqliteStore(file)
  t.after(() => store.close())
  await store.write((tx) => tx.insert('account', account, 0))
  const keys = builtInKeys({ store, sealer: sealer(root), clock: manualClock() })
  return { keys, store, file }
}

keyServiceConformance('built-in', async (t) => {
  const { keys } = await open(t)
  return {
    keys,
    async put(key, state) {
      if ((await keys.describe(key)) === undefined) await keys.administration.make(key, '')
      await keys.administration.setState(key, state)
    },
  }
})

test('a key that does not exist is adopted when it is first used, once, however many use it', async (t) => {
  const { keys } = await open(t)
  const drawn = await Promise.all(
    Array.from({ length: 6 }, () => keys.generateDataKey(KEY, CONTEXT)),
  )
  const { total, rows } = await keys.administration.list({ limit: 10 })
  assert.equal(total, 1)
  assert.equal(rows[0]?.document.origin, 'adopted')
  for (const { plain, wrapped } of drawn)
    assert.deepEqual(await keys.decrypt(KEY, wrapped, CONTEXT), plain)
})

test('keys of the same id in another region or account are other keys', async (t) => {
  const { keys } = await open(t)
  const { wrapped } = await keys.generateDataKey(KEY, CONTEXT)
  for (const other of [
    { ...KEY, region: 'r-2' },
    { ...KEY, account: '2' },
  ]) {
    await keys.generateDataKey(other, CONTEXT)
    await assert.rejects(keys.decrypt(other, wrapped, CONTEXT))
  }
})

test('a wrapping opens with its own context only', async (t) => {
  const { keys } = await open(t)
  const { wrapped } = await keys.generateDataKey(KEY, CONTEXT)
  await assert.rejects(keys.decrypt(KEY, wrapped, { ...CONTEXT, account: '2' }))
})

test('the order of the facts in a context does not matter, their values do', async (t) => {
  const { keys } = await open(t)
  const facts = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string(), {
    maxKeys: 4,
    noNullPrototype: true,
  })
  await fc.assert(
    fc.asyncProperty(facts, facts, async (one, other) => {
      const { plain, wrapped } = await keys.generateDataKey(KEY, one)
      const turned = Object.fromEntries(Object.entries(one).toReversed())
      assert.deepEqual(await keys.decrypt(KEY, wrapped, turned), plain)
      if (!isDeepStrictEqual(one, other)) await assert.rejects(keys.decrypt(KEY, wrapped, other))
    }),
    { numRuns: 40 },
  )
})

test('with another sealing key nothing opens', async (t) => {
  const { keys, store } = await open(t)
  const { wrapped } = await keys.generateDataKey(KEY, CONTEXT)
  const stranger = builtInKeys({
    store,
    sealer: sealer(new Uint8Array(32).fill(8)),
    clock: manualClock(),
  })
  await assert.rejects(stranger.decrypt(KEY, wrapped, CONTEXT))
})

test('a deleted key comes back to no state and is not made again; its material is gone', async (t) => {
  const { keys, store } = await open(t)
  await keys.administration.make(KEY, 'for tests')
  await keys.administration.setState(KEY, 'deleted')
  for (const state of keyStates.filter((each) => each !== 'deleted'))
    await assert.rejects(keys.administration.setState(KEY, state), { kind: 'refused' })
  await assert.rejects(keys.administration.make(KEY, ''), { kind: 'refused' })
  const found = await store.read((tx) => tx.find('encryptionKey', '1', '1/r/key-1'))
  assert.equal(found?.document.material, '')
})

test('keys are created for accounts that exist and ids of the documented form, and every change is audited', async (t) => {
  const { keys, store } = await open(t)
  const { administration: admin } = keys
  await assert.rejects(admin.make({ ...KEY, account: 'none' }, ''), { kind: 'missing' })
  await assert.rejects(admin.make({ ...KEY, id: 'no spaces' }, ''), { kind: 'refused' })
  await assert.rejects(admin.setState(KEY, 'disabled'), { kind: 'missing' })
  await admin.make(KEY, '')
  await admin.setState(KEY, 'disabled')
  const audit = await store.read((tx) => tx.audit('1', 10))
  assert.deepEqual(audit.map(({ action, subject }) => [action, subject]).toReversed(), [
    ['AddEncryptionKey', 'key-1'],
    ['DisableEncryptionKey', 'key-1'],
  ])
})

test('a rotated key wraps with new material, and opens what was wrapped just before; what is older was rewrapped', async (t) => {
  const { keys, store } = await open(t)
  const first = await keys.generateDataKey(KEY, CONTEXT)
  const materialOf = async () =>
    (await store.read((tx) => tx.find('encryptionKey', '1', '1/r/key-1')))?.document.material
  const before = await materialOf()
  await keys.administration.rotate(KEY)
  assert.notEqual(await materialOf(), before)
  assert.deepEqual(await keys.decrypt(KEY, first.wrapped, CONTEXT), first.plain)
  const second = await keys.generateDataKey(KEY, CONTEXT)
  await keys.administration.rotate(KEY)
  assert.deepEqual(await keys.decrypt(KEY, second.wrapped, CONTEXT), second.plain)
  await assert.rejects(keys.decrypt(KEY, first.wrapped, CONTEXT))
  await keys.administration.setState(KEY, 'disabled')
  await assert.rejects(keys.administration.rotate(KEY), /the key key-1 is disabled/)
  await keys.administration.setState(KEY, 'deleted')
  const { document } = (await store.read((tx) => tx.find('encryptionKey', '1', '1/r/key-1')))!
  assert.deepEqual([document.material, document.former], ['', undefined])
})
