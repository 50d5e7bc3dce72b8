import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectName } from '../../src/domain/object-name.ts'

test('a name is taken apart, in every spelling', () => {
  for (const scheme of ['oss', 'cos', 'cosn', 's3', 's3a'])
    assert.deepEqual(objectName(`${scheme}://one-125/a/ä b.csv`), {
      scheme,
      bucket: 'one-125',
      key: 'a/ä b.csv',
    })
  const whole = { scheme: 'oss', bucket: 'one', key: '' }
  assert.deepEqual(objectName('oss://one'), whole)
  assert.deepEqual(objectName('oss://one/'), whole)
  assert.deepEqual(objectName('oss://one/a/'), { ...whole, key: 'a/' })
  assert.deepEqual(objectName('oss://one/a..b/...'), { ...whole, key: 'a..b/...' })
})

test('what could mean another place is refused', () => {
  const names = [
    'one/a',
    'OSS://one/a',
    'file:///etc/passwd',
    'http://one/a',
    'oss:/one/a',
    'oss://',
    'oss:///a',
    'oss://../one/a',
    'oss://One/a',
    'oss://o/a',
    'oss://-one/a',
    'oss://one:80/a',
    'oss://key:secret@one/a',
    'oss://one.two/a',
    'oss://one%2f/a',
    'oss://one*/a',
    'oss://one/../two/a',
    'oss://one/a/..',
    'oss://one/./a',
    'oss://one//a',
    'oss://one/a//b',
    'oss://one/a//',
    'oss://one/%2e%2e/two',
    'oss://one/a%00',
    'oss://one/a\0b',
    'oss://one/a\nb',
    'oss://one/a\u0085b',
    'oss://one/a\u2028b',
    'oss://one/..\\two',
    'oss://one/a?versionId=1',
    'oss://one/a#b',
    'oss://one/\ud800',
    `oss://one/${'ä'.repeat(513)}`,
  ]
  const passed = names.filter((name) => !('problem' in objectName(name)))
  assert.deepEqual(passed, [])
})
