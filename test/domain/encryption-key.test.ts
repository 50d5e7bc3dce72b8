import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertUsable, keyDocumentId } from '../../src/domain/encryption-key.ts'

test('only an enabled key can be used; an absent and a deleted one are not distinguished', () => {
  assertUsable('k', 'enabled')
  const missing = { code: 'ResourceMissing', facts: { what: 'encryption-key', id: 'k' } }
  assert.throws(() => assertUsable('k', undefined), missing)
  assert.throws(() => assertUsable('k', 'deleted'), missing)
  assert.throws(() => assertUsable('k', 'disabled'), { code: 'ResourceUnfit' })
})

test('keys of the same id in other regions and accounts are other documents', () => {
  const key = { account: '1', region: 'r', id: 'k' }
  const ids = [key, { ...key, account: '2' }, { ...key, region: 's' }, { ...key, id: 'l' }]
  assert.equal(new Set(ids.map(keyDocumentId)).size, ids.length)
})
