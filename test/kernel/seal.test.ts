import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sealer } from '../../src/kernel/seal.ts'

const key = new Uint8Array(32).fill(7)

test('what is sealed can be opened with the same key and context, and shows nothing of the text', () => {
  const { seal, open } = sealer(key)
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), fc.string(), (text, context) => {
      const sealed = seal(text, context)
      assert.equal(open(sealed, context), text)
      assert.ok(!sealed.includes(text))
    }),
  )
})

test('another key, another context or one changed character opens nothing', () => {
  const { seal, open } = sealer(key)
  const sealed = seal('Secret-1', 'cluster/c-1/adminPassword')
  assert.throws(() => open(sealed, 'cluster/c-2/adminPassword'))
  assert.throws(() => sealer(new Uint8Array(32)).open(sealed, 'cluster/c-1/adminPassword'))
  for (let at = 0; at < sealed.length - 1; at++) {
    const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`
    assert.throws(() => open(changed, 'cluster/c-1/adminPassword'), `changed at ${at}`)
  }
  assert.throws(() => open('Secret-1', 'cluster/c-1/adminPassword'))
})

test('the same text is sealed differently each time, and has the same fingerprint', () => {
  const one = sealer(key)
  assert.notEqual(one.seal('a', 'c'), one.seal('a', 'c'))
  assert.equal(one.fingerprint('a'), sealer(key).fingerprint('a'))
  assert.notEqual(one.fingerprint('a'), one.fingerprint('b'))
  assert.notEqual(one.fingerprint('a'), sealer(new Uint8Array(32)).fingerprint('a'))
})

test('a key of the wrong length is refused', () => {
  assert.throws(() => sealer(new Uint8Array(16)), /32 bytes/)
})

test('no nonce is used twice, however many texts are sealed', () => {
  const { seal } = sealer(key)
  const nonces = Array.from({ length: 300 }, () => {
    const bytes = Buffer.from(seal('s', 'c').slice('v1.'.length), 'base64url')
    return bytes.subarray(0, 12).toString('hex')
  })
  assert.equal(new Set(nonces).size, nonces.length)
})
