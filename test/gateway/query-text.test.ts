import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as fc from 'fast-check'

import { Fault } from '../../src/domain/fault.ts'
import {
  decodePairs,
  namesIn,
  percentDecode,
  percentEncode,
  sortPairs,
  splitQuery,
} from '../../src/gateway/query-text.ts'
import { limits } from '../../src/limits.ts'

const byteString = fc
  .uint8Array({ maxLength: 30 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'))

test('a query splits at & and the first =, and empty pieces vanish', () => {
  assert.deepEqual(splitQuery(''), [])
  assert.deepEqual(splitQuery('&&'), [])
  assert.deepEqual(splitQuery('a=1&&b=&c&=d&e=f=g&'), [
    { key: 'a', value: '1' },
    { key: 'b', value: '' },
    { key: 'c', value: undefined },
    { key: '', value: 'd' },
    { key: 'e', value: 'f=g' },
  ])
})

test('more pairs than any request has, or a longer name, are refused; what is just within passes', () => {
  const pairs = (count: number) => Array.from({ length: count }, (_, at) => `n${at}=1`).join('&')
  assert.equal(splitQuery(pairs(limits.pairs)).length, limits.pairs)
  assert.equal(splitQuery(`${'n'.repeat(limits.nameBytes)}=1`).length, 1)
  for (const [query, detail] of [
    [pairs(limits.pairs + 1), /more than 5000 parameters/],
    ['&'.repeat(1_000_000), /more than 5000 parameters/],
    [`a=1&${'n'.repeat(limits.nameBytes + 1)}=1`, /longer than 1024 bytes/],
  ] as const)
    assert.throws(
      () => splitQuery(query),
      (problem) => {
        assert.ok(problem instanceof Fault && problem.code === 'RequestMalformed')
        assert.match((problem.facts as { detail: string }).detail, detail)
        return true
      },
    )
})

test('the names of a query are found as far as it may be split, and asking for them refuses nothing', () => {
  assert.deepEqual([...namesIn('a=1&b&%zz=%&=d&')], ['a', 'b', '%zz', ''])
  const many = namesIn(Array.from({ length: limits.pairs + 9 }, (_, at) => `n${at}`).join('&'))
  assert.ok(many.has('n0') && many.has(`n${limits.pairs - 1}`) && !many.has(`n${limits.pairs}`))
})

test('keys and values decode as a form, byte by byte', () => {
  assert.deepEqual(decodePairs(splitQuery('a+b=c%20d%2B&%C3%A9=%ff&x')), [
    { key: 'a b', value: 'c d+' },
    { key: '\u00c3\u00a9', value: '\u00ff' },
    { key: 'x', value: undefined },
  ])
})

test('a percent sign without two digits does not decode, wherever it stands', () => {
  for (const text of ['%', '%4', '%zz', 'a%', 'a%4', '%41%', '%%41', '%4z']) {
    assert.equal(percentDecode(text), undefined, text)
    assert.equal(decodePairs(splitQuery(`${text}=1`)), undefined, text)
    assert.equal(decodePairs(splitQuery(`a=${text}`)), undefined, text)
  }
})

test('property: encoding is RFC 3986, and decoding undoes it for any bytes', () => {
  fc.assert(
    fc.property(byteString, (text) => {
      const encoded = percentEncode(text)
      assert.match(encoded, /^([A-Za-z0-9\-_.~]|%[0-9A-F]{2})*$/)
      assert.equal(percentDecode(encoded), text)
      assert.equal(percentDecode(encoded.replace(/%../g, (byte) => byte.toLowerCase())), text)
    }),
  )
})

test('property: encoding agrees with the platform wherever both are defined', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const theirs = encodeURIComponent(text).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      )
      assert.equal(percentEncode(Buffer.from(text).toString('latin1')), theirs)
    }),
  )
})

test('property: sorting is by bytes of the key and keeps the order within a key', () => {
  const pair = fc.record({ key: fc.constantFrom('a', 'B', 'é', 'aa', ''), value: fc.string() })
  fc.assert(
    fc.property(fc.array(pair), (pairs) => {
      const sorted = sortPairs(pairs)
      assert.equal(sorted.length, pairs.length)
      for (const [index, current] of sorted.entries()) {
        const next = sorted[index + 1]
        if (next !== undefined) {
          const order = Buffer.compare(
            Buffer.from(current.key, 'latin1'),
            Buffer.from(next.key, 'latin1'),
          )
          assert.ok(order <= 0)
        }
      }
      for (const key of new Set(pairs.map((each) => each.key))) {
        const values = (list: typeof sorted): unknown[] =>
          list.filter((each) => each.key === key).map((each) => each.value)
        assert.deepEqual(values(sorted), values(pairs))
      }
    }),
  )
})
