import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demandRight, parseObjectPath, type ObjectPrefix } from '../../src/storage/object-path.ts'
import { expandBraces, matchesPattern } from '../../src/storage/object-pattern.ts'

test('oss, s3, cos and cosn name the same', () => {
  for (const scheme of ['oss', 's3', 'cos', 'cosn', 'OSS'])
    assert.deepEqual(parseObjectPath(`${scheme}://bucket/a/b.csv`), {
      scheme: scheme.toLowerCase(),
      bucket: 'bucket',
      key: 'a/b.csv',
    })
})

const tricks: readonly string[] = [
  '',
  'xxx',
  '/etc/passwd',
  'file:///etc/passwd',
  'http://127.0.0.1/x',
  'https://bucket/x',
  'hdfs://x/y',
  'hf://x/y',
  's3://',
  's3:///x',
  's3://bucket:80/x',
  's3://user@bucket/x',
  's3://bucket@host/x',
  's3://bucket?s3_endpoint=evil/x',
  's3://BUCKET/x',
  's3://b/x',
  's3://buc..ket/x',
  's3://bucket/../other/x',
  's3://bucket/a/../../other/x',
  's3://bucket/a/./x',
  's3://bucket/..',
  's3://bucket//x',
  's3://bucket/a//x',
  's3://bucket/%2e%2e/other/x',
  's3://bucket/a%2fb',
  's3://bucket/a%00',
  's3://bucket/a\0b',
  's3://bucket/a\nb',
  's3://bucket/a\\b',
  's3://bucket/a#b',
  's3://bucket/\uD800',
  `s3://bucket/${'x'.repeat(1025)}`,
  " s3://bucket/x', 's3://other/y",
]

test('what names no object, or could name another one to somebody else, is refused', () => {
  for (const text of tricks)
    assert.throws(() => parseObjectPath(text), /^SqlError: Access storage error\./, text)
  assert.throws(() => parseObjectPath('xxx'), /Error message: invalid path\. scheme is null$/)
})

const prefixes: readonly ObjectPrefix[] = [
  { name: 'oss://bucket/in/', rights: ['read', 'list'] },
  { name: 'oss://bucket/out/', rights: ['write'] },
  { name: 'oss://bucket/one.csv', rights: ['read'] },
  { name: 'oss://whole-bucket/', rights: ['read', 'write', 'list'] },
]

test('a right holds below its prefix and nowhere else', () => {
  const may = (text: string, right: 'read' | 'write' | 'list') => {
    try {
      demandRight(parseObjectPath(text), right, prefixes)
      return true
    } catch (error) {
      assert.match(String(error), /Access denied: the role of the instance has no right to/)
      return false
    }
  }
  for (const text of ['s3://bucket/in/a', 's3://bucket/in/*', 's3://bucket/one.csv'])
    assert.ok(may(text, 'read'), text)
  for (const text of [
    's3://bucket/a',
    's3://bucket/in',
    's3://bucket/int/a',
    's3://bucket/i*',
    's3://bucket/i[n]/a',
    's3://bucket/*/a',
    's3://bucket/?n/a',
    's3://bucket/one.csv*',
    's3://bucket/one.csvx',
    's3://bucket/out/a',
    's3://bucket-2/in/a',
  ])
    assert.ok(!may(text, 'read'), text)
  assert.ok(may('s3://bucket/out/a', 'write'))
  assert.ok(!may('s3://bucket/in/a', 'write'))
  assert.ok(!may('s3://bucket/one.csv', 'list'))
  assert.ok(may('s3://whole-bucket/*', 'list'))
})

test('patterns match as Hadoop’s do, within one part of the path', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['a/*.csv', 'a/b.csv', true],
    ['a/*.csv', 'a/b/c.csv', false],
    ['*/*', 'a/b', true],
    ['**', 'a/b', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['[!a-c]x', 'dx', true],
    ['*a*b*', 'xxaxxbxx', true],
    ['*a*b*', 'xxbxxaxx', false],
    ['dt=*/x', 'dt=2024-01-01/x', true],
    ['a.c', 'abc', false],
  ]
  for (const [pattern, key, expected] of cases)
    assert.equal(matchesPattern(pattern, key), expected, `${pattern} ${key}`)
  assert.throws(() => matchesPattern('[a', 'a'), /bracket/)
})

test('a pattern takes no time that grows faster than its length and the name’s', () => {
  const started = performance.now()
  assert.equal(matchesPattern(`${'*a'.repeat(500)}b`, 'a'.repeat(1000)), false)
  assert.ok(performance.now() - started < 1000)
})

test('braces stand for each of their words, judged one by one, and for a bounded number of them', () => {
  assert.deepEqual(expandBraces('s3://b/{x,y}/{1,2}'), [
    's3://b/x/1',
    's3://b/x/2',
    's3://b/y/1',
    's3://b/y/2',
  ])
  for (const text of ['s3://bucket/{in,..}/x', 's3://bucket/{in/,../other}/x'])
    assert.throws(() => expandBraces(text).map(parseObjectPath), /empty part/, text)
  for (const text of ['{a', '{a,{b,c}}', '{0,1,2,3,4,5,6,7,8,9}'.repeat(5)])
    assert.throws(() => expandBraces(text), /braces/, text)
})
