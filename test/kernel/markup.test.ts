import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unescapeMarkup } from '../../src/kernel/markup.ts'

test('what stands for characters becomes them, once, and what is no such name stays', () => {
  assert.equal(
    unescapeMarkup('a&amp;b &lt;c&gt; &quot;d&quot; &apos;e&#39;f&#x27;'),
    `a&b <c> "d" 'e'f'`,
  )
  assert.equal(unescapeMarkup('&amp;lt; &nbsp; & &;'), '&lt; &nbsp; & &;')
})
