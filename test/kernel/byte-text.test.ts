import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteText, textOf, utf8Bytes } from '../../src/kernel/byte-text.ts'

test('a text becomes bytes and a text again, a character for each byte in between', () => {
  for (const text of ['', 'plain', 'é', '\u007f\u0080', '集群运行中', 'a 🙂 b']) {
    const bytes = utf8Bytes(text)
    assert.deepEqual(Buffer.from(bytes, 'latin1'), Buffer.from(text))
    assert.equal(bytes.length, Buffer.byteLength(text))
    assert.equal(textOf(new ByteText(bytes)), text)
  }
})
