import assert from 'node:assert/strict'
import { test } from 'node:test'

import { policyContext } from '../../../../src/dialect/tencent/identity/policy-context.ts'
import { resourceName } from '../../../../src/dialect/tencent/identity/policy-language.ts'
import { systemPolicies } from '../../../../src/dialect/tencent/identity/system-policies.ts'
import { decide } from '../../../../src/domain/policy.ts'

const facts = { nowMs: 0, secure: true, sourceIp: '127.0.0.1', principal: '100000000002' }

const cases: readonly [policy: string, action: string, allowed: boolean][] = [
  ['AdministratorAccess', 'cvm:TerminateInstances', true],
  ['ReadOnlyAccess', 'cvm:DescribeInstances', true],
  ['ReadOnlyAccess', 'emr:DescribeInstances', true],
  ['ReadOnlyAccess', 'emr:InquirePriceRenewEmr', true],
  ['ReadOnlyAccess', 'emr:CreateInstance', false],
  ['QcloudEMRFullAccess', 'emr:CreateInstance', true],
  ['QcloudEMRFullAccess', 'cvm:DescribeInstances', false],
  ['QcloudEMRReadOnlyAccess', 'emr:DescribeClusterNodes', true],
  ['QcloudEMRReadOnlyAccess', 'emr:InquiryPriceCreateInstance', true],
  ['QcloudEMRReadOnlyAccess', 'emr:InquirePriceRenewEmr', true],
  ['QcloudEMRReadOnlyAccess', 'emr:TerminateInstance', false],
  ['QcloudEMRReadOnlyAccess', 'cvm:DescribeInstances', false],
]

for (const [name, action, allowed] of cases) {
  test(`${name} ${allowed ? 'allows' : 'does not allow'} ${action}`, () => {
    const policy = systemPolicies.get(name)?.policy
    assert.ok(policy)
    const resource = resourceName({ region: 'gz', ownerUin: '100000000001', resource: '*' })
    const decision = decide([policy], {
      action,
      resources: [resource],
      context: policyContext(facts),
    })
    assert.equal(decision.effect === 'allow', allowed)
  })
}
