import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

test('a group gets another kind of machine, with the memory that its CUs have there', async (t) => {
  const { cloud, send, group, document, history, describe } = await startInstance(t)
  const machines = async () =>
    ((await document()).reservations ?? [])
      .filter(({ measure, amount }) => measure === 'machine' && amount > 0)
      .map(({ type, amount }) => `${amount} ${type}`)
  for (const [target, ratio, type, status] of [
    ['ramEnhanced', 8, 'upgrade_cn_spec_type', 'scaling_up'],
    ['networkEnhanced', 4, 'downgrade_cn_spec_type', 'scaling_down'],
    ['standard', 4, 'downgrade_cn_spec_type', 'scaling_down'],
  ] as const) {
    cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
    await send('ModifySpecType', { TargetSpecType: target }, 'CN')
    assert.equal((await describe()).InstanceStatus, status)
    cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
    await cloud.settle()
    const { SpecType, MemoryCpuRatio, Cu, Status } = await group('CN')
    assert.deepEqual([SpecType, MemoryCpuRatio, Cu, Status], [target, ratio, 8, 'RUNNING'])
    const found = (await document()).spec.groups.find(({ role }) => role === 'cn')
    assert.equal(found?.memoryMib, 8 * ratio * 1024)
    assert.equal((await history())[0].OperationType, type)
    assert.deepEqual((await machines()).toSorted(), ['24 standard', `24 ${target}`].toSorted())
  }
  assert.equal((await group('FE')).SpecType, 'standard')
})

test('a type that is none, is not sold, or is the present one is refused', async (t) => {
  const { refusal } = await startInstance(t)
  const sold =
    /Spec type of be should be select from set \[standard, ramEnhanced, networkEnhanced\]/
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['CN', 'gigantic', sold],
    ['CN', 'localSSD', sold],
    ['CN', 'standard', /Spec type of be is standard already/],
    ['FE', 'ramEnhanced', /Spec type of fe should be select from set \[standard\]/],
  ]
  for (const [component, TargetSpecType, says] of cases) {
    const it = await refusal('ModifySpecType', { TargetSpecType }, component)
    assert.equal(it.code, 'InvalidParams')
    assert.match(it.message, says)
  }
})

test('a machine with local disks stays what it is', async (t) => {
  const { refusal } = await startInstance(t, {
    body: {
      BackendNodeGroups: [
        {
          cu: 16,
          specType: 'localSSD',
          residentNodeNumber: 3,
          localStorageInstanceType: 'local_ssd_2g_4xlarge',
        },
      ],
    },
  })
  const it = await refusal('ModifySpecType', { TargetSpecType: 'standard' }, 'CN')
  assert.equal(it.code, 'UnsupportedOperation')
  assert.match(it.message, /Changing the spec type .*localSSD come with their machine/)
})

test('FastMode is for instances with separate storage', async (t) => {
  const query = { TargetSpecType: 'ramEnhanced', FastMode: true }
  const apart = await startInstance(t)
  apart.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await apart.send('ModifySpecType', query, 'CN')
  assert.equal((await apart.document()).change?.rolling, false)
  const together = await startInstance(t, { body: { RunMode: 'shared_nothing' } })
  const it = await together.refusal('ModifySpecType', query, 'BE')
  assert.equal(it.code, 'UnsupportedOperation')
  assert.match(it.message, /FastMode is not supported: .*shared_nothing/)
})
