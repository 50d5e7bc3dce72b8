import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { manualClock } from '../../../../src/kernel/clock.ts'
import { silentLogger } from '../../../../src/kernel/log.ts'
import type { GroupLimits, ResourceGroupEntry } from '../../src/catalog/resource-group.ts'
import type { Execution } from '../../src/execution/execution.ts'
import { guardOf } from '../../src/execution/guard.ts'
import { memoryLimits } from '../../src/execution/memory-limit.ts'
import { runningGuards } from '../../src/execution/running-guards.ts'
import type { Duck } from '../../src/storage/duck.ts'
import type { Link } from '../../src/storage/link.ts'
import { connect, testClient } from '../support/open-engine.ts'

const MIB = 1024 ** 2

const group = (name: string, limits: GroupLimits): ResourceGroupEntry => ({
  kind: 'resource group',
  id: 1,
  name,
  type: 'NORMAL',
  limits,
  classifiers: [],
})

/** DuckDB with 100 MiB, of which it says to hold `bytes`. */
function world() {
  const clock = manualClock()
  const guards = runningGuards()
  const said = { bytes: 0, asked: 0 }
  const link = {
    interrupt: () => {},
    close: async () => {},
    rows: async () => {
      said.asked++
      return [[BigInt(said.bytes)]]
    },
  } as Partial<Link> as Link
  const duck = { connect: async () => link } as Partial<Duck> as Duck
  const limits = memoryLimits({ clock, duck, guards, log: silentLogger() })
  const store = { current: { variables: () => [] } }
  const begin = (of?: ResourceGroupEntry, variables: Readonly<Record<string, string>> = {}) => {
    const guard = guardOf({ clock, guards }, link, 300)
    const execution = {
      guard,
      startMs: clock.now(),
      queryId: '7',
      engine: { limits: { memoryBytes: 100 * MIB }, store },
      state: { variables: new Map(Object.entries(variables)) },
    } as unknown as Execution
    const followed = { guard, why: undefined as string | undefined }
    guard.onCancel((error) => (followed.why = error.message))
    limits.follow(execution, of)
    return followed
  }
  /** What runs has a number of MiB more, and is looked at. */
  const look = async (more = 0) => {
    said.bytes += more * MIB
    clock.advance(100)
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  return { begin, look, said, guards }
}

describe('the memory that a statement may take', () => {
  test('by itself is that of its group', async () => {
    const { begin, look } = world()
    const one = begin(group('rg', { memLimit: 0.2 }))
    await look()
    await look(20)
    assert.equal(one.why, undefined)
    await look(1)
    assert.equal(
      one.why,
      `Memory of rg exceed limit. Backend: local, Used: ${21 * MIB}, Limit: ${20 * MIB}. Mem usage has exceed the limit of the resource group [rg]. You can change the limit by modifying [mem_limit] of this group`,
    )
  })

  test('is what it takes and not what there was before', async () => {
    const { begin, look } = world()
    await look(60)
    const one = begin(group('rg', { memLimit: 0.2 }))
    await look()
    await look(10)
    assert.equal(one.why, undefined)
  })

  test('is not known beside a statement of another group, or of none', async () => {
    const { begin, look } = world()
    const [own, other] = [group('rg', { memLimit: 0.2 }), group('other', { memLimit: 0.2 })]
    for (const its of [other, undefined])
      for (const isOlder of [true, false]) {
        const before = isOlder ? begin(its) : undefined
        const one = begin(own)
        await look()
        const neighbour = before ?? begin(its)
        await look()
        await look(50)
        await look(50)
        assert.deepEqual([one.why, neighbour.why], [undefined, undefined])
        neighbour.guard.end()
        // What the other had may still be counted; what comes from now on is this one's.
        await look(50)
        await look(20)
        assert.equal(one.why, undefined)
        await look(1)
        assert.match(one.why ?? '', /limit of the resource group \[rg\]/)
        one.guard.end()
      }
  })

  test('is not known of one that began or ended beside the question', async () => {
    const { begin, look, said, guards } = world()
    const one = begin(group('rg', { memLimit: 0.2 }))
    await look()
    const asked = said.asked
    const looking = look(50)
    begin().guard.end()
    await looking
    assert.ok(said.asked > asked)
    assert.equal(guards.all.size, 1)
    assert.equal(one.why, undefined)
  })

  test('is shared by the statements of a group, of which the oldest is ended first', async () => {
    const { begin, look } = world()
    const rg = group('rg', { memLimit: 0.2, bigQueryMemLimit: String(MIB) })
    const first = begin(rg)
    await look()
    const second = begin(rg)
    await look()
    // Whose these are is not known: nobody's limit of big queries is exceeded.
    await look(15)
    assert.deepEqual([first.why, second.why], [undefined, undefined])
    await look(6)
    assert.match(first.why ?? '', /limit of the resource group \[rg\]/)
    await look(20)
    assert.equal(second.why, undefined)
    first.guard.end()
    await look()
    await look(2)
    assert.match(second.why ?? '', /big query limit of the resource group \[rg\]/)
  })

  test('goes by the nearest limit, as in StarRocks', async () => {
    const { begin } = world()
    const single = /^Memory of Query7 exceed limit\. .*limit of single query/
    const big = /big query limit of the resource group/
    const shared = /the limit of the resource group/
    const cases: readonly [number, string, string, RegExp | undefined][] = [
      [0, '0', '0', shared],
      [0, '0', '1024', single],
      [0, '1020', '0', shared],
      [0.9, '0', '0', undefined],
      [0.9, '1020', '0', big],
      [0.9, '1020', '1024', big],
      [0.9, '1024', '1024', single],
      [0.9, '1020', '999999999', big],
      [0.9, '0', '1020', single],
      [1, '0', '0', undefined],
    ]
    for (const [memLimit, bigQueryMemLimit, query, wanted] of cases) {
      const of = group('rg', { memLimit, bigQueryMemLimit })
      const { why, guard } = begin(of, { query_mem_limit: query })
      if (wanted) assert.match(why ?? '', wanted, `${memLimit} ${bigQueryMemLimit} ${query}`)
      else assert.equal(why, undefined)
      guard.end()
      assert.equal(begin(of, { query_mem_limit: query, enable_spill: 'true' }).why, undefined)
    }
  })

  test('costs no question where nothing is limited, and none when it is over at once', async () => {
    const { begin, look, said } = world()
    begin(group('rg', { memLimit: 1 }))
    await look()
    const { guard } = begin(group('rg', { memLimit: 0.5 }))
    guard.end()
    await look()
    assert.equal(said.asked, 0)
  })
})

const HEAVY = 'SELECT count(DISTINCT concat(a.k, b.k)) FROM t a, t b WHERE a.k <= 400'

test('a statement of DuckDB that takes more than its group may is ended, and not beside others', async (t) => {
  const { engine, client } = await testClient(t)
  await client.run(
    `CREATE TABLE t (k INT) DISTRIBUTED BY HASH(k); INSERT INTO t SELECT n FROM TABLE(generate_series(1, 4000)) AS g(n);
     CREATE USER jack; GRANT SELECT ON TABLE d.t TO USER jack;
     CREATE RESOURCE GROUP rg TO (user='jack') WITH ('cpu_weight' = '1', 'mem_limit' = '0.02')`,
  )
  const jack = await connect(engine, 'jack', 'd')
  assert.match((await jack.refusal(HEAVY)).message, /^Memory of rg exceed limit\. Backend: local/)
  assert.deepEqual(await jack.rows('SELECT count(*) FROM t'), [[4000]])
  const held = client.session.execute('SELECT k FROM t')
  const { value: result } = await held[Symbol.asyncIterator]().next()
  assert.ok(result?.kind === 'rows')
  const [row] = await jack.rows(HEAVY)
  assert.ok(Number(row?.[0]) > 1_000_000)
  for await (const _chunk of result.chunks);
  await client.run("ALTER RESOURCE GROUP rg WITH ('mem_limit' = '0.9')")
  assert.deepEqual(await jack.rows(HEAVY), [row])
  await jack.run('SET query_mem_limit = 2097152')
  assert.match((await jack.refusal(HEAVY)).message, /limit of single query/)
})
