import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statuses, statusText } from '../../../../src/dialect/tencent/catalogue/status.ts'

test('every documented status code has a text in both languages, no two alike', () => {
  const codes = [...Array.from({ length: 23 }, (_, at) => at + 2), 33, 34, 201, 301, 302, 0, -1, -2]
  assert.deepEqual(
    statuses.map((status) => status.code).sort((one, other) => one - other),
    codes.sort((one, other) => one - other),
  )
  for (const language of ['zh', 'en'] as const) {
    const texts = codes.map((code) => statusText(code, language))
    assert.equal(new Set(texts).size, codes.length)
    assert.ok(texts.every((text) => text !== undefined && text.length > 0))
  }
})

test('a running cluster is called as the cloud calls it, an unknown code has no text', () => {
  assert.equal(statusText(2, 'zh'), '集群运行中')
  assert.equal(statusText(25, 'en'), undefined)
})
