import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saltedSha1, saltOf } from '../../src/kernel/password-hash.ts'

test('a password is what OpenLDAP makes of it with the same salt', () => {
  // By `slappasswd -h {SSHA} -s secret`, whose salt has eight bytes behind the twenty of the digest.
  const known = '{SSHA}5VTsK/1Hu1deZl8QP88ivm8l0NV4uFY6'
  const salt = Buffer.from(known.slice('{SSHA}'.length), 'base64').subarray(20)
  assert.equal(saltedSha1('secret', salt), known)
  assert.notEqual(saltedSha1('Secret', salt), known)
})

test('a salt is the same for the same text, and another one for another', () => {
  assert.deepEqual(saltOf('a'), saltOf('a'))
  assert.notDeepEqual(saltOf('a'), saltOf('b'))
  assert.equal(saltOf('a').length, 16)
})
