import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { createNonceCache } from '../../src/gateway/nonce-cache.ts'

const WINDOW = 1000

test('a nonce passes once per key, and other keys and nonces are free', () => {
  const cache = createNonceCache({ windowMs: WINDOW })
  assert.equal(cache.remember('a', 'n', 0), true)
  assert.equal(cache.remember('a', 'n', 0), false)
  assert.equal(cache.remember('b', 'n', 0), true)
  assert.equal(cache.remember('a', 'm', 0), true)
  assert.equal(cache.size(), 3)
})

test('a key and a nonce are not run together', () => {
  const cache = createNonceCache({ windowMs: WINDOW })
  assert.equal(cache.remember('ab', 'c', 0), true)
  assert.equal(cache.remember('a', 'bc', 0), true)
  assert.equal(cache.remember('1:a', 'b', 0), true)
  assert.equal(cache.remember('', '1:ab', 0), true)
})

test('a nonce is remembered through the last millisecond in which its signature can be fresh', () => {
  const cache = createNonceCache({ windowMs: WINDOW })
  // Signed one window ahead of the server and received at 0, a request stays fresh until two windows later.
  assert.equal(cache.remember('a', 'n', 0), true)
  assert.equal(cache.remember('a', 'n', 2 * WINDOW), false)
  assert.equal(cache.remember('a', 'n', 2 * WINDOW + 1), true)
})

test('a refused replay does not prolong the memory', () => {
  const cache = createNonceCache({ windowMs: WINDOW })
  cache.remember('a', 'n', 0)
  assert.equal(cache.remember('a', 'n', WINDOW), false)
  assert.equal(cache.remember('a', 'n', 2 * WINDOW + 1), true)
})

test('a full cache refuses new nonces, forgets none, and recovers when they expire', () => {
  const cache = createNonceCache({ windowMs: WINDOW, limit: 2 })
  cache.remember('a', '1', 0)
  cache.remember('a', '2', 1)
  const full = { name: 'SignatureProblem', kind: 'nonce-cache-full' }
  assert.throws(() => cache.remember('a', '3', 2 * WINDOW), full)
  assert.equal(cache.remember('a', '1', 2 * WINDOW), false)
  assert.equal(cache.remember('a', '3', 2 * WINDOW + 1), true)
  assert.throws(() => cache.remember('a', '1', 2 * WINDOW + 1), full)
  assert.equal(cache.size(), 2)
})

test('a clock that steps back makes nothing forgotten', () => {
  const cache = createNonceCache({ windowMs: WINDOW })
  cache.remember('a', 'late', 5 * WINDOW)
  cache.remember('a', 'early', 0)
  assert.equal(cache.remember('a', 'late', 0), false)
  assert.equal(cache.remember('a', 'early', 2 * WINDOW), false)
  assert.equal(cache.remember('a', 'late', 7 * WINDOW + 1), true)
  assert.equal(cache.size(), 1)
})

test('property: it answers as a list of everything ever seen would', () => {
  const step = fc.record({
    keyId: fc.constantFrom('a', 'b'),
    nonce: fc.constantFrom('1', '2', '3', '4'),
    wait: fc.constantFrom(0, 1, 500, 999, 1000, 1001, 2000, 2001),
  })
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 80 }),
      fc.integer({ min: 1, max: 9 }),
      (steps, limit) => {
        const cache = createNonceCache({ windowMs: WINDOW, limit })
        let seen: { keyId: string; nonce: string; atMs: number }[] = []
        let now = 0
        for (const { keyId, nonce, wait } of steps) {
          now += wait
          const alive = seen.filter((each) => now - each.atMs <= 2 * WINDOW)
          const replay = alive.some((each) => each.keyId === keyId && each.nonce === nonce)
          if (!replay && alive.length >= limit) {
            assert.throws(() => cache.remember(keyId, nonce, now), { kind: 'nonce-cache-full' })
            continue
          }
          assert.equal(cache.remember(keyId, nonce, now), !replay)
          seen = replay ? alive : [...alive, { keyId, nonce, atMs: now }]
          assert.equal(cache.size(), seen.length)
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('only unexpired nonces are held while they come and go', () => {
  const cache = createNonceCache({ windowMs: WINDOW })
  for (let at = 0; at < 50_000; at += 1) assert.equal(cache.remember('a', `n${at}`, at), true)
  assert.equal(cache.size(), 2 * WINDOW + 1)
})
