/** What every key service owes (src/app/key-service.ts), as one suite that each driver's test calls. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { KeyService } from '../../../src/port/key-service.ts'
import type { KeyReference } from '../../../src/domain/encryption-key.ts'

export interface Subject {
  readonly keys: KeyService
  /** Makes a key, or brings it into a state, as its administrator would. */
  put(key: KeyReference, state: 'enabled' | 'disabled' | 'deleted'): Promise<void>
}

const KEY = { account: '1', region: 'r', id: 'key-1' }
const CONTEXT = { account: '1', region: 'r' }
const missing = { code: 'ResourceMissing', facts: { what: 'encryption-key', id: 'key-1' } }
const disabled = { code: 'ResourceUnfit' }

export function keyServiceConformance(
  name: string,
  open: (t: TestContext) => Promise<Subject>,
): void {
  const suite = (sentence: string, run: (subject: Subject) => Promise<void>) =>
    test(`${name}: ${sentence}`, async (t) => run(await open(t)))

  suite('a key has the state that its administrator gave it', async ({ keys, put }) => {
    assert.equal(await keys.describe(KEY), undefined)
    await put(KEY, 'enabled')
    assert.equal(await keys.describe(KEY), 'enabled')
    await put(KEY, 'disabled')
    assert.equal(await keys.describe(KEY), 'disabled')
  })

  suite('what was wrapped is opened, and nothing of it is in the wrapping', async (subject) => {
    const { keys, put } = subject
    await put(KEY, 'enabled')
    const { plain, wrapped } = await keys.generateDataKey(KEY, CONTEXT)
    assert.equal(plain.length, 32)
    assert.ok(!wrapped.includes(Buffer.from(plain).toString('base64')))
    assert.deepEqual(Buffer.from(await keys.decrypt(KEY, wrapped, CONTEXT)), Buffer.from(plain))
  })

  suite('no two data keys are alike', async ({ keys, put }) => {
    await put(KEY, 'enabled')
    const drawn = await Promise.all(
      Array.from({ length: 8 }, () => keys.generateDataKey(KEY, CONTEXT)),
    )
    assert.equal(new Set(drawn.map(({ plain }) => Buffer.from(plain).toString('hex'))).size, 8)
    assert.equal(new Set(drawn.map(({ wrapped }) => wrapped)).size, 8)
  })

  suite('a disabled key neither wraps nor opens, until it is enabled again', async (subject) => {
    const { keys, put } = subject
    await put(KEY, 'enabled')
    const { plain, wrapped } = await keys.generateDataKey(KEY, CONTEXT)
    await put(KEY, 'disabled')
    await assert.rejects(keys.generateDataKey(KEY, CONTEXT), disabled)
    await assert.rejects(keys.decrypt(KEY, wrapped, CONTEXT), disabled)
    await put(KEY, 'enabled')
    assert.deepEqual(Buffer.from(await keys.decrypt(KEY, wrapped, CONTEXT)), Buffer.from(plain))
  })

  suite('what a deleted key wrapped is opened by nobody', async ({ keys, put }) => {
    await put(KEY, 'enabled')
    const { wrapped } = await keys.generateDataKey(KEY, CONTEXT)
    await put(KEY, 'deleted')
    await assert.rejects(keys.decrypt(KEY, wrapped, CONTEXT), missing)
    await assert.rejects(keys.generateDataKey(KEY, CONTEXT), missing)
  })

  suite('what one key wrapped, another one does not open', async ({ keys, put }) => {
    const other = { ...KEY, id: 'key-2' }
    await put(KEY, 'enabled')
    await put(other, 'enabled')
    const { wrapped } = await keys.generateDataKey(KEY, CONTEXT)
    await assert.rejects(keys.decrypt(other, wrapped, CONTEXT))
  })

  suite('a wrapping that was tampered with is not opened', async ({ keys, put }) => {
    await put(KEY, 'enabled')
    const { wrapped } = await keys.generateDataKey(KEY, CONTEXT)
    const at = wrapped.length - 8
    const other = wrapped.charAt(at) === 'A' ? 'B' : 'A'
    const broken = wrapped.slice(0, at) + other + wrapped.slice(at + 1)
    await assert.rejects(keys.decrypt(KEY, broken, CONTEXT))
  })
}
