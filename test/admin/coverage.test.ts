import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coverageOf } from '../../src/admin/coverage.ts'
import { declaredActions } from '../../src/server/vendor.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'

test('every built action is among the declared ones, and every declared one is built or unbuilt', async (t) => {
  const { port, dialects } = await startCloud(t)
  const { body } = await askAdmin(port, 'actions')
  assert.deepEqual(body.dialects, coverageOf(dialects, declaredActions))
  for (const { dialect, product, declared, built, unbuilt } of body.dialects) {
    assert.ok(built.length > 0)
    assert.deepEqual(
      built.filter((name: string) => !declaredActions[dialect]?.[product]?.includes(name)),
      [],
    )
    assert.equal(built.length + unbuilt.length, declared)
  }
  // reference: 93 of the SDK and two of the Terraform provider; of EMR 2019-01-03 the 101 of its documents and three that the SDK adds; the others as the Go SDK has them.
  assert.deepEqual(
    body.dialects.map((each: { product: string; declared: number }) => [
      each.product,
      each.declared,
    ]),
    [
      ['starrocks', 95],
      ['emr', 104],
      ['tag', 31],
      ['cvm', 106],
      ['cdb', 179],
    ],
  )
})
