/** The main job and what surrounds it, by the runtime of the vendor's own SDKs over HTTP, with both of its signatures. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import {
  alibabaClient,
  createBody,
  refusalOf,
  type AlibabaClient,
} from '../support/http/alibaba-client.ts'
import { startCloud, type Cloud, type CloudOptions } from '../support/fixture/cloud.ts'

const REGION = { RegionId: 'cn-hangzhou' }

async function start(t: TestContext, options: CloudOptions = {}) {
  const cloud = await startCloud(t, options)
  return { cloud, call: alibabaClient(cloud.port) }
}

async function create(call: AlibabaClient, more: Record<string, unknown> = {}): Promise<string> {
  const { body } = await call('CreateInstanceV1', { body: createBody(more) })
  return body.Data.InstanceId
}

async function running(cloud: Cloud, call: AlibabaClient, more: Record<string, unknown> = {}) {
  const id = await create(call, more)
  await cloud.settle()
  return id
}

async function describe(call: AlibabaClient, id: string) {
  const { body } = await call('DescribeInstances', { query: { ...REGION, InstanceId: id } })
  return body.Data[0]
}

for (const signature of ['v3', 'v2'] as const) {
  test(`a client with signature ${signature} creates, watches, reads, changes, lists and releases`, async (t) => {
    const cloud = await startCloud(t, { config: { progressions: { default: manual(2) } } })
    const call = alibabaClient(cloud.port, { signature })
    const { statusCode, headers, body } = await call('CreateInstanceV1', { body: createBody() })
    assert.equal(statusCode, 200)
    assert.equal(headers['x-acs-request-id'], body.RequestId)
    assert.equal(headers['content-type'], 'application/json;charset=utf-8')
    const id: string = body.Data.InstanceId
    assert.match(id, /^c-[0-9a-f]{16}$/)
    assert.match(String(body.Data.OrderId), /^\d{15}$/)

    const seen = new Set<string>()
    for (let looks = 0; looks < 50 && !seen.has('running'); looks++)
      seen.add((await describe(call, id)).InstanceStatus)
    assert.deepEqual([...seen], ['creating', 'running'])

    const query = { ...REGION, InstanceId: id }
    await call('UpdateInstanceName', { query: { ...query, ClusterName: 'renamed_1' } })
    const moving = { ...query, NewResourceGroupId: 'rg-2', ResourceType: 'instance' }
    await call('ChangeResourceGroup', { query: moving })
    const tagging = { ...REGION, ResourceType: 'instance' }
    const tags = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '' },
    ]
    const tagged = await call('TagResources', {
      body: { ...tagging, ResourceId: [id], Tag: tags },
    })
    assert.deepEqual(Object.keys(tagged.body), ['RequestId'])
    const untagging = { ...tagging, ResourceId: `["${id}"]`, TagKey: '["a"]' }
    const untagged = await call('UnTagResources', { query: untagging })
    assert.deepEqual(Object.keys(untagged.body), ['RequestId'])
    const read = await describe(call, id)
    assert.equal(read.InstanceName, 'renamed_1')
    assert.equal(read.ResourceGroupId, 'rg-2')
    assert.deepEqual(read.Tags, [{ Key: 'b', Value: '' }])

    const released = await call('ReleaseInstance', { query })
    assert.equal(released.body.Data, true)
    assert.equal((await describe(call, id))?.InstanceStatus, 'deleting')
    let looks = 0
    while (looks++ < 50 && (await describe(call, id))?.InstanceStatus === 'deleting');
    assert.equal(await describe(call, id), undefined)
    const history = await call('ListOperationHistory', { query })
    assert.deepEqual(
      history.body.Data.map((each: { OperationType: string }) => each.OperationType),
      ['delete_cluster', 'create_cluster'],
    )
  })
}

test('a released instance is not found by any action that changes it, and a listing of it is empty', async (t) => {
  const { cloud, call } = await start(t)
  const id = await running(cloud, call)
  await call('ReleaseInstance', { query: { InstanceId: id } })
  await cloud.settle()
  const query = { ...REGION, InstanceId: id }
  const tagging = { ...REGION, ResourceType: 'instance' }
  const changes = [
    () => call('ReleaseInstance', { query }),
    () => call('UpdateInstanceName', { query: { ...query, ClusterName: 'x' } }),
    () =>
      call('ChangeResourceGroup', {
        query: { ...query, NewResourceGroupId: 'rg-2', ResourceType: 'instance' },
      }),
    () =>
      call('TagResources', {
        body: { ...tagging, ResourceId: [id], Tag: [{ Key: 'a', Value: 'b' }] },
      }),
    () => call('UnTagResources', { query: { ...tagging, ResourceId: `["${id}"]`, All: 'true' } }),
  ]
  for (const change of changes) {
    const refusal = await refusalOf(change())
    assert.equal(refusal.code, 'Instance.NotFound')
    assert.equal(refusal.statusCode, 404)
    // An old client recognises it by the message alone.
    assert.match(refusal.message, /NotFound/)
  }
  const groups = await call('DescribeNodeGroups', { query: { ClusterId: id } })
  assert.deepEqual([groups.body.Data, groups.body.Total], [[], 0])
  const nobody = await call('ListOperationHistory', { query: { InstanceId: 'c-nobody' } })
  assert.deepEqual([nobody.body.Data, nobody.body.Total], [[], 0])
})

test('an instance is read back in the very words of the request', async (t) => {
  const { cloud, call } = await start(t)
  const switches = [
    { VswId: 'vsw-second', ZoneId: 'cn-hangzhou-j' },
    { VswId: 'vsw-first', ZoneId: 'cn-hangzhou-i' },
  ]
  const request = {
    Version: '3',
    PayType: 'PREPAID',
    PricingCycle: 'Year',
    Duration: 1,
    Encrypted: true,
    KmsKeyId: 'key-1',
    VSwitches: switches,
    ObserverNodeGroups: [],
    BackendNodeGroups: [
      {
        Cu: '16',
        SpecType: 'localSSD',
        ResidentNodeNumber: 3,
        LocalStorageInstanceType: 'local_ssd_2g_4xlarge',
      },
    ],
    Tags: [{ Key: 'k1', Value: 'v1' }],
  }
  const id = await running(cloud, call, request)
  const read = await describe(call, id)
  assert.equal(read.Version, '3')
  assert.equal(read.PayType, 'prePaid')
  assert.equal(read.Encrypted, true)
  assert.equal(read.KmsKeyId, 'key-1')
  assert.equal(read.Architecture, 'onECS')
  assert.equal(read.ResourceGroupId, 'rg-aekzllkih7jqxxx')
  assert.equal(read.VpcId, 'vpc-bp1fll2mci6d7pw8m')
  assert.deepEqual(read.Tags, [{ Key: 'k1', Value: 'v1' }])
  assert.deepEqual(
    read.VSwitches.map(({ VswId, ZoneId }: Record<string, string>) => ({ VswId, ZoneId })),
    switches,
  )
  assert.deepEqual(
    read.VSwitches.map(({ Primary }: { Primary: boolean }) => Primary),
    [false, true],
  )
  const { body } = await call('DescribeNodeGroups', { body: { InstanceId: id } })
  const [fe, compute] = body.Data
  assert.equal(fe.LocalStorageInstanceType, 'non_local_storage')
  assert.equal(compute.LocalStorageInstanceType, 'local_ssd_2g_4xlarge')
  assert.equal(compute.SpecType, 'localSSD')
  assert.equal(compute.Cu, 16)
  assert.equal(compute.StorageSize, 1788)
  assert.equal(compute.PayType, 'prePaid')
  const refusal = await refusalOf(call('ReleaseInstance', { query: { InstanceId: id } }))
  assert.equal(refusal.code, 'UnsupportedOperation')
})

test('what is wrong with an instance is said all at once, in the words of the service', async (t) => {
  const { call } = await start(t)
  const request = { PackageType: 'trial', ObserverNodeGroups: null }
  const refusal = await refusalOf(call('CreateInstanceV1', { body: createBody(request) }))
  assert.equal(refusal.code, 'InvalidParams')
  assert.equal(
    refusal.data['ErrMessage'],
    'Invalid params: [Cu of fe should be select from set [4], Number of fe should be in range [1, 1]]. FrontendNodeGroups.1.cu is 8, for example 4; FrontendNodeGroups.1.residentNodeNumber is 3, for example 1.',
  )
  assert.equal(refusal.data['ErrCode'], 'InvalidParams')
  assert.equal(refusal.data['Success'], false)
})

test('a token creates one instance however often it is sent, and refuses another request', async (t) => {
  const { cloud, call } = await start(t)
  const [first, second] = await Promise.all([
    create(call, { ClientToken: 'once' }),
    create(call, { clientToken: 'once' }),
  ])
  assert.equal(first, second)
  assert.equal(await create(call, { CLIENTTOKEN: 'once' }), first)
  const other = call('CreateInstanceV1', {
    body: createBody({ ClientToken: 'once', InstanceName: 'other' }),
  })
  assert.equal((await refusalOf(other)).code, 'IdempotentParameterMismatch')
  await cloud.settle()
  const { body } = await call('DescribeInstances')
  assert.equal(body.Total, 1)
})

test('a subscription that is not paid for waits, may not be renamed, and may be given up', async (t) => {
  const { cloud, call } = await start(t)
  const id = await running(cloud, call, { PayType: 'prePaid', AutoPay: false })
  assert.equal((await describe(call, id)).InstanceStatus, 'unpaid')
  const groups = await call('DescribeNodeGroups', { query: { ClusterId: id } })
  assert.equal(groups.body.Data[0].Status, 'UNPAID')
  const query = { InstanceId: id, ClusterName: 'x' }
  const refusal = await refusalOf(call('UpdateInstanceName', { query }))
  assert.equal(refusal.code, 'OperationDenied.InstanceStatus')
  assert.match(refusal.message, /in status unpaid/)
  await call('ReleaseInstance', { query: { InstanceId: id } })
  await cloud.settle()
  assert.equal(await describe(call, id), undefined)
})

test('listings are narrowed by every filter, and by all of them together', async (t) => {
  const { cloud, call } = await start(t)
  const one = await create(call, { InstanceName: 'alpha_one', Tags: [{ Key: 'k', Value: '1' }] })
  const two = await create(call, { InstanceName: 'alpha_two', ResourceGroupId: 'rg-two' })
  const elsewhere = await create(call, {
    RegionId: 'cn-beijing',
    InstanceName: 'alpha_three',
    ZoneId: 'cn-beijing-h',
    VSwitches: null,
    FrontendNodeGroups: null,
    BackendNodeGroups: null,
    ObserverNodeGroups: null,
  })
  await cloud.settle()
  const cases: readonly [Record<string, string>, readonly string[]][] = [
    [{}, [elsewhere, two, one]],
    [REGION, [two, one]],
    [{ RegionId: 'cn-beijing' }, [elsewhere]],
    [{ InstanceId: one }, [one]],
    [{ InstanceId: one, RegionId: 'cn-beijing' }, []],
    [{ InstanceName: 'PHA_T' }, [elsewhere, two]],
    [{ InstanceName: '%' }, []],
    [{ ResourceGroupId: 'rg-two' }, [two]],
    [{ Tag: '[{"Key":"k","Value":"1"}]' }, [one]],
    [{ Tag: '[{"Key":"k"}]' }, [one]],
    [{ Tag: '[{"Key":"k","Value":"2"}]' }, []],
    [{ InstanceStatus: 'running,creating' }, [elsewhere, two, one]],
    [{ InstanceStatus: 'creating, scaling_out' }, []],
    [{ PageSize: '2' }, [elsewhere, two]],
    [{ PageSize: '2', PageNumber: '2' }, [one]],
    [{ PageSize: '2', PageNumber: '3' }, []],
    [{ InstanceName: 'alpha', InstanceStatus: 'running', ...REGION, PageSize: '1' }, [two]],
  ]
  for (const [query, wanted] of cases) {
    const { body } = await call('DescribeInstances', { query })
    const found = body.Data.map((each: { InstanceId: string }) => each.InstanceId)
    assert.deepEqual(found, wanted, JSON.stringify(query))
    if (!('PageSize' in query)) assert.equal(body.Total, wanted.length)
  }
  const unknown = call('DescribeInstances', { query: { InstanceStatus: 'sleeping' } })
  assert.match((await refusalOf(unknown)).message, /Instance status should be select from set \[/)
})

test('pages meet without gap or overlap while instances come and go', async (t) => {
  const { cloud, call } = await start(t)
  const made: string[] = []
  for (let at = 0; at < 12; at++) made.push(await create(call, { InstanceName: `n${at}` }))
  await cloud.settle()
  const seen: string[] = []
  for (let page = 1; ; page++) {
    const { body } = await call('DescribeInstances', {
      query: { PageNumber: String(page), PageSize: '3' },
    })
    const ids = body.Data.map((each: { InstanceId: string }) => each.InstanceId)
    seen.push(...ids)
    if (ids.length < 3) break
    await create(call, { InstanceName: `new${page}` })
    await call('ReleaseInstance', { query: { InstanceId: ids[0] } })
    await cloud.settle()
  }
  assert.deepEqual(seen, made.toReversed())
})

test('node groups are narrowed by every filter', async (t) => {
  const { cloud, call } = await start(t)
  const id = await running(cloud, call, { Tags: [{ Key: 'k', Value: 'v' }] })
  const all = await call('DescribeNodeGroups', { query: { ClusterId: id } })
  const [fe, cn, observer] = all.body.Data.map((each: { NodeGroupId: string }) => each.NodeGroupId)
  assert.equal(all.body.Total, 3)
  const cases: readonly [Record<string, unknown>, readonly string[]][] = [
    [{ componentType: 'CN' }, [cn]],
    [{ nodeGroupIds: [fe, observer] }, [fe, observer]],
    [{ nodeGroupName: 'warehouse' }, [cn]],
    [{ status: 'RUNNING', PageSize: 2 }, [fe, cn]],
    [{ status: 'CREATING' }, []],
    [{ tags: [{ key: 'k', value: 'v' }], PageSize: 1, PageNumber: 3 }, [observer]],
    [{ tags: [{ key: 'k', value: 'w' }] }, []],
  ]
  for (const [body, wanted] of cases) {
    const answer = await call('DescribeNodeGroups', { query: { ClusterId: id }, body })
    const found = answer.body.Data.map((each: { NodeGroupId: string }) => each.NodeGroupId)
    assert.deepEqual(found, wanted, JSON.stringify(body))
  }
})

test('node groups are those of one instance, which has to be named', async (t) => {
  const { call } = await start(t)
  const refusal = await refusalOf(call('DescribeNodeGroups', { body: { nodeGroupIds: ['ng-1'] } }))
  assert.equal(refusal.code, 'MissingClusterId')
})

test('the history is narrowed by every filter', async (t) => {
  const { cloud, call } = await start(t)
  const id = await running(cloud, call)
  await call('UpdateInstanceName', { query: { InstanceId: id, ClusterName: 'other' } })
  await call('ReleaseInstance', { query: { InstanceId: id } })
  await cloud.settle()
  const history = async (query: Record<string, string>) =>
    (await call('ListOperationHistory', { query: { InstanceId: id, ...query } })).body
  const all = await history({})
  const [deletion, creation] = all.Data
  assert.equal(all.Total, 2)
  assert.deepEqual(
    [creation.OperationStatus, creation.Progress, typeof creation.GmtEnd],
    ['COMPLETED', 100, 'number'],
  )
  const cases: readonly [Record<string, string>, readonly unknown[]][] = [
    [{ OperationType: 'create_cluster' }, [creation]],
    [{ OperationType: 'restart_cluster' }, []],
    [{ OperationStatus: 'COMPLETED' }, [deletion, creation]],
    [{ OperationStatus: 'TERMINATED' }, []],
    [{ OperationId: creation.OperationId }, [creation]],
    [{ OperationId: 'op-0' }, []],
    [{ EndTime: String(creation.GmtCreate - 1) }, []],
    [{ StartTime: String(deletion.GmtCreate + 1) }, []],
    [
      { StartTime: String(creation.GmtCreate), EndTime: String(deletion.GmtCreate) },
      [deletion, creation],
    ],
    [{ PageSize: '1', PageNumber: '2' }, [creation]],
  ]
  for (const [query, wanted] of cases)
    assert.deepEqual((await history(query)).Data, wanted, JSON.stringify(query))
})

test('regions and zones are those that an instance can be created in', async (t) => {
  const { call } = await start(t)
  const regions = (await call('DescribeRegions')).body.Data
  assert.equal(regions.length, 13)
  for (const region of regions) {
    assert.deepEqual(Object.keys(region), [
      'Description',
      'DescriptionEn',
      'RegionId',
      'RegionName',
    ])
    const query = { RegionId: region.RegionId }
    const zones = (await call('DescribeAvailableZones', { query })).body.Data
    assert.ok(zones.OfficialAvailableZones.length > 0)
    const [ZoneId] = zones.OfficialAvailableZones
    const bare = {
      FrontendNodeGroups: null,
      BackendNodeGroups: null,
      ObserverNodeGroups: null,
      VSwitches: null,
    }
    await create(call, { ...query, ZoneId, ...bare })
  }
})

function manual(every: number) {
  return { mode: 'manual', every } as const
}
