import assert from 'node:assert/strict'
import { test } from 'node:test'

import { accessDenied } from '../../../../src/dialect/tencent/identity/access-denied.ts'

const resource = 'qcs::emr:ap-guangzhou:uin/100000000001:emr-instance/emr-1'
const implicit = { effect: 'deny', kind: 'implicit' } as const

test('a denial names the operation and the resource', () => {
  const denied = accessDenied(implicit, {
    action: 'name/emr:TerminateInstance',
    resource,
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
  const denied = accessDenied(denial, { action: 'emr:TerminateTasks', resource })
  assert.ok(denied.message.includes(`resource (${refused})`))
})

for (const [action, code] of [
  ['TerminateInstance', 'UnauthorizedOperation.CheckCamAuth'],
  ['DescribeInstancesList', 'UnauthorizedOperation.CheckCamAuth'],
  ['DescribeNodeSpec', 'UnauthorizedOperation'],
  ['DescribeInsightList', 'AuthFailure.UnauthorizedOperation'],
  ['CreateInstance', 'AuthFailure.UnauthorizedOperation'],
] as const) {
  test(`${action} is denied with ${code}, which is what its own list has`, () => {
    for (const prefix of ['emr:', 'name/emr:'])
      assert.equal(accessDenied(implicit, { action: `${prefix}${action}`, resource }).code, code)
  })
}
