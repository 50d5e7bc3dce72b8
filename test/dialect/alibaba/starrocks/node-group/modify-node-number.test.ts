import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Substrate } from '../../../../../src/substrate/port.ts'
import { createBody } from '../../../../support/http/alibaba-client.ts'
import { temporaryDirectory } from '../../../../support/process/directory.ts'
import {
  startInstance,
  type AlibabaInstance,
} from '../../../../support/fixture/alibaba-instance.ts'
import { stillClock } from '../../../../support/fixture/money.ts'

async function nodesOf({ group }: AlibabaInstance, component: string): Promise<readonly string[]> {
  return (await group(component)).NodeInfo.map(({ NodeId }: { NodeId: string }) => NodeId)
}

test('new nodes continue after the highest of their group, and the highest go first', async (t) => {
  const it = await startInstance(t)
  const before = await nodesOf(it, 'CN')
  assert.equal((await it.send('ModifyNodeNumber', { Target: 5 }, 'CN')).body.Data, 0)
  await it.cloud.settle()
  const more = await nodesOf(it, 'CN')
  assert.deepEqual(more.slice(0, 3), before)
  const [, middle] = before[0]!.split('-')
  assert.deepEqual(more.slice(3), [`cn-${middle}-3`, `cn-${middle}-4`])
  const { spec } = await it.document()
  const [, cn] = spec.groups
  const addresses = cn!.nodes.map(({ address }) => address)
  assert.equal(new Set(addresses).size, 5)
  assert.ok(addresses.every((address) => address !== undefined))
  assert.equal(new Set(spec.groups.map(({ zone, subnet }) => `${zone} ${subnet}`)).size, 1)

  await it.send('ModifyNodeNumber', { Target: 2 }, 'CN')
  await it.cloud.settle()
  assert.deepEqual(await nodesOf(it, 'CN'), before.slice(0, 2))
  const types = (await it.history()).map(({ OperationType }) => OperationType)
  assert.deepEqual(types, ['scale_in_cn', 'scale_out_cn', 'create_cluster'])
})

test('backends leave one by one unless Parallelism says otherwise, compute nodes side by side', async (t) => {
  const start = async (RunMode: string) => {
    const [backend] = createBody().BackendNodeGroups
    const body = { RunMode, BackendNodeGroups: [{ ...backend, residentNodeNumber: 5 }] }
    const it = await startInstance(t, { body })
    it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
    return it
  }
  const atOnce = async (RunMode: string, component: string, query: Record<string, number>) => {
    const it = await start(RunMode)
    await it.send('ModifyNodeNumber', { Target: 3, ...query }, component)
    return (await it.document()).change?.drainAtOnce
  }
  assert.equal(await atOnce('shared_nothing', 'BE', {}), 1)
  assert.equal(await atOnce('shared_nothing', 'BE', { Parallelism: 2 }), 2)
  assert.equal(await atOnce('shared_data', 'CN', {}), undefined)
  assert.equal(await atOnce('shared_data', 'CN', { Parallelism: 1 }), 1)
})

test('compute nodes have their grace and then go as they are; backends have none', async (t) => {
  const it = await startInstance(t, { cloud: { clock: stillClock('2026-03-01T00:00:00Z') } })
  it.cloud.substrates.get('simulation')!.pacing!.set('starrocks', 'manual:1000')
  await it.send('ModifyNodeNumber', { Target: 2, TerminationGracePeriodSeconds: 90 }, 'CN')
  assert.equal((await it.document()).change?.graceMs, 90_000)
  await it.cloud.loop.drain()
  it.cloud.clock.advance(89_000)
  await it.cloud.loop.drain()
  assert.equal((await it.group('CN')).Status, 'SCALING_IN')
  it.cloud.clock.advance(1_000)
  await it.cloud.loop.drain()
  const { Status, ResidentNodeNumber } = await it.group('CN')
  assert.deepEqual([Status, ResidentNodeNumber], ['RUNNING', 2])
  assert.equal((await it.history())[0].OperationStatus, 'COMPLETED')

  const backends = await startInstance(t, { body: { RunMode: 'shared_nothing' } })
  const query = { Target: 2, TerminationGracePeriodSeconds: 90 }
  const refused = await backends.refusal('ModifyNodeNumber', query, 'BE')
  assert.equal(refused.code, 'UnsupportedOperation')
  assert.match(refused.message, /TerminationGracePeriodSeconds is not supported: backends/)
})

test('how nodes leave has no meaning where none does', async (t) => {
  const { refusal } = await startInstance(t)
  for (const name of ['Parallelism', 'TerminationGracePeriodSeconds']) {
    const it = await refusal('ModifyNodeNumber', { Target: 4, [name]: 1 }, 'CN')
    assert.equal(it.code, 'UnsupportedOperation')
    assert.match(it.message, new RegExp(`^(UnsupportedOperation: )?.*${name} is not supported`))
  }
})

test('frontends come in odd numbers and stay', async (t) => {
  const it = await startInstance(t)
  const even = await it.refusal('ModifyNodeNumber', { Target: 4 }, 'FE')
  assert.equal(even.code, 'InvalidParams')
  assert.match(even.message, /Number of fe should be select from set \[1, 3, 5, 7, 9, 11\]/)
  const fewer = await it.refusal('ModifyNodeNumber', { Target: 1 }, 'FE')
  assert.equal(fewer.code, 'UnsupportedOperation')
  assert.match(fewer.message, /Removing nodes of fe is not supported/)
  await it.send('ModifyNodeNumber', { Target: 5 }, 'FE')
  await it.cloud.settle()
  assert.equal((await it.group('FE')).ResidentNodeNumber, 5)
  assert.equal((await it.history())[0].OperationType, 'scale_out_fe')
})

