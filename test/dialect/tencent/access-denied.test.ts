import assert from 'node:assert/strict'
import { test } from 'node:test'

import { accessDenied } from '../../../src/dialect/tencent/access-denied.ts'

const resource = 'qcs::emr:ap-guangzhou:uin/100000000001:emr-instance/emr-1'
const implicit = { effect: 'deny', kind: 'implicit' } as const

test('a denial names the operation and the resource', () => {
  const denied = accessDenied(implicit, {
    action: 'name/emr:TerminateInstance',
    resource,
    declaredCodes: [],
  })
  assert.equal(
    denied.message,
    `you are not authorized to perform operation (emr:TerminateInstance) resource (${resource}) has no permission`,
  )
})

test('of several resources the refused one is named', () => {
  const refused = 'qcs::emr:ap-guangzhou:uin/100000000001:emr-instance/emr-2'
  const denial = {
    effect: 'deny',
    kind: 'explicit',
    policy: 'p',
    statement: 0,
    resource: refused,
  } as const
  const denied = accessDenied(denial, { action: 'emr:TerminateTasks', resource, declaredCodes: [] })
  assert.ok(denied.message.includes(`resource (${refused})`))
})

for (const [declaredCodes, code] of [
  [['InternalError', 'UnauthorizedOperation.CheckCamAuth'], 'UnauthorizedOperation.CheckCamAuth'],
  [
    ['UnauthorizedOperation', 'UnauthorizedOperation.CheckCamAuth'],
    'UnauthorizedOperation.CheckCamAuth',
  ],
  [['UnauthorizedOperation'], 'UnauthorizedOperation'],
  [['UnauthorizedOperation.AppIdMismatched'], 'AuthFailure.UnauthorizedOperation'],
  [[], 'AuthFailure.UnauthorizedOperation'],
] as const) {
  test(`an action that lists ${JSON.stringify(declaredCodes)} is denied with ${code}`, () => {
    assert.equal(accessDenied(implicit, { action: 'emr:A', resource, declaredCodes }).code, code)
  })
}
