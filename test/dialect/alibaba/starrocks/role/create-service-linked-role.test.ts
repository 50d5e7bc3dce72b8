import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identityRules } from '../../../../../src/dialect/alibaba/identity/identity-rules.ts'
import { startCloud } from '../../../../support/fixture/cloud.ts'
import { alibabaClient, createBody, refusalOf } from '../../../../support/http/alibaba-client.ts'

test('an account without the role of the service makes it, and can create instances then', async (t) => {
  const cloud = await startCloud(t)
  const { accounts, keys, roles } = cloud.identity
  const bare = { dialect: 'alibaba', name: 'bare', serviceRoles: false }
  const { account } = await accounts.add(bare)
  const { key, secret } = await keys.add({ account })
  const call = alibabaClient(cloud.port, { keyId: key.id, secret })
  const create = () => call('CreateInstanceV1', { body: createBody() })
  const [linked] = identityRules.serviceRoles
  assert.ok((await refusalOf(create())).message.includes(linked!.name))
  const answer = await call('CreateServiceLinkedRole')
  assert.deepEqual([answer.body.Data, answer.body.Total], [true, 1])
  assert.equal((await create()).statusCode, 200)
  // What is there already is as good, and is not made twice.
  const made = await roles.list({ account, limit: 10 })
  assert.equal((await call('CreateServiceLinkedRole')).body.Data, true)
  assert.deepEqual(await roles.list({ account, limit: 10 }), made)
  const [role] = made.rows
  assert.deepEqual(
    [made.total, role?.document.name, role?.document.kind, role?.document.policies],
    [1, linked?.name, 'service', [{ kind: 'system', name: linked?.policies[0] }]],
  )
  const audit = await cloud.store.read((tx) => tx.audit(account, 10))
  assert.equal(audit.filter(({ action }) => action === 'CreateServiceLinkedRole').length, 1)
})

test('an account with as many roles as it may have gets no other one', async (t) => {
  const cloud = await startCloud(t)
  const { accounts, keys } = cloud.identity
  const { account } = await accounts.add({ dialect: 'alibaba', name: 'full', serviceRoles: false })
  const { key, secret } = await keys.add({ account })
  await cloud.store.write(async (tx) => {
    for (let at = 0; at < identityRules.limits.roles; at++) {
      const frame = { account, name: `r-${at}`, id: `${account}/r-${at}`, number: `${at}` }
      const role = { ...frame, kind: 'normal', trust: '{}', policies: [], createdMs: 0 } as const
      await tx.insert('role', role, 0)
    }
  })
  const call = alibabaClient(cloud.port, { keyId: key.id, secret })
  const refused = await refusalOf(call('CreateServiceLinkedRole'))
  assert.equal(refused.code, 'InvalidParams')
  assert.match(refused.message, /Number of roles should be in range \[0, 1000\]/)
})
