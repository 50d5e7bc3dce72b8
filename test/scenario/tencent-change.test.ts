/** Changes of a running cluster by the vendor's own Node SDK: nodes come and go, grow and are exchanged, to the cent. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { emr } from 'tencentcloud-sdk-nodejs/tencentcloud/services/emr/index.js'
import type { OrderRow } from '../../src/admin/billing/order.ts'
import { amountOf } from '../../src/domain/money.ts'
import type { Substrate } from '../../src/substrate/port.ts'
import { startCloud, type CloudOptions } from '../support/fixture/cloud.ts'
import { DAY_MS, HOUR_MS, money, stillClock, sumOf } from '../support/fixture/money.ts'
import { KEYS, machine, REGION, sampleCreateRequest } from '../support/http/tencent-client.ts'

type Client = InstanceType<typeof emr.v20190103.Client>

const HOURLY = { PayMode: 0, TimeUnit: 's', TimeSpan: 3600 }
const MONTHLY = { PayMode: 1, TimeUnit: 'm', TimeSpan: 1 }
const RUNNING = 2
/** Of the sample: a master, two core nodes and one task node. */
const SAMPLE = { cores: 2, tasks: 1 }
const IN_PROCESS = { code: 'ResourceInUse.InstanceInProcess' }

test('nodes come, grow, are exchanged and go, and every flow and state is seen on the way', async (t) => {
  const { cloud, client, make, status, nodes, follow } = await start(t, {
    config: { progressions: { default: { mode: 'manual', every: 3 } } },
  })
  const id = await make()
  const scale = (members: object) =>
    client.ScaleOutInstance({ InstanceId: id, ...HOURLY, ...members })

  const more = await scale({ TaskCount: 2 })
  assert.equal(more.InstanceId, id)
  assert.equal(more.DealNames?.length, 1)
  assert.equal(more.BillId, more.DealNames?.[0])
  assert.equal(await status(id), 4)
  await assert.rejects(scale({ TaskCount: 1 }), IN_PROCESS)
  const seen = await follow(id, { FKey: 'TraceId', FValue: more.TraceId! })
  assert.equal(seen.at(-1)?.FlowName, '扩容Task')
  assert.deepEqual(stages(seen), ['applyCvm', 'initializeService', 'endPoint'])
  assert.deepEqual(await tags(nodes, id, 'task'), ['task.0', 'task.1', 'task.2'])
  assert.equal(await status(id), RUNNING)

  const core = await scale({ CoreCount: 1 })
  const byFlow = await follow(id, { FKey: 'FlowId', FValue: String(core.FlowId) })
  assert.equal(byFlow.at(-1)?.FlowName, '扩容Core')
  assert.deepEqual(await tags(nodes, id, 'core'), ['core.0', 'core.1', 'core.2'])

  const tasks = await nodes(id, 'task')
  const grown = [tasks[0]!, tasks[2]!]
  const resize = await client.ResizeDataDisks({
    InstanceId: id,
    DiskSize: 300,
    CvmInstanceIds: grown.map(({ OrderNo }) => OrderNo!),
    ResizeAll: true,
  })
  assert.equal(await status(id), 22)
  const resized = await follow(id, { FKey: 'FlowId', FValue: String(resize.FlowId) })
  assert.deepEqual(stages(resized), ['resizeDisk', 'endPoint'])
  assert.deepEqual(
    (await nodes(id, 'task')).map(({ DiskSize }) => DiskSize),
    ['300.00 GB', '100.00 GB', '300.00 GB'],
  )

  const exchange = await client.ModifyResource({
    InstanceId: id,
    PayMode: 0,
    NewCpu: 8,
    NewMem: 16,
    ResourceIdList: [tasks[1]!.EmrResourceId!],
  })
  assert.equal(await status(id), 22)
  await follow(id, { FKey: 'TraceId', FValue: exchange.TraceId! })
  assert.deepEqual(
    (await nodes(id, 'task')).map(({ CpuNum, MemDesc }) => [CpuNum, MemDesc]),
    [
      [4, '8GB'],
      [8, '16GB'],
      [4, '8GB'],
    ],
  )

  const gone = await client.TerminateClusterNodes({
    InstanceId: id,
    CvmInstanceIds: [tasks[1]!.OrderNo!],
    NodeFlag: 'TASK',
    GraceDownFlag: true,
    GraceDownTime: 60,
  })
  assert.equal(await status(id), 16)
  assert.deepEqual(await tags(nodes, id, 'task'), ['task.0', 'task.1', 'task.2'])
  const left = await follow(id, { FKey: 'FlowId', FValue: String(gone.FlowId) })
  assert.deepEqual(stages(left), ['decommission', 'releaseResources', 'endPoint'])
  assert.deepEqual(await tags(nodes, id, 'task'), ['task.0', 'task.2'])

  await client.TerminateTasks({ InstanceId: id, ResourceIds: [tasks[0]!.EmrResourceId!] })
  for (let look = 0; look < 50 && (await status(id)) === 16; look++) await cloud.loop.drain()
  assert.deepEqual(await tags(nodes, id, 'task'), ['task.2'])
  assert.equal(await status(id), RUNNING)
})

