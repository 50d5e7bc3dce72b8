import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../src/domain/fault.ts'
import type { Dialect } from '../../src/gateway/dialect.ts'
import { httpHost } from '../../src/gateway/host.ts'

test('an answer has the content type of its dialect, to the letter, and all of its bytes', async (t) => {
  const answer = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"name":"集群"}',
  }
  const host = httpHost({
    dialects: [{ recognises: () => true } as unknown as Dialect],
    gateway: { handle: async () => answer, refuse: () => answer },
    admin: async () => {
      throw new Fault('ActionUnknown', { action: 'admin' })
    },
  })
  const port = await host.listen('127.0.0.1', 0)
  t.after(() => host.close())
  const response = await fetch(`http://127.0.0.1:${port}/`)
  assert.equal(response.headers.get('content-type'), 'application/json')
  assert.equal(await response.text(), answer.body)
})
