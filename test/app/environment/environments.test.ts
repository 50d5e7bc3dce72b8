import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import { manualClock } from '../../../src/kernel/clock.ts'
import type { NewCluster } from '../../../src/app/cluster/create.ts'
import type { Allocation } from '../../../src/app/environment/allocation.ts'
import { measures } from '../../../src/domain/environment.ts'
import { Fault } from '../../../src/domain/fault.ts'
import { openSqliteStore } from '../../../src/store/sqlite/store.ts'
import type { AccountReservation } from '../../../src/store/supply.ts'
import type { Store } from '../../../src/store/port.ts'
import { simulation } from '../../../src/substrate/simulation/simulation.ts'
import { openWorld } from '../../../src/substrate/simulation/world.ts'
import { smallCore } from '../../support/fixture/core.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'
import type { EnvironmentChange } from '../../support/fixture/environment.ts'
import { sampleCall, sampleCluster, sampleGroup } from '../../support/fixture/sample.ts'

const call = sampleCall({ region: 'r-1' })
const MACHINES_MAX = 9
const HOSTS = 13
const SHORT = 'out of stock'

/** Where a unit of work breaks: before it begins, with everything done but not committed, after its commit. */
type Crash = 'none' | 'before' | 'inside' | 'after'

interface CrashPlan {
  next: Crash
  /** How many units of work go well before. */
  skip: number
}

interface World {
  readonly truth: Store
  readonly crash: CrashPlan
  create(nodes: number, allocation?: Partial<Allocation>): Promise<string>
  release(id: string): Promise<void>
  settle(): Promise<void>
}

function worldIn(t: TestContext, change: EnvironmentChange = {}): World {
  const truth = openSqliteStore(join(temporaryDirectory(t), 'emrys.db'))
  t.after(() => truth.close())
  const crash: CrashPlan = { next: 'none', skip: 0 }
  const store: Store = { ...truth, write: (work) => crashing(truth, crash, work) }
  const clock = manualClock()
  const progressions = { default: { mode: 'immediate' } } as const
  const substrate = simulation({ clock, world: openWorld(':memory:'), progressions })
  const { app, loop } = smallCore({ store, substrate, clock, environment: change })
  let made = 0
  return {
    truth,
    crash,
    async create(nodes, allocation) {
      const request = {
        token: undefined,
        parameters: {},
        newCluster: () => newClusterOf(made++, nodes, allocation),
      }
      return (await app.create(call, request)).cluster
    },
    release: (id) => app.release(call, id),
    async settle() {
      for (let round = 0; round < 5; round++) {
        await loop.drain().catch(() => {})
        clock.advance(61_000)
      }
    },
  }
}

async function crashing<T>(
  store: Store,
  crash: CrashPlan,
  work: Parameters<Store['write']>[0],
): Promise<T> {
  const next = crash.skip-- > 0 ? 'none' : crash.next
  if (next !== 'none') crash.next = 'none'
  if (next === 'before') throw new Error('crashed before')
  const result = (await store.write(async (tx) => {
    const done = await work(tx)
    if (next === 'inside') throw new Error('crashed inside')
    return done
  })) as T
  if (next === 'after') throw new Error('crashed after')
  return result
}

function newClusterOf(
  number: number,
  nodes: number,
  allocation: Partial<Allocation> = {},
): NewCluster {
  const id = `c-${number}`
  const {
    account: _a,
    product: _p,
    status: _s,
    secrets: _c,
    ...cluster
  } = sampleCluster({
    id,
    region: 'r-1',
    spec: { groups: [{ ...sampleGroup(`${id}-g`, nodes), subnet: 's-1', exposed: true }] },
  })
  const at = { zone: 'z-1', charge: 'postpaid' }
  return {
    cluster,
    secrets: {},
    order: {
      id: `o-${number}`,
      kind: 'buy',
      state: 'paid',
      currency: 'X',
      items: [],
      discount: 0,
    },
    allocation: {
      uses: [],
      makes: [{ kind: 'security-group', id: `g-${number}`, region: 'r-1', name: `${id}_group` }],
      reservations: [
        { measure: 'machine', type: 'M', ...at, amount: nodes },
        { measure: 'cluster', type: '', ...at, amount: 1 },
      ],
      ...allocation,
    },
  }
}

const everything = { account: undefined, order: 'oldest', limit: 1000, offset: 0 } as const

async function checkBooks({ truth }: World): Promise<void> {
  const { rows } = await truth.read((tx) => tx.list('cluster', everything))
  const reservations = await truth.read((tx) => tx.reservations(undefined, 100))
  const sums = new Map<string, number>()
  for (const { document } of rows)
    for (const { measure, amount } of document.reservations ?? [])
      sums.set(measure, (sums.get(measure) ?? 0) + amount)
  const taken = new Map(
    reservations.map(({ measure, amount }: AccountReservation) => [measure, amount]),
  )
  for (const measure of measures)
    assert.equal(taken.get(measure) ?? 0, sums.get(measure) ?? 0, measure)
  assert.ok((taken.get('machine') ?? 0) <= MACHINES_MAX)
  const there = rows.filter(({ document }) => document.status.state !== 'deleted')
  const nodes = there.flatMap(({ document }) =>
    document.spec.groups.flatMap((group) => group.nodes),
  )
  const addresses = nodes.map((node) => node.address)
  assert.equal(new Set(addresses).size, addresses.length, 'an address has two nodes')
  for (const address of addresses) assert.match(address ?? '', /^10\.1\.0\.([2-9]|1[0-4])$/)
  for (const { publicAddress } of nodes) assert.match(publicAddress ?? '', /^198\.18\.0\.\d+$/)
}

