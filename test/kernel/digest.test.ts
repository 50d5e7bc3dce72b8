import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'

import * as fc from 'fast-check'

import {
  bytesOf,
  equalBytes,
  equalText,
  hmac,
  md5Base64,
  sha256Hex,
} from '../../src/kernel/digest.ts'

test('digests of nothing and of known texts are the published ones', () => {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  assert.equal(sha256Hex(''), empty)
  assert.equal(sha256Hex(new Uint8Array()), empty)
  assert.equal(sha256Hex('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  assert.equal(md5Base64(''), '1B2M2Y8AsgTpgAmY7PhCfg==')
})

test('authentication codes are those of RFC 2202 and RFC 4231, test case 2', () => {
  const message = 'what do ya want for nothing?'
  assert.equal(
    hmac('sha1', 'Jefe', message).toString('hex'),
    'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
  )
  assert.equal(
    hmac('sha256', Buffer.from('Jefe'), Buffer.from(message)).toString('hex'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

test('a key of any bytes gives what the platform’s own form of it gives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.string(), (key, message) => {
      const expected = createHmac('sha256', key).update(message).digest()
      assert.deepEqual(hmac('sha256', key, message), expected)
    }),
  )
})

test('text is hashed as UTF-8 and a byte string as its bytes', () => {
  assert.equal(sha256Hex('é'), sha256Hex(Uint8Array.of(0xc3, 0xa9)))
  assert.equal(sha256Hex(bytesOf('é')), sha256Hex(Uint8Array.of(0xe9)))
})

test('a character wider than a byte is no byte string', () => {
  assert.throws(() => bytesOf('a\u0100'), RangeError)
  assert.throws(() => bytesOf('😀'), RangeError)
  assert.deepEqual([...bytesOf('\u0000\u00ff')], [0, 255])
})

test('texts and bytes are equal exactly when they are the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
      assert.equal(equalText(one, other), Buffer.from(one).equals(Buffer.from(other)))
      assert.ok(equalText(one, one))
      assert.ok(!equalText(one, `${one}x`))
      assert.ok(equalBytes(Buffer.from(one), Buffer.from(one)))
    }),
  )
})
