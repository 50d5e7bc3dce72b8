import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { readSecrets } from '../../src/process/start-input.ts'

const KEY = Buffer.alloc(32, 7)

test('a data key is 32 bytes, that come in time', async () => {
  const pieces = [Buffer.from(KEY.subarray(0, 5)), Buffer.from(KEY.subarray(5))]
  const encrypted = { encrypted: true }
  const { dataKey } = await readSecrets(Readable.from(pieces), encrypted)
  assert.deepEqual(dataKey, KEY)
  const refused = /its data key \(32 bytes on standard input\) was not given/
  await assert.rejects(readSecrets(Readable.from([Buffer.alloc(33)]), encrypted), refused)
  await assert.rejects(readSecrets(Readable.from([]), encrypted), refused)
  await assert.rejects(readSecrets(new Readable({ read() {} }), encrypted, 10), refused)
})
