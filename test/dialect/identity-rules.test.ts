import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identityRules as ram } from '../../src/dialect/alibaba/identity/identity-rules.ts'
import { identityRules as cam } from '../../src/dialect/tencent/identity/identity-rules.ts'
import { trusts } from '../../src/domain/trust.ts'
import { random } from '../../src/kernel/random.ts'

for (const rules of [ram, cam]) {
  const drawn = random()

  test(`${rules.dialect}: what is drawn follows the rules for it`, () => {
    for (let n = 0; n < 200; n++) {
      const { account, tenant } = rules.drawAccount(drawn)
      assert.match(account, rules.accountNumber.pattern)
      assert.match(tenant, rules.tenantNumber.pattern)
    }
  })

  test(`${rules.dialect}: no two keys, secrets or tokens are alike, and none is short`, () => {
    const keys = Array.from({ length: 200 }, () => rules.issueKey(drawn))
    const sessions = Array.from({ length: 200 }, () => rules.issueSession(drawn))
    const texts = [
      ...[...keys, ...sessions].flatMap(({ id, secret }) => [id, secret]),
      ...sessions.map(({ token }) => token),
    ]
    assert.equal(new Set(texts).size, texts.length)
    for (const { secret } of [...keys, ...sessions]) assert.match(secret, /^[0-9A-Za-z]{30,}$/)
    for (const { token } of sessions) assert.match(token, /^[0-9A-Za-z]{128,}$/)
  })

  test(`${rules.dialect}: the service's roles exist with policies of the cloud, and only the service assumes them`, () => {
    assert.equal(rules.serviceRoles.length, 2)
    for (const { name, service, policies } of rules.serviceRoles) {
      assert.match(name, rules.names.role.pattern)
      for (const policy of policies) assert.ok(rules.systemPolicies.has(policy), policy)
      const trust = rules.parseTrust(rules.trustService(service))
      assert.ok(trusts(trust, { kind: 'service', service }))
      assert.ok(!trusts(trust, { kind: 'root', account: '1' }))
    }
  })

  test(`${rules.dialect}: names that would leave their account are refused`, () => {
    for (const { pattern } of Object.values(rules.names))
      for (const name of ['a/b', '../a', 'a b', 'a:b', 'a\nb', '', 'x'.repeat(200)])
        assert.doesNotMatch(name, pattern)
  })
}

test('keys look as those of their clouds', () => {
  const drawn = random()
  assert.match(ram.issueKey(drawn).id, /^LTAI[0-9A-Za-z]{20}$/)
  assert.match(ram.issueSession(drawn).id, /^STS\.[0-9A-Za-z]{25}$/)
  assert.match(cam.issueKey(drawn).id, /^AKID[0-9A-Za-z]{32}$/)
  assert.match(cam.issueSession(drawn).id, /^AKID[0-9A-Za-z]{60}$/)
})
