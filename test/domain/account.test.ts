import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { attach, detach, excessOf, type PolicyReference } from '../../src/domain/account.ts'

const limits = {
  users: 1,
  roles: 1,
  policies: 1,
  keysPerUser: 1,
  systemPoliciesPerPrincipal: 2,
  customPoliciesPerPrincipal: 1,
}

const reference = fc.record({
  kind: fc.constantFrom('system' as const, 'custom' as const),
  name: fc.constantFrom('a', 'b', 'c'),
})

test('an attached policy is there once, in the order of attaching, and gone when detached', () => {
  fc.assert(
    fc.property(fc.array(reference), reference, (before, one) => {
      const start = before.reduce(attach, [] as readonly PolicyReference[])
      const once = attach(start, one)
      assert.deepEqual(attach(once, one), once)
      const again = once.filter((each) => each.kind === one.kind && each.name === one.name)
      assert.equal(again.length, 1)
      assert.deepEqual(
        detach(once, one),
        start.filter((each) => !(each.kind === one.kind && each.name === one.name)),
      )
    }),
  )
})

test('attachments are counted by kind', () => {
  const of = (...kinds: PolicyReference['kind'][]) =>
    kinds.map((kind, at) => ({ kind, name: String(at) }))
  assert.equal(excessOf(of('system', 'system', 'custom'), limits), undefined)
  assert.equal(excessOf(of('system', 'system', 'system'), limits)?.what, 'attached system policies')
  assert.deepEqual(excessOf(of('custom', 'custom'), limits), {
    what: 'attached custom policies',
    limit: 1,
  })
})
