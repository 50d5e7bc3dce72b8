import assert from 'node:assert/strict'
import { test } from 'node:test'
import { securityTokenOf } from '../../../../src/dialect/alibaba/identity/security-token.ts'
import { Fault } from '../../../../src/domain/fault.ts'

const request = (headers: Record<string, string>) => ({
  method: 'POST',
  path: '/',
  query: '',
  headers,
  body: new Uint8Array(),
})

test('a token is taken as it came, and an empty one is none', () => {
  for (const token of ['CAISabc123', 'STS.token==', 'a+b/c-d_e'])
    assert.equal(securityTokenOf(request({ 'x-acs-security-token': token }), 'k'), token)
  assert.equal(securityTokenOf(request({ 'x-acs-security-token': '' }), 'k'), undefined)
  assert.equal(securityTokenOf(request({}), 'k'), undefined)
})

test('what no service would have issued is malformed', () => {
  for (const token of ['a b', 'töken', '{"a":1}', 'x'.repeat(4097)])
    assert.throws(
      () => securityTokenOf(request({ 'x-acs-security-token': token }), 'k'),
      (problem) =>
        problem instanceof Fault &&
        problem.code === 'TokenRefused' &&
        (problem.facts as { why: string }).why === 'malformed',
    )
})
