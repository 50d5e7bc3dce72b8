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

test('the key of a volume comes behind the data key, and nothing of it is in a refusal', async () => {
  const volume = { endpoint: 'http://127.0.0.1:1', region: 'r', bucket: 'one', prefix: '' }
  const key = { keyId: 'id', secret: 'hidden' }
  const text = Buffer.from(JSON.stringify(key))
  const both = { encrypted: true, volume }
  const given = await readSecrets(Readable.from([Buffer.concat([KEY, text])]), both)
  assert.deepEqual(given, { dataKey: KEY, storageKey: key })
  assert.deepEqual(await readSecrets(Readable.from([Buffer.from(text)]), { volume }), {
    storageKey: key,
  })
  assert.deepEqual(await readSecrets(new Readable({ read() {} }), {}), {})
  for (const wrong of ['', '{"keyId": "id", "secret": "hidden"', 'hidden'.repeat(5_000)])
    await assert.rejects(
      readSecrets(Readable.from([Buffer.from(wrong)]), { volume }),
      (problem: Error) => /key/.test(problem.message) && !/hidden/.test(problem.message),
    )
})
