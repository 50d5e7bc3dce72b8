import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { environmentCloud } from '../../../../support/fixture/environment-cloud.ts'
import { money } from '../../../../support/fixture/money.ts'
import { ask, machine, sampleCreateRequest } from '../../../../support/http/tencent-client.ts'
import { createClusterRequest, newerResource } from '../../../../support/http/tencent-request.ts'

const ZONES = ['ap-guangzhou-3', 'ap-guangzhou-4', 'ap-guangzhou-6'] as const
const TAGS = ['master', 'standby', 'third-party']
const { ResourceSpec: _one, Placement: _where, VPCSettings: _net, ...order } = sampleCreateRequest()

const subnetOf = (zone: string) => `subnet-of${zone.at(-1)}`
const setting = (at: number, counts: object, members: object = {}) => ({
  ZoneTag: TAGS[at],
  Placement: { Zone: ZONES[at], ProjectId: 0 },
  VPCSettings: { VpcId: 'vpc-12345678', SubnetId: subnetOf(ZONES[at] ?? '') },
  ResourceSpec: {
    MasterResourceSpec: machine(4, 16),
    CoreResourceSpec: machine(4, 8),
    CommonResourceSpec: machine(2, 4),
    ...counts,
  },
  ...members,
})
const FIRST = setting(0, { MasterCount: 1, CoreCount: 3, CommonCount: 2 })
const SECOND = setting(1, { MasterCount: 1, CoreCount: 4, CommonCount: 1 })
const request = (settings: readonly object[] = [FIRST, SECOND], members: object = {}) => ({
  ...order,
  SupportHA: 1,
  VersionID: 1,
  MultiZone: true,
  MultiZoneSettings: settings,
  ...members,
})

interface ShownNode {
  readonly NameTag: string
  readonly Zone: string
  readonly ZoneId: number
  readonly NodeMark: string
  readonly SubnetInfo: { readonly SubnetId: string }
}

async function start(t: TestContext, text?: string) {
  const cloud = await environmentCloud(t, text === undefined ? {} : { text })
  const asking = { port: cloud.port, language: 'en-US' as const }
  const make = (body: object, action = 'CreateInstance') => ask(asking, action, body)
  const nodes = async (InstanceId: unknown, NodeFlag = 'all') => {
    const { response } = await ask(asking, 'DescribeClusterNodes', { InstanceId, NodeFlag })
    return response['NodeList'] as ShownNode[]
  }
  const shown = async (InstanceId: unknown, NodeFlag = 'all') =>
    (await nodes(InstanceId, NodeFlag)).map(({ NameTag, Zone }) => `${NameTag} ${Zone.at(-1)}`)
  return { cloud, asking, make, nodes, shown, ...money(cloud) }
}

test('nodes stand in two zones, each in its subnet, and cost what they do in one', async (t) => {
  const it = await start(t)
  const made = await it.make(request())
  assert.equal(made.message, '')
  const id = made.response['InstanceId']
  await it.cloud.settle()
  assert.deepEqual(await it.shown(id, 'master'), ['master.0 3', 'master.1 4'])
  assert.deepEqual(await it.shown(id, 'common'), ['common.0 3', 'common.1 3', 'common.2 4'])
  assert.equal((await it.shown(id, 'core')).length, 7)
  const [, second] = await it.nodes(id, 'master')
  assert.deepEqual([second?.ZoneId, second?.SubnetInfo.SubnetId], [100004, subnetOf(ZONES[1])])
  const listing = { DisplayStrategy: 'clusterList', InstanceIds: [id] }
  const { response } = await ask(it.asking, 'DescribeInstances', listing)
  const [cluster] = response['ClusterList'] as {
    Status: number
    Zone: string
    IsMultiZoneCluster: boolean
    TopologyInfoList: { Zone: string; NodeInfoList: { NodeType: string; NodeSize: number }[] }[]
  }[]
  assert.deepEqual(
    [cluster?.Status, cluster?.Zone, cluster?.IsMultiZoneCluster],
    [2, ZONES[0], true],
  )
  assert.deepEqual(
    cluster?.TopologyInfoList.map(({ Zone, NodeInfoList }) => [
      Zone,
      NodeInfoList.map(({ NodeType, NodeSize }) => `${NodeType} ${NodeSize}`).join(' '),
    ]),
    [
      [ZONES[0], 'Master 1 Core 3 Common 2'],
      [ZONES[1], 'Master 1 Core 4 Common 1'],
    ],
  )
  const all = { MasterCount: 2, CoreCount: 7, CommonCount: 3 }
  const { ZoneTag: _tag, ...flat } = setting(0, all)
  const one = await it.make({ ...order, ...flat, SupportHA: 1, InstanceName: 'in-one-zone' })
  assert.equal(one.message, '')
  await it.cloud.settle()
  const [both] = await it.orders(String(id))
  const [single] = await it.orders(String(one.response['InstanceId']))
  assert.equal(both?.listPrice, single?.listPrice)
})

