import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'
import { money } from '../../../../support/fixture/money.ts'
import { temporaryDirectory } from '../../../../support/process/directory.ts'

const TRIAL = { PackageType: 'trial', FrontendNodeGroups: [], BackendNodeGroups: [] }

test('what would be taken is allowed, and nothing is begun, held or recorded', async (t) => {
  const { send, document, history, orders } = await startInstance(t)
  const before = [await document(), await history(), await orders()]
  const { body } = await send('ModifyCuPreCheck', { Target: 16 }, 'CN')
  assert.deepEqual(body.Data, { Allow: true, Reason: '' })
  assert.deepEqual([await document(), await history(), await orders()], before)
  assert.equal((await send('ModifyCu', { Target: 16 }, 'CN')).statusCode, 200)
})

test('what would be refused is not allowed, with the bare sentence for a reason', async (t) => {
  const { send } = await startInstance(t)
  const cases: readonly (readonly [string, string, number, string])[] = [
    ['CN', '', 12, 'Cu of be should be select from set [8, 16, 32, 64]'],
    ['CN', '', 8, 'Cu of be is 8 already'],
    ['CN', 'ng-3d5ce6454354', 16, 'Failed to find node group[ng-3d5ce6454354].'],
  ]
  for (const [component, id, Target, Reason] of cases) {
    const named = id === '' ? {} : { NodeGroupId: id }
    const { statusCode, body } = await send('ModifyCuPreCheck', { Target, ...named }, component)
    assert.equal(statusCode, 200)
    assert.deepEqual(body.Data, { Allow: false, Reason })
  }
})

test('a trial instance says why in the words of the service, an agent in ours', async (t) => {
  const trial = await startInstance(t, { body: TRIAL })
  const { Data } = (await trial.send('ModifyCuPreCheck', { Target: 16 }, 'CN')).body
  assert.deepEqual(Data, {
    Allow: false,
    Reason: "Can't modify resource config of trial cluster",
  })
  const { send } = await startInstance(t, { body: { AgentNodeGroup: { cu: 1 } } })
  const { body } = await send('ModifyCuPreCheck', { Target: 2 }, 'AGENT')
  assert.equal(body.Data.Allow, false)
  assert.match(body.Data.Reason, /^Changing a node group of agent is not supported/)
})

test('an instance that does not exist is not found, and a target is needed', async (t) => {
  const { refusal, call } = await startInstance(t)
  const absent = await refusal('ModifyCuPreCheck', { Target: 16, InstanceId: 'c-0' }, 'CN')
  assert.deepEqual([absent.statusCode, absent.code], [404, 'Instance.NotFound'])
  const query = { InstanceId: 'c-0', NodeGroupId: 'ng-0' }
  await assert.rejects(call('ModifyCuPreCheck', { query }), { code: 'MissingTarget' })
})

test('a busy instance, a short quota and a short balance are reasons', async (t) => {
  const environmentFile = join(temporaryDirectory(t), 'environment.yaml')
  writeFileSync(environmentFile, 'alibaba:\n  quotas: [{ of: machine, amount: 80 }]\n')
  const body = { PayType: 'prePaid', PricingCycle: 'Month', Duration: 1 }
  const it = await startInstance(t, { body, cloud: { config: { environmentFile } } })
  const reason = async (Target: number): Promise<string> => {
    const { Data } = (await it.send('ModifyCuPreCheck', { Target }, 'CN')).body
    assert.equal(Data.Allow, false)
    return Data.Reason
  }
  const before = await it.document()
  assert.match(await reason(32), /^Quota of CUs is 80, 48 are in use, 72 more are needed$/)
  const { account } = before
  await money(it.cloud).put(`funds/${account}`, { credit: '0.00' })
  assert.equal(await reason(16), 'Your account does not have enough balance.')
  assert.deepEqual(await it.document(), before)

  await money(it.cloud).put(`funds/${account}`, { credit: '1000000.00' })
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await it.send('ModifyCu', { Target: 16 }, 'CN')
  assert.match(await reason(8), /^The operation is not permitted when instance .* scaling_up\.$/)
})
