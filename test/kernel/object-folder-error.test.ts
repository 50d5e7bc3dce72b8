import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectFolder, StoreError } from '../../src/kernel/object-folder.ts'

const clock = { wall: () => Date.now() }

test('what cannot be asked is a StoreError, which names the store and not the key', async () => {
  const options = { endpoint: 'http://127.0.0.1:1', region: 'r', bucket: 'one', prefix: '' }
  const folder = objectFolder(options, clock)
  folder.setKey({ keyId: 'id', secret: 'hidden' })
  await assert.rejects(folder.put('x', Buffer.from('1')), (error: Error) => {
    assert.ok(error instanceof StoreError)
    assert.equal(error.message, 'http://127.0.0.1:1: ECONNREFUSED')
    return !JSON.stringify([error.message, String(error.cause)]).includes('hidden')
  })
})