test('everything is refused while a change is under way, and terminating waits for its end', async (t) => {
  const { cloud, client, make, nodes, status } = await start(t, {
    config: { progressions: { default: { mode: 'time', seconds: 60 } } },
  })
  const id = await make()
  const [task] = await nodes(id, 'task')
  await client.ScaleOutInstance({ InstanceId: id, ...HOURLY, CoreCount: 1 })
  const machines = { InstanceId: id, CvmInstanceIds: [task!.OrderNo!] }
  for (const refused of [
    () => client.ScaleOutInstance({ InstanceId: id, ...HOURLY, TaskCount: 1 }),
    () => client.TerminateTasks({ InstanceId: id, ResourceIds: [task!.EmrResourceId!] }),
    () => client.TerminateClusterNodes({ ...machines, NodeFlag: 'TASK' }),
    () => client.ResizeDataDisks({ ...machines, DiskSize: 500 }),
    () => client.ModifyResource({ InstanceId: id, PayMode: 0, NewCpu: 8, NewMem: 32 }),
    () => client.TerminateInstance({ InstanceId: id }),
  ])
    await assert.rejects(refused(), IN_PROCESS)
  await cloud.settle()
  assert.equal(await status(id), RUNNING)
  await client.TerminateInstance({ InstanceId: id })
  await cloud.settle()
  assert.equal(await status(id), undefined)
})

test('a changed cluster holds and costs by the hour what one made so does', async (t) => {
  const { cloud, client, make, nodes, stored, orders, ledger, pass } = await start(t)
  const id = await make()
  const price = async () => amountOf((await orders(id))[0]!.listPrice)!
  const hours: number[] = []
  /** The change, then an hour at the price that a cluster made like this has. */
  const hour = async (change: () => Promise<unknown>, cores: number, tasks: number) => {
    await change()
    await cloud.settle()
    const like = await make(composition(cores, tasks))
    assert.deepEqual(holdings(await stored(id)), holdings(await stored(like)))
    assert.equal(await price(), amountOf((await orders(like))[0]!.listPrice)!)
    await client.TerminateInstance({ InstanceId: like })
    await cloud.settle()
    hours.push(await price())
    await pass(HOUR_MS)
  }
  const scale = (members: object) => () =>
    client.ScaleOutInstance({ InstanceId: id, ...HOURLY, ...members })
  await hour(async () => {}, 2, 1)
  await hour(scale({ TaskCount: 3 }), 2, 4)
  await hour(scale({ CoreCount: 2 }), 4, 4)
  const before = await nodes(id)
  const addresses = new Set(before.map(({ Ip }) => Ip))
  assert.equal(addresses.size, before.length)
  const remove = async (NodeFlag: string, places: readonly string[]) => {
    const chosen = (await nodes(id)).filter(({ NameTag }) => places.includes(NameTag!))
    const CvmInstanceIds = chosen.map(({ OrderNo }) => OrderNo!)
    return client.TerminateClusterNodes({ InstanceId: id, CvmInstanceIds, NodeFlag })
  }
  await hour(() => remove('CORE', ['core.0']), 3, 4)
  await hour(() => remove('TASK', ['task.0', 'task.2']), 3, 2)
  const after = new Set((await nodes(id)).map(({ Ip }) => Ip))
  const freed = [...addresses].filter((address) => !after.has(address))
  assert.equal(freed.length, 3)
  await hour(scale({ CoreCount: 1 }), 4, 2)
  const [latest] = (await nodes(id, 'core')).toSorted((a, b) =>
    b.NameTag!.localeCompare(a.NameTag!),
  )
  assert.equal(latest?.NameTag, 'core.4')
  assert.ok(freed.includes(latest.Ip))
  await client.TerminateInstance({ InstanceId: id })
  await cloud.settle()
  const used = hours.reduce((sum, amount) => sum + amount, 0)
  assert.equal(sumOf(await ledger(id)), -used)
  assert.equal((await orders(id)).filter(({ kind }) => kind === 'change').length, 5)
})

