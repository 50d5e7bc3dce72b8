import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { readDataKey } from '../../src/process/data-key.ts'

const KEY = Buffer.alloc(32, 7)

test('a data key is 32 bytes, that come in time', async () => {
  const pieces = [Buffer.from(KEY.subarray(0, 5)), Buffer.from(KEY.subarray(5))]
  assert.deepEqual(await readDataKey(Readable.from(pieces)), KEY)
  const refused = /its data key \(32 bytes on standard input\) was not given/
  await assert.rejects(readDataKey(Readable.from([Buffer.alloc(33)])), refused)
  await assert.rejects(readDataKey(Readable.from([])), refused)
  await assert.rejects(readDataKey(new Readable({ read() {} }), 10), refused)
})
