import assert from 'node:assert/strict'
import { test } from 'node:test'

import { policyContext } from '../../../../src/dialect/alibaba/identity/policy-context.ts'
import { systemPolicies } from '../../../../src/dialect/alibaba/identity/system-policies.ts'
import { decide } from '../../../../src/domain/policy.ts'

const facts = { nowMs: 0, secure: true, sourceIp: '127.0.0.1', principal: 'acs:ram::1:user/u' }
const linked = { ...facts, linkedService: 'starrocks.aliyuncs.com' }
const stranger = { ...facts, linkedService: 'ecs.aliyuncs.com' }
const role = 'acs:ram:*:1:role/AliyunServiceRoleForEMRStarRocks'

const full = 'AliyunEMRStarRocksFullAccess'
const read = 'AliyunEMRStarRocksReadOnlyAccess'

const cases: readonly [
  policy: string,
  action: string,
  allowed: boolean,
  resource?: string,
  request?: typeof facts,
][] = [
  ['AdministratorAccess', 'ecs:DeleteInstance', true],
  ['ReadOnlyAccess', 'ecs:DescribeInstances', true],
  ['ReadOnlyAccess', 'ecs:DeleteInstance', false],
  [full, 'sr:CreateInstanceV1', true],
  [full, 'vpc:DescribeVpcs', true],
  [full, 'vpc:DeleteVpc', false],
  [full, 'cms:DescribeMetricList', true],
  [full, 'bss:DescribeInstances', true],
  [full, 'ram:GetRole', true, role],
  [full, 'ram:GetRole', false, 'acs:ram:*:1:role/other'],
  [full, 'ram:CreateServiceLinkedRole', true, '*', linked],
  [full, 'ram:CreateServiceLinkedRole', false, '*', stranger],
  [full, 'ram:CreateServiceLinkedRole', false, '*', facts],
  [read, 'sr:DescribeInstances', true],
  [read, 'sr:QueryPriceV1', true],
  [read, 'sr:ListGateway', true],
  [read, 'sr:GetInstanceFeatureGate', true],
  [read, 'sr:HasRole', true],
  [read, 'sr:CheckInventory', true],
  [read, 'sr:CreateInstanceV1', false],
  [read, 'sr:ReleaseInstance', false],
  [read, 'vpc:DescribeVSwitches', true],
  [read, 'ram:GetRole', true, role],
  [read, 'ram:CreateRole', false, role],
]

for (const [name, action, allowed, resource = '*', request = facts] of cases) {
  const who = 'linkedService' in request ? ` for ${String(request.linkedService)}` : ''
  test(`${name} ${allowed ? 'allows' : 'does not allow'} ${action} on ${resource}${who}`, () => {
    const policy = systemPolicies.get(name)?.policy
    assert.ok(policy)
    const decision = decide([policy], {
      action,
      resources: [resource],
      context: policyContext(request),
    })
    assert.equal(decision.effect === 'allow', allowed)
  })
}
