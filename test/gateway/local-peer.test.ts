import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireRequest } from '../../src/gateway/dialect.ts'
import { whyNotLocal } from '../../src/gateway/local-peer.ts'

function from(more: Partial<WireRequest>): string | undefined {
  return whyNotLocal(
    {
      method: 'GET',
      path: '/',
      query: '',
      headers: { host: '127.0.0.1:4580' },
      body: Buffer.from(''),
      remoteAddress: '127.0.0.1',
      httpVersion: '1.1',
      secure: false,
      ...more,
    },
    'the pages',
  )
}

test('a program of this machine is local; another machine, a proxy and a foreign name are not, and are told why', () => {
  assert.equal(from({}), undefined)
  assert.equal(from({ remoteAddress: '::1', headers: { host: '[::1]:4580' } }), undefined)
  assert.match(from({ remoteAddress: '10.0.0.1' }) ?? '', /^the pages answer loopback only/)
  assert.match(from({ httpVersion: '1.0' }) ?? '', /HTTP\/1\.0/)
  assert.match(from({ headers: { host: 'localhost', via: 'x' } }) ?? '', /via/)
  assert.match(from({ headers: { host: 'evil.example' } }) ?? '', /localhost only/)
})
