import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBody } from '../../../../support/http/alibaba-client.ts'
import { startInstance } from '../../../../support/fixture/alibaba-instance.ts'

const TRIAL = { PackageType: 'trial', FrontendNodeGroups: [], BackendNodeGroups: [] }
const SHARED_NOTHING = { RunMode: 'shared_nothing' }

test('a group takes another number of CUs, with the memory that goes with them', async (t) => {
  const { cloud, send, group, document, history } = await startInstance(t)
  for (const [target, type] of [
    [32, 'upgrade_cn_cu'],
    [16, 'downgrade_cn_cu'],
  ] as const) {
    const answer = await send('ModifyCu', { Target: target }, 'CN')
    // Pay as you go: no order is named.
    assert.equal(answer.body.Data, 0)
    await cloud.settle()
    const { Cu, Status } = await group('CN')
    assert.deepEqual([Cu, Status], [target, 'RUNNING'])
    const found = (await document()).spec.groups.find(({ role }) => role === 'cn')
    assert.equal(found?.memoryMib, target * 4 * 1024)
    assert.equal((await history())[0].OperationType, type)
  }
  assert.equal((await group('FE')).Cu, 8)
})

test('memory-enhanced groups get 8 GiB for each CU', async (t) => {
  const [backend] = createBody().BackendNodeGroups
  const body = { BackendNodeGroups: [{ ...backend, specType: 'ramEnhanced' }] }
  const { cloud, send, document } = await startInstance(t, { body })
  await send('ModifyCu', { Target: 16 }, 'CN')
  await cloud.settle()
  assert.equal((await document()).spec.groups[1]?.memoryMib, 16 * 8 * 1024)
})

test('observers are built like the frontends, also after a change of these', async (t) => {
  const { ObserverNodeGroups } = createBody()
  const { cloud, send, groups, history, refusal } = await startInstance(t, {
    body: { ObserverNodeGroups },
  })
  const alone = await refusal('ModifyCu', { Target: 16 }, 'OBSERVER')
  assert.equal(alone.code, 'UnsupportedOperation')
  assert.match(alone.message, /node group of observer is not supported/)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await send('ModifyCu', { Target: 16 }, 'FE')
  assert.deepEqual(
    (await groups()).map(({ Status }) => Status),
    ['SCALING_UP', 'RUNNING', 'SCALING_UP'],
  )
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'immediate')
  await cloud.settle()
  assert.deepEqual(
    (await groups()).map(({ ComponentType, Cu }) => [ComponentType, Cu]),
    [
      ['FE', 16],
      ['CN', 8],
      ['OBSERVER', 16],
    ],
  )
  assert.equal((await history())[0].OperationType, 'upgrade_fe_cu')
})

test('a size that is none, or the one that it has, is refused in the words of the service', async (t) => {
  const { refusal, document } = await startInstance(t)
  const cases: readonly (readonly [number, RegExp])[] = [
    [12, /^InvalidParams.*\[Cu of be should be select from set \[8, 16, 32, 64\]\]/],
    [128, /Cu of be should be select from set/],
    [8, /\[Cu of be is 8 already\]/],
  ]
  for (const [target, says] of cases) {
    const it = await refusal('ModifyCu', { Target: target }, 'CN')
    assert.equal(it.code, 'InvalidParams')
    assert.match(`${it.code} ${it.message}`, says)
  }
  assert.equal(
    (await refusal('ModifyCu', { Target: 16, NodeGroupId: 'ng-0' })).code,
    'NodeGroup.NotFound',
  )
  assert.equal((await document()).spec.generation, 1)
})

test('FastMode is for instances with separate storage', async (t) => {
  const { refusal, send, cloud, document } = await startInstance(t, { body: SHARED_NOTHING })
  const it = await refusal('ModifyCu', { Target: 16, FastMode: true }, 'BE')
  assert.equal(it.code, 'UnsupportedOperation')
  assert.match(it.message, /FastMode is not supported: .*shared_nothing/)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await send('ModifyCu', { Target: 16, FastMode: false }, 'BE')
  assert.equal((await document()).change?.rolling, true)
})

test('with separate storage, FastMode changes all nodes at once', async (t) => {
  const { send, cloud, document } = await startInstance(t)
  cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await send('ModifyCu', { Target: 16, FastMode: true }, 'CN')
  assert.equal((await document()).change?.rolling, false)
})

test('a trial instance keeps its size, and a machine with local disks its cores', async (t) => {
  const trial = await startInstance(t, { body: TRIAL })
  const it = await trial.refusal('ModifyCu', { Target: 16 }, 'CN')
  assert.equal(it.code, 'InvalidParams')
  assert.match(it.message, /Can't modify resource config of trial cluster/)
  const local = await startInstance(t, {
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
  const fixed = await local.refusal('ModifyCu', { Target: 32 }, 'CN')
  assert.match(fixed.message, /Cu of be should be select from set \[16\]/)
})

test('an agent keeps its size', async (t) => {
  const { refusal } = await startInstance(t, { body: { AgentNodeGroup: { cu: 1 } } })
  const it = await refusal('ModifyCu', { Target: 2 }, 'AGENT')
  assert.match(it.message, /node group of agent is not supported/)
})