test('a subscription pays for more nodes until its end, gets back for fewer, and is renewed at the new price', async (t) => {
  const { cloud, client, make, nodes, orders, ledger, pass, passUntil } = await start(t, {
    clock: stillClock('2026-03-01T04:00:00Z'),
  })
  const id = await make({ ...MONTHLY, AutoRenew: 1 })
  const [bought] = await orders(id)
  const term = async (cores: number, tasks: number) =>
    (await orders(await make({ ...MONTHLY, ...composition(cores, tasks) })))[0]!
  const small = await term(2, 1)
  const large = await term(2, 3)
  assert.equal(small.total, bought!.total)
  await pass(10 * DAY_MS)
  await client.ScaleOutInstance({ InstanceId: id, ...MONTHLY, AutoRenew: 1, TaskCount: 2 })
  await cloud.settle()
  const rest = (share: number) =>
    [...itemsOf(large)].reduce(
      (sum, [name, amount]) => sum + Math.round((amount - itemsOf(small).get(name)!) * share),
      0,
    )
  const more = (await orders(id))[0]!
  assert.equal(more.kind, 'change')
  assert.equal(more.until, bought!.until)
  // Ten of the 31 days of March are over.
  assert.equal(amountOf(more.total), rest(21 / 31))
  assert.equal(sumOf(await ledger(id)), -(amountOf(small.total)! + rest(21 / 31)))
  await pass(5 * DAY_MS)
  const chosen = (await nodes(id, 'task')).slice(0, 2)
  await client.TerminateTasks({
    InstanceId: id,
    ResourceIds: chosen.map(({ EmrResourceId }) => EmrResourceId!),
  })
  await cloud.settle()
  const fewer = (await orders(id))[0]!
  assert.equal(amountOf(fewer.total), -rest(16 / 31))
  const paid = amountOf(small.total)! + rest(21 / 31) - rest(16 / 31)
  assert.equal(sumOf(await ledger(id)), -paid)
  const [core] = await nodes(id, 'core')
  await client.ResizeDataDisks({ InstanceId: id, DiskSize: 200, CvmInstanceIds: [core!.OrderNo!] })
  await cloud.settle()
  const disks = amountOf((await orders(id))[0]!.total)!
  // A GB of CLOUD_PREMIUM costs 0.60 yuan a month, and 16 of 31 days are left.
  assert.equal(disks, Math.round((100 * 6_000 * 16) / 31))
  await passUntil(Date.parse(bought!.until!))
  const [renewal] = await orders(id)
  assert.equal(renewal?.kind, 'renew')
  assert.equal(amountOf(renewal.total), amountOf(small.total)! + 100 * 6_000)
  assert.equal(sumOf(await ledger(id)), -(paid + disks + amountOf(renewal.total)!))
})

test('a change that cannot be completed goes back, and its flow says why', async (t) => {
  const broken = { is: false }
  const { cloud, client, make, nodes, status, stored, orders, ledger } = await start(t, {
    wrap: { substrate: (inner) => unplaceable(inner, broken) },
  })
  const id = await make(MONTHLY)
  const before = await stored(id)
  broken.is = true
  const { TraceId, DealNames } = await client.ScaleOutInstance({
    InstanceId: id,
    ...MONTHLY,
    TaskCount: 2,
  })
  await cloud.settle()
  const FlowParam = { FKey: 'TraceId', FValue: TraceId! }
  const flow = await client.DescribeClusterFlowStatusDetail({ InstanceId: id, FlowParam })
  assert.equal(flow.FlowTotalStatus, -1)
  assert.match(flow.FlowInfo!, /no machine is left/)
  const failed = flow.StageDetails?.find(({ Status }) => Status === -1)
  assert.match(failed!.FailedReason!, /no machine is left/)
  assert.equal(await status(id), RUNNING)
  assert.deepEqual(await tags(nodes, id, 'task'), ['task.0'])
  assert.deepEqual(holdings(await stored(id)), holdings(before))
  const [order] = await orders(id)
  assert.equal(order?.order, DealNames?.[0])
  assert.equal(order?.state, 'refunded')
  const [first] = (await orders(id)).toReversed()
  assert.equal(sumOf(await ledger(id)), -amountOf(first!.total)!)
  broken.is = false
  await client.ScaleOutInstance({ InstanceId: id, ...MONTHLY, TaskCount: 1 })
  await cloud.settle()
  assert.deepEqual(await tags(nodes, id, 'task'), ['task.0', 'task.1'])
})

