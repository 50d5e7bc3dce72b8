/** The roles that the services need of an account: there from the beginning, and missed when they are taken away. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identityRules } from '../../src/dialect/alibaba/identity/identity-rules.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { createBody } from '../support/http/alibaba-client.ts'
import { sampleCreateRequest } from '../support/http/tencent-client.ts'
import { wires } from '../support/http/wire.ts'

const [ram, cam] = wires

test('tencent: a cluster needs the service role with its policy', async (t) => {
  const cloud = await startCloud(t)
  const { roles } = cloud.identity
  const role = { account: cam!.account, name: 'EMR_QCSRole' }
  const policy = 'QcloudAccessForEMRRole'
  const code = async () =>
    (await cam!.send(cloud.port, 'CreateInstance', sampleCreateRequest())).code
  assert.equal(await code(), '')
  await roles.detach({ ...role, policy })
  assert.equal(await code(), 'InvalidParameter.UngrantedPolicy')
  await roles.attach({ ...role, policy })
  assert.equal(await code(), '')
  await roles.remove(role)
  assert.equal(await code(), 'InvalidParameter.UngrantedRole')
})

test('tencent: an account that was made without service roles cannot create', async (t) => {
  const cloud = await startCloud(t)
  const { accounts, keys } = cloud.identity
  const bare = { dialect: 'tencent', name: 'bare', serviceRoles: false }
  const { account } = await accounts.add(bare)
  const { key, secret } = await keys.add({ account })
  const sending = { key: { keyId: key.id, secret } }
  const reply = await cam!.send(cloud.port, 'CreateInstance', sampleCreateRequest(), sending)
  assert.equal(reply.code, 'InvalidParameter.UngrantedRole')
})

test('alibaba: an instance needs the service-linked role', async (t) => {
  const cloud = await startCloud(t)
  const create = () => ram!.send(cloud.port, 'CreateInstanceV1', createBody())
  const linked = identityRules.serviceRoles.find((role) => role.kind === 'service')!
  const { account } = ram!
  assert.equal((await create()).code, '')
  await cloud.identity.roles.remove({ account, name: linked.name })
  const refused = await create()
  assert.notEqual(refused.code, '')
  assert.ok(refused.message.includes(linked.name), refused.message)
  const trust = identityRules.trustService(linked.service)
  await cloud.identity.roles.add({ account, name: linked.name, kind: 'service', trust })
  assert.equal((await create()).code, '')
})