test('a third zone arbitrates; marks name the zone of their nodes', async (t) => {
  const it = await start(t)
  const settings = [
    setting(0, { MasterCount: 1, CoreCount: 2, CommonCount: 1 }),
    setting(1, { MasterCount: 1, CoreCount: 2, CommonCount: 1 }),
    setting(2, { CommonCount: 1 }),
  ]
  const NodeMarks = [
    { NodeType: 'core', NodeNames: ['a', 'b'], Zone: ZONES[0] },
    { NodeType: 'core', NodeNames: ['c', 'd'], Zone: ZONES[1] },
  ]
  const made = await it.make(request(settings, { NodeMarks }))
  assert.equal(made.message, '')
  await it.cloud.settle()
  const id = made.response['InstanceId']
  const cores = await it.nodes(id, 'core')
  assert.deepEqual(
    cores.map(({ NodeMark, Zone }) => `${NodeMark} ${Zone.at(-1)}`),
    ['a 3', 'b 3', 'c 4', 'd 4'],
  )
  assert.deepEqual(await it.shown(id, 'common'), ['common.0 3', 'common.1 4', 'common.2 6'])
})

test('nodes are added in the zone that is asked for, and go from where they stand', async (t) => {
  const it = await start(t)
  const { response } = await it.make(request())
  const InstanceId = response['InstanceId']
  await it.cloud.settle()
  const more = (ZoneId: number) =>
    ask(it.asking, 'ScaleOutInstance', {
      InstanceId,
      PayMode: 0,
      TimeUnit: 's',
      TimeSpan: 3600,
      CoreCount: 1,
      ZoneId,
    })
  assert.equal((await more(100004)).message, '')
  await it.cloud.settle()
  assert.equal((await more(100003)).message, '')
  await it.cloud.settle()
  assert.deepEqual((await it.shown(InstanceId, 'core')).slice(-3), [
    'core.5 4',
    'core.6 4',
    'core.7 4',
  ])
  assert.ok((await it.shown(InstanceId, 'core')).includes('core.8 3'))
  const found = await it.cloud.store.read((tx) => tx.findById('cluster', String(InstanceId)))
  const cores = found!.document.spec.groups.filter(({ role }) => role === 'core')
  assert.deepEqual(
    cores.map(({ zone, nodes }) => [zone, nodes.length]),
    [
      [ZONES[0], 4],
      [ZONES[1], 5],
    ],
  )
  const elsewhere = await more(100006)
  assert.equal(elsewhere.code, 'UnsupportedOperation')
})

test('machines are taken from the stock of their own zone', async (t) => {
  const text = `tencent:\n  stock: [{ of: machine, zone: ${ZONES[1]}, amount: 5 }]\n`
  const it = await start(t, text)
  assert.equal((await it.make(request())).code, 'ResourceInsufficient.InstanceInsufficient')
  const fewer = setting(1, { MasterCount: 1, CoreCount: 3, CommonCount: 1 })
  const made = await it.make(request([FIRST, fewer]))
  assert.equal(made.message, '')
  await it.cloud.settle()
  await ask(it.asking, 'TerminateInstance', { InstanceId: made.response['InstanceId'] })
  await it.cloud.settle()
  assert.equal((await it.make(request([FIRST, fewer], { InstanceName: 'another' }))).message, '')
})