test('a number that the group has, or may not have, is refused', async (t) => {
  const { refusal } = await startInstance(t)
  const cases: readonly (readonly [number, RegExp])[] = [
    [3, /Number of be is 3 already/],
    [0, /Number of be should be in range \[1, 100\]/],
    [101, /Number of be should be in range \[1, 100\]/],
  ]
  for (const [target, says] of cases) {
    const it = await refusal('ModifyNodeNumber', { Target: target }, 'CN')
    assert.equal(it.code, 'InvalidParams')
    assert.match(it.message, says)
  }
})

test('nodes that the data need are not removed: they may fill 70% of what remains', async (t) => {
  let usedBytes: number | undefined
  const substrate = (it: Substrate): Substrate => ({
    ...it,
    async observe(id) {
      const seen = await it.observe(id)
      return usedBytes === undefined ? seen : { ...seen, usedBytes }
    },
  })
  for (const RunMode of ['shared_nothing', 'shared_data']) {
    usedBytes = 141 * 1024 ** 3
    const component = RunMode === 'shared_data' ? 'CN' : 'BE'
    // Three nodes of 100 GiB: two would have room for 140.
    const it = await startInstance(t, { body: { RunMode }, cloud: { wrap: { substrate } } })
    const before = await it.document()
    assert.equal(before.status.usedBytes, usedBytes)
    const refused = await it.refusal('ModifyNodeNumber', { Target: 2 }, component)
    assert.equal(refused.code, 'InvalidParams')
    assert.match(
      refused.message,
      /\[The data of 141\.0 GiB exceed 70% of the 200 GiB that remain\]/,
    )
    const check = await it.send('ModifyNodeNumberPreCheck', { Target: 2 }, component)
    assert.deepEqual(check.body.Data, {
      Allow: false,
      Reason: 'The data of 141.0 GiB exceed 70% of the 200 GiB that remain',
    })
    assert.deepEqual(await it.document(), before)
    await it.send('ModifyDiskNumber', { Target: 2 }, component)
    await it.cloud.settle()
    // While nobody says how much it is, it is as much as it was.
    usedBytes = undefined
    await it.send('ModifyNodeNumber', { Target: 2 }, component)
    await it.cloud.settle()
    assert.equal((await it.group(component)).ResidentNodeNumber, 2)
    const full = await it.refusal('ModifyNodeNumber', { Target: 1 }, component)
    assert.match(full.message, /exceed 70% of the 200 GiB that remain/)
  }
})

test('a group beside the default one may be without nodes, be resized, and get some again', async (t) => {
  const [backend] = createBody().BackendNodeGroups
  const body = { BackendNodeGroups: [backend, { ...backend, nodeGroupName: 'second' }] }
  const it = await startInstance(t, { body })
  const NodeGroupId: string = (await it.groups())[2].NodeGroupId
  const change = async (action: string, Target: number) => {
    await it.send(action, { Target, NodeGroupId })
    await it.cloud.settle()
    const { ResidentNodeNumber, Cu, Status, NodeInfo } = (await it.groups())[2]
    assert.deepEqual([Status, NodeInfo.length], ['RUNNING', ResidentNodeNumber])
    return [ResidentNodeNumber, Cu]
  }
  assert.deepEqual(await change('ModifyNodeNumber', 0), [0, 8])
  assert.deepEqual(await change('ModifyCu', 16), [0, 16])
  assert.deepEqual(await change('ModifyNodeNumber', 2), [2, 16])
  const ids = (await it.document()).spec.groups.flatMap(({ nodes }) => nodes.map(({ id }) => id))
  assert.equal(new Set(ids).size, ids.length)
})

const SHORT: readonly (readonly [string, string, RegExp])[] = [
  [
    'a quota that is used up',
    'quotas: [{ of: machine, amount: 50 }]',
    /Quota of CUs is 50, 48 are in use, 8 more are needed/,
  ],
  [
    'stock that does not suffice',
    'stock: [{ of: machine, zone: cn-hangzhou-i, amount: 50 }]',
    /2 CUs in stock, 8 are needed/,
  ],
  [
    'a vSwitch without room',
    'subnets: [{ id: vsw-small, region: cn-hangzhou, zone: cn-hangzhou-i, network: vpc-cn-hangzhou, cidr: 10.200.0.0/28 }]',
    /vSwitch vsw-small has 1 free, 2 are needed/,
  ],
]
for (const [what, declared, says] of SHORT) {
  test(`${what} refuses more nodes, and nothing is changed or held`, async (t) => {
    const environmentFile = join(temporaryDirectory(t), 'environment.yaml')
    writeFileSync(environmentFile, `alibaba:\n  ${declared}\n`)
    const [backend] = createBody().BackendNodeGroups
    const fits = what === 'a vSwitch without room' ? 9 : 3
    const it = await startInstance(t, {
      cloud: { config: { environmentFile } },
      body: {
        VpcId: 'vpc-cn-hangzhou',
        VSwitches: [{ VswId: 'vsw-small', ZoneId: 'cn-hangzhou-i' }],
        BackendNodeGroups: [{ ...backend, residentNodeNumber: fits }],
      },
    })
    const before = await it.document()
    const Target = fits + (fits === 9 ? 2 : 1)
    const refused = await it.refusal('ModifyNodeNumber', { Target }, 'CN')
    assert.equal(refused.code, 'InvalidParams')
    assert.match(refused.message, says)
    assert.deepEqual(await it.document(), before)
    assert.equal((await it.history()).length, 1)
  })
}