const crash: fc.Arbitrary<Crash> = fc.constantFrom('none', 'none', 'before', 'inside', 'after')
const step = fc.oneof(
  fc.record({ do: fc.constant('create' as const), nodes: fc.integer({ min: 1, max: 5 }), crash }),
  fc.record({ do: fc.constant('release' as const), nth: fc.nat(20), crash }),
  fc.record({ do: fc.constant('settle' as const), crash, skip: fc.nat(6) }),
)

test('whatever is created, deleted and broken off, the books balance and end at nothing', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const limits = [{ rule: 'stock', measure: 'machine', most: MACHINES_MAX } as const]
      const world = worldIn(t, { limits })
      const alive = async () => {
        const { rows } = await world.truth.read((tx) =>
          tx.list('cluster', { ...everything, exceptStates: ['deleting', 'deleted'] }),
        )
        return rows.map(({ document }) => document.id)
      }
      for (const it of steps) {
        Object.assign(world.crash, { next: it.crash, skip: it.do === 'settle' ? it.skip : 0 })
        if (it.do === 'settle') await world.settle()
        if (it.do === 'create') await world.create(it.nodes).catch(expected)
        const ids = it.do === 'release' ? await alive() : []
        const id = it.do === 'release' ? ids[it.nth % Math.max(1, ids.length)] : undefined
        if (id !== undefined) await world.release(id).catch(expected)
        world.crash.next = 'none'
        await checkBooks(world)
      }
      for (const id of await alive()) await world.release(id)
      await world.settle()
      assert.deepEqual(await world.truth.read((tx) => tx.reservations(undefined, 10)), [])
      const pool = 'a/r-1/s-1/10.1.0.0/28'
      const all = { pool, first: 0x0a010002, last: 0x0a01000e, count: HOSTS }
      const [numbers] = (await world.truth.write((tx) => tx.allocateAddresses('x', [all]))) as [[]]
      assert.equal(numbers.length, HOSTS)
    }),
    { numRuns: 25 },
  )
})

/** A refusal for lack of something, or the crash. */
function expected(problem: Error): void {
  if (problem instanceof Fault) assert.match(problem.code, /^Resource(Short|Full)$/)
  else assert.match(problem.message, /^crashed/)
}

test('a refusal takes nothing, and names what is short', async (t) => {
  const limits = [
    { rule: 'quota', measure: 'cluster', most: 1 },
    { rule: 'stock', measure: 'machine', type: 'M', zone: 'z-1', most: 3 },
  ] as const
  const world = worldIn(t, { limits })
  await assert.rejects(world.create(4), {
    code: 'ResourceShort',
    facts: { what: 'machine', type: 'M', zone: 'z-1', wanted: 4, available: 3 },
  })
  await world.create(1)
  await assert.rejects(world.create(1), {
    code: 'QuotaExceeded',
    facts: { what: 'cluster', type: '', limit: 1, used: 1, wanted: 1 },
  })
  assert.equal((await world.truth.read((tx) => tx.list('resource', everything))).total, 1)
})

test('a full subnet refuses, or fails the cluster where the vendor says so later', async (t) => {
  const world = worldIn(t)
  const first = await world.create(12)
  await assert.rejects(world.create(2), {
    code: 'ResourceFull',
    facts: { what: 'subnet', id: 's-1', wanted: 2, free: 1 },
  })
  const second = await world.create(2, { whenShort: SHORT })
  await world.settle()
  const found = await world.truth.read((tx) => tx.findById('cluster', second))
  assert.deepEqual([found?.document.status.state, found?.document.status.reason], ['failed', SHORT])
  await world.release(first)
  await world.release(second)
  await world.settle()
  const third = await world.create(13)
  const { groups } = (await world.truth.read((tx) => tx.findById('cluster', third)))!.document.spec
  assert.equal(groups[0]?.nodes[0]?.address, '10.1.0.2')
})

test('an adopted subnet has addresses that no other subnet of its network has', async (t) => {
  const world = worldIn(t)
  const uses = ['s-8', 's-9'].map((id) => ({
    kind: 'subnet' as const,
    id,
    region: 'r-1',
    network: 'n-1',
    zone: 'z-1',
  }))
  await world.create(1, { uses })
  await world.create(1, { uses })
  const { rows } = await world.truth.read((tx) =>
    tx.list('resource', { ...everything, resourceKind: 'subnet' }),
  )
  assert.deepEqual(
    rows.map(({ document: { resource } }) => [resource.id, resource.cidr]),
    [
      ['s-8', '10.128.0.0/12'],
      ['s-9', '10.144.0.0/12'],
    ],
  )
  const elsewhere = uses.map((each) => ({ ...each, zone: 'z-2' }))
  await assert.rejects(world.create(1, { uses: elsewhere }), { code: 'ResourceMismatch' })
})
