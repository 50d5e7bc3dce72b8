/** An instance in a server of its own, as the vendor's client sees it: what is sent, what is read back, and what the store keeps. */
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import type { Order } from '../../src/domain/order.ts'
import {
  alibabaClient,
  createBody,
  refusalOf,
  type AlibabaAnswer,
  type AlibabaClient,
  type AlibabaError,
} from './alibaba-client.ts'
import { startCloud, type Cloud, type CloudOptions } from './cloud.ts'

export type Query = Readonly<Record<string, string | number | boolean>>

// oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member, as scripts do
type View = any

export interface AlibabaInstance {
  readonly cloud: Cloud
  readonly call: AlibabaClient
  readonly id: string
  describe(): Promise<View>
  groups(): Promise<readonly View[]>
  /** The first one of a component. */
  group(component: string): Promise<View>
  /** Sends a request about this instance; with `component`, about the first group of it. */
  send(action: string, query?: Query, component?: string): Promise<AlibabaAnswer>
  refusal(action: string, query?: Query, component?: string): Promise<AlibabaError>
  /** The latest first. */
  history(query?: Query): Promise<readonly View[]>
  document(): Promise<Cluster>
  /** Of this instance, the latest first. */
  orders(): Promise<readonly Order[]>
}

export interface InstanceOptions {
  /** Of CreateInstanceV1, beside what every instance of these tests is created with. */
  readonly body?: Readonly<Record<string, unknown>>
  readonly cloud?: CloudOptions
}

/** Without a coupon and without observers, so that what it costs is what its groups cost. */
const plain = { PromotionOptionNo: '', ObserverNodeGroups: [] }

/** Running, when it is returned; simulated instances take manual looks as they come. */
export async function startInstance(
  t: TestContext,
  { body = {}, cloud: options = {} }: InstanceOptions = {},
): Promise<AlibabaInstance> {
  const cloud = await startCloud(t, options)
  const call = alibabaClient(cloud.port)
  const created = await call('CreateInstanceV1', { body: createBody({ ...plain, ...body }) })
  const instance = instanceOf(cloud, call, String(created.body.Data.InstanceId))
  await cloud.loop.drain()
  await untilRunning(instance)
  return instance
}

/** Looks until it runs, and more slowly after a while: real engines take their time, simulated ones take looks. */
export async function untilRunning({ describe }: Pick<AlibabaInstance, 'describe'>): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    if ((await describe()).InstanceStatus === 'running') return
    if (look > QUICK_LOOKS) await pause(50)
  }
  throw new Error(`the instance is ${(await describe()).InstanceStatus}, not running`)
}

const QUICK_LOOKS = 50
/** A busy machine takes a minute to start an engine. */
const LOOKS_MAX = 1_800

function instanceOf(cloud: Cloud, call: AlibabaClient, id: string): AlibabaInstance {
  const about = async (query: Query, component: string | undefined) => {
    const group = component === undefined ? {} : { NodeGroupId: (await one(component)).NodeGroupId }
    return texts({ RegionId: 'cn-hangzhou', InstanceId: id, ...group, ...query })
  }
  const groups = async () =>
    (await call('DescribeNodeGroups', { query: { ClusterId: id } })).body.Data as readonly View[]
  const one = async (component: string): Promise<View> =>
    (await groups()).find(({ ComponentType }) => ComponentType === component)
  const send: AlibabaInstance['send'] = async (action, query = {}, component) =>
    call(action, { query: await about(query, component) })
  return {
    cloud,
    call,
    id,
    groups,
    group: one,
    send,
    describe: async () =>
      (await call('DescribeInstances', { query: { InstanceId: id } })).body.Data[0],
    refusal: (action, query, component) => refusalOf(send(action, query, component)),
    history: async (query = {}) => (await send('ListOperationHistory', query)).body.Data,
    async document() {
      const found = await cloud.store.read((tx) => tx.findById('cluster', id))
      if (!found) throw new Error(`${id} is not in the store`)
      return found.document
    },
    async orders() {
      const listing = {
        account: undefined,
        parent: id,
        order: 'newest',
        limit: 50,
        offset: 0,
      } as const
      const { rows } = await cloud.store.read((tx) => tx.list('order', listing))
      return rows.map(({ document }) => document)
    },
  }
}

function texts(query: Query): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]))
}
