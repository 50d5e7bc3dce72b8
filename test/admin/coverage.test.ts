import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coverageOf } from '../../src/admin/coverage.ts'
import { declaredActions } from '../../src/server/server.ts'
import { askAdmin } from '../support/http/admin.ts'
import { startCloud } from '../support/fixture/cloud.ts'

test('every built action is among the declared ones, and every declared one is built or unbuilt', async (t) => {
  const { port, dialects } = await startCloud(t)
  const { body } = await askAdmin(port, 'actions')
  assert.deepEqual(body.dialects, coverageOf(dialects, declaredActions))
  for (const { dialect, declared, built, unbuilt } of body.dialects) {
    assert.ok(built.length > 0)
    assert.deepEqual(
      built.filter((name: string) => !declaredActions[dialect]?.includes(name)),
      [],
    )
    assert.equal(built.length + unbuilt.length, declared)
  }
  // reference: 93 of the SDK and two of the Terraform provider; 101 of EMR 2019-01-03.
  assert.deepEqual(
    body.dialects.map((each: { declared: number }) => each.declared),
    [95, 101],
  )
})
