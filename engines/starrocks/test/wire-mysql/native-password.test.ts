import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  SALT_BYTES,
  authenticationSalt,
  provesNativePassword,
} from '../../src/wire-mysql/native-password.ts'
import { createHash } from 'node:crypto'
import { nativeResponse } from '../support/raw-mysql-client.ts'

const salt = Buffer.from('0123456789abcdefghij')
const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest()
const verifierOf = (password: string) => sha1(sha1(Buffer.from(password)))

test('the verifier of a known password is the one that MySQL documents', () => {
  // SELECT PASSWORD('password') of MySQL 5.7.
  assert.equal(
    verifierOf('password').toString('hex').toUpperCase(),
    '2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19',
  )
})

test('only the right password proves itself', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (stored, given) => {
      const accepted = provesNativePassword(verifierOf(stored), salt, nativeResponse(given, salt))
      assert.equal(accepted, Buffer.from(stored).equals(Buffer.from(given)))
    }),
  )
})

test('any changed bit of a response is refused', () => {
  const verifier = verifierOf('secret')
  const right = nativeResponse('secret', salt)
  assert.ok(provesNativePassword(verifier, salt, right))
  for (let bit = 0; bit < right.length * 8; bit++) {
    const wrong = Buffer.from(right)
    wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.equal(provesNativePassword(verifier, salt, wrong), false)
  }
})

test('a response of another length is refused, whatever it begins with', () => {
  const right = nativeResponse('secret', salt)
  const verifier = verifierOf('secret')
  for (const response of [
    right.subarray(0, 19),
    Buffer.concat([right, Buffer.alloc(1)]),
    Buffer.alloc(0),
  ]) {
    assert.equal(provesNativePassword(verifier, salt, response), false)
  }
})

test('a response to another salt is refused', () => {
  const response = nativeResponse('secret', Buffer.from('jihgfedcba9876543210'))
  assert.equal(provesNativePassword(verifierOf('secret'), salt, response), false)
})

test('an empty password is proved by an empty response alone', () => {
  assert.ok(provesNativePassword(new Uint8Array(), salt, Buffer.alloc(0)))
  assert.equal(provesNativePassword(new Uint8Array(), salt, nativeResponse('x', salt)), false)
})

test('a user that does not exist is refused with and without a password', () => {
  assert.equal(provesNativePassword(undefined, salt, Buffer.alloc(0)), false)
  assert.equal(provesNativePassword(undefined, salt, nativeResponse('x', salt)), false)
})

test('a damaged verifier refuses instead of failing', () => {
  assert.equal(provesNativePassword(Buffer.alloc(7), salt, nativeResponse('x', salt)), false)
})

test('salts are 20 bytes without NUL and dollar, and never the same', () => {
  const seen = new Set<string>()
  for (let round = 0; round < 500; round++) {
    const made = authenticationSalt()
    assert.equal(made.length, SALT_BYTES)
    assert.ok(made.every((byte) => byte > 0 && byte < 0x80 && byte !== 0x24))
    seen.add(made.toString('hex'))
  }
  assert.equal(seen.size, 500)
})
