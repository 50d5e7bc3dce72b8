import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { restTokens } from '../../src/lake/rest-token.ts'

test('a token is renewed before it ends, and each credential has its own', async (t) => {
  let count = 0
  const server = createServer((request, response) => {
    request.resume()
    response.end(JSON.stringify({ access_token: `t${++count}`, expires_in: 10 }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  let nowMs = 0
  const tokens = restTokens(() => nowMs)
  const tokenUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
  const access = { credential: 'a:b', scope: 'catalog', tokenUri }
  assert.equal(await tokens.of(access), 't1')
  nowMs = 7_999
  assert.equal(await tokens.of(access), 't1')
  nowMs = 8_000
  assert.equal(await tokens.of(access), 't2')
  assert.equal(await tokens.of({ ...access, credential: 'c' }), 't3')
  assert.equal(await tokens.of(access), 't2')
  assert.equal(await tokens.of(access, true), 't4')
  assert.equal(await tokens.of({ ...access, credential: undefined, token: 'own' }), 'own')
})
