import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { SignatureProblem, checkFreshness, headerOf } from '../../src/gateway/signed-request.ts'
import type { SignedRequest } from '../../src/gateway/signed-request.ts'

const MINUTE = 60_000
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)

test('a signature is fresh up to and including the window, on both sides, and not a millisecond more', () => {
  for (const window of [5 * MINUTE, 15 * MINUTE]) {
    for (const away of [0, 1, -1, window, -window]) checkFreshness(NOW + away, NOW, window)
    for (const away of [window + 1, -window - 1, 365 * 24 * 60 * MINUTE]) {
      assert.throws(() => checkFreshness(NOW + away, NOW, window), {
        name: 'SignatureProblem',
        kind: 'timestamp-expired',
      })
    }
  }
})

test('property: fresh means at most the window away', () => {
  const moment = fc.integer({ min: 0, max: 2 ** 42 })
  fc.assert(
    fc.property(moment, fc.integer({ min: -20, max: 20 }), fc.nat(10), (now, away, window) => {
      let fresh = true
      try {
        checkFreshness(now + away, now, window)
      } catch {
        fresh = false
      }
      assert.equal(fresh, away <= window && away >= -window)
    }),
  )
})

test('a time that is no number is not fresh', () => {
  assert.throws(() => checkFreshness(Number.NaN, NOW, MINUTE), { kind: 'timestamp-expired' })
})

test('a header is found by its name only when it was received', () => {
  const request: SignedRequest = {
    method: 'GET',
    path: '/',
    query: '',
    headers: { host: ' a ', empty: '' },
    body: new Uint8Array(),
  }
  assert.equal(headerOf(request, 'host'), 'a')
  assert.equal(headerOf(request, 'empty'), '')
  for (const name of ['absent', 'constructor', '__proto__', 'toString']) {
    assert.equal(headerOf(request, name), undefined)
  }
})

test('a problem’s message holds its kind and part, and none of the sender’s text', () => {
  const problem = new SignatureProblem('mismatch', {
    part: 'Authorization',
    detail: 'secret',
    stringToSign: 'secret',
  })
  assert.equal(problem.message, 'signature: mismatch (Authorization)')
  assert.equal(new SignatureProblem('timestamp-expired').message, 'signature: timestamp-expired')
})
