import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentCloud } from '../../../../support/fixture/environment-cloud.ts'
import { ask, create } from '../../../../support/http/tencent-client.ts'

interface Machine {
  readonly InstanceType: string
  readonly OriginPrice: number
  readonly Num: number
  readonly QuotaNum: number
  readonly Remark: string
  readonly Memory: number
  readonly DataDisk: readonly object[]
  readonly LocalDataDisk: readonly object[]
}

interface Spec {
  readonly NodeType: string
  readonly Types: readonly {
    readonly TypeName: string
    readonly InstanceFamilies: readonly {
      readonly InstanceFamily: string
      readonly InstanceTypes: readonly Machine[]
    }[]
  }[]
}

const USUAL = {
  ZoneId: 100_003,
  CvmPayMode: 0,
  NodeType: 'All',
  TradeType: 1,
  ProductId: 30,
  SceneName: 'Hadoop-Default',
}

test('machines are listed with price, stock and quota as they are sold, for the roles of the product', async (t) => {
  const text = `tencent:
  quotas: [{ of: machine, amount: 20 }]
  stock: [{ of: machine, type: S5.LARGE8, amount: 2 }, { of: machine, type: S5.LARGE16, amount: 5 }]
`
  const cloud = await environmentCloud(t, { text })
  const asking = { port: cloud.port, language: 'en-US' as const }
  const read = async (members: object = {}) => {
    const answer = await ask(asking, 'DescribeNodeSpec', { ...USUAL, ...members })
    const specs = (answer.response['NodeSpecs'] ?? []) as Spec[]
    const machines = specs.flatMap(({ Types }) =>
      Types.flatMap(({ InstanceFamilies }) =>
        InstanceFamilies.flatMap(({ InstanceTypes }) => InstanceTypes),
      ),
    )
    const machine = (name: string) => machines.find(({ InstanceType }) => InstanceType === name)
    return { ...answer, specs, machine, roles: specs.map(({ NodeType }) => NodeType) }
  }
  const before = await read()
  assert.equal(before.message, '')
  assert.deepEqual(before.roles, ['Master', 'Core', 'Task', 'Router', 'Common'])
  const few = before.machine('S5.LARGE8')
  assert.deepEqual([few?.Num, few?.QuotaNum, few?.Remark, few?.Memory], [2, 20, 'Less', 8])
  assert.equal(before.machine('S2.LARGE8')?.Remark, 'Enough')
  assert.equal(before.specs[0]?.Types[0]?.TypeName, 'Standard')
  await create(cloud)
  const after = await read({ NodeType: 'core' })
  assert.deepEqual(after.roles, ['Core'])
  assert.deepEqual(
    [after.machine('S5.LARGE8')?.Remark, after.machine('S5.LARGE16')?.Num],
    ['RunOut', 4],
  )
  // As listed (reference: tencent-emr.md 8).
  assert.equal(after.machine('S2.LARGE8')?.OriginPrice, 1.44)
  assert.equal((await read({ CvmPayMode: 1 })).machine('S2.LARGE8')?.OriginPrice, 414)
  assert.equal((await read({ CvmPayMode: 5 })).machine('S2.LARGE8')?.OriginPrice, 0)
  const local = after.machine('I2.2XLARGE32')
  assert.deepEqual([local?.DataDisk.length, local?.LocalDataDisk.length], [0, 1])
})

test('what is sold in other zones or ways only is left out; what is not known is refused by name', async (t) => {
  const cloud = await environmentCloud(t, {})
  const asking = { port: cloud.port, language: 'en-US' as const }
  const families = async (members: object) => {
    const request = { ...USUAL, NodeType: 'Core', ...members }
    const { response } = await ask(asking, 'DescribeNodeSpec', request)
    const [spec] = response['NodeSpecs'] as Spec[]
    return new Set(
      spec!.Types.flatMap((type) => type.InstanceFamilies.map((each) => each.InstanceFamily)),
    )
  }
  assert.ok(!(await families({})).has('SA5'))
  assert.ok((await families({ ZoneId: 100_007 })).has('SA5'))
  assert.ok((await families({})).has('C2'))
  assert.ok(!(await families({ CvmPayMode: 1 })).has('C2'))
  const refusals: readonly (readonly [object, string, string])[] = [
    [{ ZoneId: 200_001 }, 'InvalidParameter.InvalidZone', 'ZoneId'],
    [{ ProductId: 9999 }, 'InvalidParameter', 'ProductId'],
    [{ SceneName: 'Nowhere' }, 'InvalidParameter', 'SceneName'],
    [{ NodeType: 'Pod' }, 'ResourceUnavailable.NotSupportNodeType', 'NodeType'],
    [{ ResourceBaseType: 'ComputeResource' }, 'UnsupportedOperation', 'ResourceBaseType'],
    [{ ComputeResourceId: 'emr-cr-1' }, 'UnsupportedOperation', 'ComputeResourceId'],
  ]
  for (const [members, code, name] of refusals) {
    const answer = await ask(asking, 'DescribeNodeSpec', { ...USUAL, ...members })
    assert.equal(answer.code, code, JSON.stringify(members))
    assert.ok(answer.message.includes(`\`${name}\``), answer.message)
  }
})