test('CreateCluster makes the same in several zones, and refuses by its own names', async (t) => {
  const it = await start(t)
  const zone = (at: number, counts: object, members: object = {}) => ({
    ZoneTag: TAGS[at],
    VirtualPrivateCloud: { VpcId: 'vpc-12345678', SubnetId: subnetOf(ZONES[at] ?? '') },
    Placement: { Zone: ZONES[at], ProjectId: 0 },
    AllNodeResourceSpec: {
      MasterResourceSpec: newerResource('S5.LARGE16'),
      CoreResourceSpec: newerResource(),
      CommonResourceSpec: newerResource('S5.LARGE8'),
      ...counts,
    },
    ...members,
  })
  const body = (...zones: object[]) =>
    createClusterRequest({ EnableSupportHAFlag: true, ZoneResourceConfiguration: zones })
  const first = zone(0, { MasterCount: 1, CoreCount: 2, CommonCount: 2 })
  const counts = { MasterCount: 1, CoreCount: 1, CommonCount: 1 }
  const made = await it.make(body(first, zone(1, counts)), 'CreateCluster')
  assert.equal(made.message, '')
  await it.cloud.settle()
  assert.deepEqual(await it.shown(made.response['InstanceId'], 'master'), [
    'master.0 3',
    'master.1 4',
  ])
  const wrong = await it.make(body(first, zone(1, counts, { ZoneTag: 'master' })), 'CreateCluster')
  assert.equal(wrong.code, 'InvalidParameterValue')
  assert.match(wrong.message, /`ZoneResourceConfiguration\.1\.ZoneTag`/)
})

test('what several zones cannot be is refused by name, and nothing is made', async (t) => {
  const it = await start(t)
  const UO = 'UnsupportedOperation'
  const IPV = 'InvalidParameterValue'
  const second = (members: object) => request([FIRST, { ...SECOND, ...members }])
  const placed = { Placement: { Zone: ZONES[0], ProjectId: 0 } }
  const cases: readonly (readonly [object, string, string])[] = [
    [request([FIRST]), UO, 'MultiZone'],
    [request([FIRST, SECOND, FIRST, SECOND]), UO, 'MultiZoneSettings'],
    [request([FIRST, SECOND], { MultiZone: false }), UO, 'MultiZoneSettings'],
    [request([FIRST, SECOND], { SupportHA: 0 }), UO, 'MultiZone'],
    [second({ ZoneTag: 'third-party' }), IPV, 'MultiZoneSettings.1.ZoneTag'],
    [second(placed), 'InvalidParameter.ZoneResourceNotMatch', 'MultiZoneSettings.1'],
    [
      second({ ...placed, VPCSettings: FIRST.VPCSettings }),
      IPV,
      'MultiZoneSettings.1.Placement.Zone',
    ],
    [
      second({ VPCSettings: { VpcId: 'vpc-87654321', SubnetId: 'subnet-another' } }),
      IPV,
      'MultiZoneSettings.1.VPCSettings.VpcId',
    ],
    [second({ Placement: { Zone: ZONES[1], ProjectId: 7 } }), IPV, 'ProjectId'],
    [second({ VPCSettings: undefined }), 'MissingParameter', 'MultiZoneSettings.1.VPCSettings'],
    [
      request([FIRST, SECOND, setting(2, { CommonCount: 1, CoreCount: 1 })]),
      IPV,
      'MultiZoneSettings.2.ResourceSpec.CoreCount',
    ],
    [
      request([FIRST, setting(1, { CoreCount: 4, CommonCount: 1 })]),
      'InvalidParameter.IncorrectMasterCount',
      'MasterCount',
    ],
    [
      request([FIRST, SECOND], {
        NodeMarks: [{ NodeType: 'core', NodeNames: ['a', 'b', 'c'] }],
      }),
      IPV,
      'NodeMarks.0.Zone',
    ],
  ]
  // Known in its zone, for the one that names it in another.
  assert.equal((await it.make(request())).message, '')
  for (const [body, code, name] of cases) {
    const answer = await it.make({ ...body, InstanceName: 'not-made' })
    assert.equal(answer.code, code, `${name}: ${answer.message}`)
    assert.ok(answer.message.includes(name), answer.message)
  }
})