type Nodes = (id: string, flag?: string) => Promise<readonly { readonly NameTag?: string }[]>

async function tags(nodes: Nodes, id: string, flag: string) {
  return (await nodes(id, flag)).map(({ NameTag }) => NameTag)
}

async function start(t: TestContext, options: CloudOptions = {}) {
  const cloud = await startCloud(t, { clock: stillClock('2026-01-31T04:00:00Z'), ...options })
  const client = connect(cloud.port)
  const status = async (id: string) => {
    const request = { DisplayStrategy: 'clusterList', InstanceIds: [id], ProjectId: -1 }
    return (await client.DescribeInstances(request)).ClusterList?.[0]?.Status
  }
  const stored = async (id: string) =>
    (await cloud.store.read((tx) => tx.findById('cluster', id)))!.document
  return {
    cloud,
    client,
    status,
    stored,
    ...money(cloud),
    async make(members: Readonly<Record<string, unknown>> = {}) {
      const request = sampleCreateRequest({
        ...composition(SAMPLE.cores, SAMPLE.tasks),
        ...members,
      })
      const { InstanceId: id } = await client.CreateInstance(request)
      await cloud.loop.drain()
      for (let look = 0; look < 50 && (await status(id!)) !== RUNNING; look++)
        await cloud.loop.drain()
      if ((await status(id!)) !== RUNNING) await cloud.settle()
      return id!
    },
    async nodes(id: string, NodeFlag = 'all') {
      return (await client.DescribeClusterNodes({ InstanceId: id, NodeFlag })).NodeList!
    },
    /** Every answer until the flow is done, as the Terraform provider follows one. */
    async follow(id: string, FlowParam: { FKey: string; FValue: string }) {
      const answers = []
      for (let look = 0; look < 50; look++) {
        const answer = await client.DescribeClusterFlowStatusDetail({ InstanceId: id, FlowParam })
        answers.push(answer)
        if (answer.FlowTotalStatus !== 1) break
        await cloud.loop.drain()
      }
      assert.equal(answers.at(-1)?.FlowTotalStatus, 2)
      assert.ok(answers.length > 1, 'it was never seen under way')
      return answers
    },
  }
}

function connect(port: number): Client {
  const httpProfile = { endpoint: `127.0.0.1:${port}`, protocol: 'http://' } as const
  return new emr.v20190103.Client({
    credential: { secretId: KEYS.keyId, secretKey: KEYS.secret },
    region: REGION,
    profile: { httpProfile },
  })
}

function composition(cores: number, tasks: number) {
  const { ResourceSpec } = sampleCreateRequest()
  const task = { TaskResourceSpec: machine(4, 8), TaskCount: tasks }
  return { ResourceSpec: { ...ResourceSpec, CoreCount: cores, ...task } }
}

function stages(
  answers: readonly { readonly StageDetails?: readonly { Stage?: string }[] | null }[],
) {
  return answers.at(-1)?.StageDetails?.map(({ Stage }) => Stage)
}

function holdings({ reservations = [] }: { readonly reservations?: readonly object[] }) {
  return reservations.map((each) => JSON.stringify(each)).toSorted()
}

function itemsOf({ items }: OrderRow): ReadonlyMap<string, number> {
  return new Map(items.map(({ name, amount }) => [name, amountOf(amount)!]))
}

/** Has no machine for a second task node, as long as it is broken. */
function unplaceable(inner: Substrate, broken: { readonly is: boolean }): Substrate {
  const problem = {
    kind: 'unplaceable',
    reason: 'no machine is left for it',
    sinceMs: 0,
    persists: true,
  } as const
  return {
    ...inner,
    async observe(id) {
      const seen = await inner.observe(id)
      if (!broken.is) return seen
      const groups = seen.groups.map((group) =>
        group.nodes.length > 1 && group.id.endsWith('.task') ? { ...group, problem } : group,
      )
      return { ...seen, groups }
    },
  }
}
