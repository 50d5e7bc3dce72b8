import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  checkVersion,
  defaultVersion,
  majorOf,
  minorsOf,
  newestMinorOf,
  versionsOnSale,
} from '../../../../src/dialect/alibaba/catalogue/version.ts'

test('the versions of the documents can be bought, but not the one that is no longer sold', () => {
  assert.deepEqual(versionsOnSale(), ['2.5', '3.2', '3.3'])
  for (const version of ['2.5', '3', '3.2', '3.3']) assert.deepEqual(checkVersion(version), [])
  for (const version of ['3.1', '4', '', '3.3.13', 'constructor', '__proto__']) {
    const allowed = ['2.5', '3.2', '3.3']
    assert.deepEqual(checkVersion(version), [
      { what: 'Version', rule: 'set', allowed, value: version, example: '2.5' },
    ])
  }
})

test('the short form of the founding document means the default', () => {
  assert.equal(defaultVersion, '3.3')
  assert.equal(majorOf('3'), majorOf(defaultVersion))
})

test('a version that is not sold any more is still known', () => {
  assert.equal(majorOf('3.1')?.onSale, false)
})

test('a new instance runs the newest minor version, which names its stack', () => {
  assert.deepEqual(newestMinorOf('3.3'), {
    text: '3.3.13-1.0-1.7.12',
    engine: '3.3.13',
    stack: '1.7.12',
  })
  assert.equal(newestMinorOf('9.9'), undefined)
})

test('the minor versions of every major one begin with it and ascend', () => {
  for (const version of ['2.5', '3.1', '3.2', '3.3']) {
    const major = majorOf(version)
    assert.ok(major)
    const minors = minorsOf(major)
    const rank = (text: string) => text.split(/[.-]/).map(Number)
    for (const [at, minor] of minors.entries()) {
      assert.ok(minor.engine.startsWith(`${version}.`))
      const before = minors[at - 1]
      if (before === undefined) continue
      const [old, fresh] = [rank(before.text), rank(minor.text)]
      const differs = fresh.findIndex((part, place) => part !== old[place])
      assert.ok((fresh[differs] ?? 0) > (old[differs] ?? 0), minor.text)
    }
  }
})
