/** What every store owes for supply (src/store/supply.ts). */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import * as fc from 'fast-check'
import type { Reservation } from '../../src/domain/environment.ts'
import type { Store } from '../../src/store/port.ts'
import type { AddressRequest } from '../../src/store/supply.ts'

const machine: Reservation = {
  measure: 'machine',
  type: 'M1',
  zone: 'z-1',
  charge: 'postpaid',
  amount: 3,
}
const owner = { account: 'a', region: 'r-1' }
const request = { pool: 'p', first: 10, last: 14, count: 2 }

/** Of one pool. */
async function takeIn(
  store: Store,
  { holder = 'c-1', ...more }: Partial<AddressRequest> & { readonly holder?: string },
): Promise<readonly number[] | { readonly free: number }> {
  const taken = await store.write((tx) => tx.allocateAddresses(holder, [{ ...request, ...more }]))
  return 'free' in taken ? { free: taken.free } : taken[0]!
}

export function supplyConformance(name: string, open: (t: TestContext) => Promise<Store>): void {
  const suite = (sentence: string, run: (store: Store) => Promise<void>) =>
    test(`${name}: ${sentence}`, async (t) => run(await open(t)))

  suite('what is reserved is summed by what a limit covers, per account', async (store) => {
    await store.write(async (tx) => {
      await tx.reserve(owner, [machine])
      await tx.reserve({ ...owner, region: 'r-2' }, [{ ...machine, zone: 'z-9', amount: 7 }])
      await tx.reserve({ ...owner, account: 'b' }, [machine])
      await tx.reserve(owner, [
        { ...machine, type: 'M2', amount: 5 },
        { ...machine, measure: 'disk', amount: 11 },
      ])
      await tx.reserve(owner, [])
    })
    const limitOf = (limit: object) =>
      ({ rule: 'stock', measure: 'machine', most: 0, ...limit }) as const
    const reserved = async (limit: object) =>
      (await store.read((tx) => tx.reserved('a', [limitOf(limit)])))[0]
    const both = [limitOf({ region: 'r-2' }), limitOf({ type: 'M2' })]
    assert.deepEqual(await store.read((tx) => tx.reserved('a', both)), [7, 5])
    assert.deepEqual(await store.read((tx) => tx.reserved('a', [])), [])
    assert.equal(await reserved({}), 15)
    assert.equal(await reserved({ region: 'r-1' }), 8)
    assert.equal(await reserved({ region: 'r-1', type: 'M1' }), 3)
    assert.equal(await reserved({ zone: 'z-9' }), 7)
    assert.equal(await reserved({ charge: 'prepaid' }), 0)
    assert.equal(await reserved({ measure: 'disk' }), 11)
    assert.equal((await store.read((tx) => tx.reservations('a', 10))).length, 4)
    assert.equal((await store.read((tx) => tx.reservations(undefined, 10))).length, 5)
  })

  suite(
    'nothing is released that was not reserved, and the attempt leaves no trace',
    async (store) => {
      await store.write((tx) => tx.reserve(owner, [machine]))
      for (const it of [
        { ...machine, amount: 4 },
        { ...machine, type: 'M9', amount: 1 },
      ])
        await assert.rejects(store.write((tx) => tx.release(owner, it)))
      assert.equal((await store.read((tx) => tx.reservations('a', 10)))[0]?.amount, 3)
      await store.write((tx) => tx.release(owner, { ...machine, amount: 3 }))
      assert.deepEqual(await store.read((tx) => tx.reservations('a', 10)), [])
    },
  )

  suite('addresses are the lowest free ones, and all or none are allocated', async (store) => {
    const take = (more: object) => takeIn(store, more)
    assert.deepEqual(await take({}), [10, 11])
    assert.deepEqual(await take({ holder: 'c-2' }), [12, 13])
    assert.deepEqual(await take({ holder: 'c-3' }), { free: 1 })
    assert.deepEqual(await take({ holder: 'c-3', pool: 'q' }), [10, 11])
    await store.write((tx) => tx.releaseAddresses('c-1'))
    assert.deepEqual(await take({ holder: 'c-3', count: 4 }), { free: 3 })
    assert.deepEqual(await take({ holder: 'c-3', count: 3 }), [10, 11, 14])
    assert.deepEqual(await take({ holder: 'c-4', count: 1 }), { free: 0 })
  })

  suite(
    'addresses of several pools are allocated together, and in none when one is short',
    async (store) => {
      const q = { pool: 'q', first: 20, last: 24, count: 3 }
      const take = (...requests: AddressRequest[]) =>
        store.write((tx) => tx.allocateAddresses('c-1', requests))
      assert.deepEqual(await take(), [])
      const none = { ...request, pool: 'r', count: 0 }
      assert.deepEqual(await take(q, none, request), [[20, 21, 22], [], [10, 11]])
      assert.deepEqual(await take(request, q), { short: q, free: 2 })
      const both = [
        [12, 13],
        [23, 24],
      ]
      assert.deepEqual(await take(request, { ...q, count: 2 }), both)
    },
  )

  suite('single addresses are released by their holder alone', async (store) => {
    const take = (more: object) => takeIn(store, more)
    const release = (holder: string, numbers: readonly number[]) =>
      store.write((tx) => tx.releaseAddresses(holder, numbers))
    const other = { pool: 'q', first: 20, last: 24 }
    assert.deepEqual(await take({ count: 3 }), [10, 11, 12])
    assert.deepEqual(await take({ ...other, count: 3 }), [20, 21, 22])
    assert.deepEqual(await take({ holder: 'c-2', count: 1 }), [13])
    await release('c-2', [10, 11])
    await release('c-1', [])
    await release('c-1', [13, 99])
    assert.deepEqual(await take({ holder: 'c-3', count: 2 }), { free: 1 })
    await release('c-1', [11])
    await release('c-1', [11])
    assert.deepEqual(await take({ holder: 'c-3', count: 1 }), [11])
    // It has another holder now.
    await release('c-1', [11])
    assert.deepEqual(await take({ holder: 'c-4', count: 2 }), { free: 1 })
    assert.deepEqual(await take({ ...other, holder: 'c-4', count: 1 }), [23])
    await store.write((tx) => tx.releaseAddresses('c-1'))
    assert.deepEqual(await take({ holder: 'c-4', count: 3 }), [10, 12, 14])
    assert.deepEqual(await take({ ...other, holder: 'c-4', count: 3 }), [20, 21, 22])
  })

  suite(
    'units of a batch see what those before them took, and not what was undone',
    async (store) => {
      const limit = { rule: 'stock', measure: 'machine', region: 'r-1', most: 0 } as const
      const seen: (readonly [sum: number | undefined, numbers: unknown])[] = []
      const unit = (at: number, how: 'done' | 'undone' | 'released' = 'done') =>
        store.write(async (tx) => {
          const [sum] = await tx.reserved('a', [limit, { ...limit, region: 'r-2' }])
          await tx.reserve(owner, [machine])
          if (how === 'released') {
            await tx.release(owner, { ...machine, amount: 1 })
            await tx.releaseAddresses('c-0')
          }
          seen[at] = [sum, await tx.allocateAddresses(`c-${at}`, [{ ...request, count: 1 }])]
          if (how === 'undone') throw new Error('undone')
        })
      for (const how of ['undone', 'released'] as const) {
        await store.write((tx) => tx.clear())
        await Promise.allSettled([unit(0), unit(1, how), unit(2)])
        const others = how === 'undone' ? [[3, [[11]]]] : [[5, [[11]]]]
        const second = how === 'undone' ? [3, [[11]]] : [3, [[10]]]
        assert.deepEqual(seen, [[0, [[10]]], second, ...others])
        const { amount } = (await store.read((tx) => tx.reservations('a', 9)))[0]!
        assert.equal(amount, how === 'undone' ? 6 : 8)
      }
    },
  )

  suite('addresses of a unit of work that throws are free again', async (store) => {
    await assert.rejects(
      store.write(async (tx) => {
        await tx.allocateAddresses('c-1', [request])
        throw new Error('no')
      }),
    )
    assert.deepEqual(await takeIn(store, {}), [10, 11])
  })

  test(`${name}: however addresses come and go, none has two holders`, async (t) => {
    const store = await open(t)
    const step = fc.record({ holder: fc.nat(5), count: fc.nat(4) })
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const pool = `pool-${run++}`
        const held = new Map<string, readonly number[]>()
        for (const { holder: n, count } of steps) {
          const holder = `${pool}/${n}`
          if (held.delete(holder)) {
            await store.write((tx) => tx.releaseAddresses(holder))
            continue
          }
          const answer = await takeIn(store, { pool, first: 1, last: 9, holder, count })
          const taken = [...held.values()].flat()
          const free = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((each) => !taken.includes(each))
          if (count > free.length) assert.deepEqual(answer, { free: free.length })
          else assert.deepEqual(answer, free.slice(0, count))
          if (Array.isArray(answer)) held.set(holder, answer)
        }
      }),
      { numRuns: 50 },
    )
  })
}
