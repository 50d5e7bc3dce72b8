import assert from 'node:assert/strict'
import { test } from 'node:test'
import { s3Request } from '../../src/kernel/s3.ts'

test('it throws without the keys when nobody is there', async () => {
  const access = { endpoint: 'http://127.0.0.1:1', region: 'r', keyId: 'id', secret: 'hidden' }
  await assert.rejects(
    s3Request(access, { method: 'GET', path: '/' }, new Date(0)),
    (problem: Error) =>
      !JSON.stringify([problem.message, String(problem.cause)]).includes('hidden'),
  )
})
