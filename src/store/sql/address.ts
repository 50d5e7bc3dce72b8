/**
 * Addresses. Allocating n of them touches n rows and reads as many: the numbers of a pool that were ever allocated lie without a gap from its
 * first, so the lowest free ones are those released, then those above the highest. The units of a batch know how far each pool has come since the
 * first of them asked, and what they take is written down once for all of them.
 */
import { forRows, freeAddressesSql, portionsOf, statements } from '../statement.ts'
import type { AddressRequest, AddressShortage, SupplyWriter } from '../supply.ts'
import { answers, type SqlConnection } from './connection.ts'
import type { LateWrites } from './late-writes.ts'

export interface AddressBuffer
  extends Pick<SupplyWriter, 'allocateAddresses' | 'releaseAddresses'>, LateWrites {}

interface State {
  /** The highest number that was ever taken, undefined where none was, of pools of which none is released. */
  readonly pools: ReadonlyMap<string, number | undefined>
  readonly waiting: readonly (readonly [pool: string, number: number, holder: string])[]
}

const NOTHING: State = { pools: new Map(), waiting: [] }

export function addressBuffer(connection: SqlConnection): AddressBuffer {
  let state = NOTHING
  let marked = state
  const flush = async () => {
    const { pools, waiting } = state
    state = { pools, waiting: [] }
    for (const rows of portionsOf(waiting))
      await connection.run(forRows(statements.allocateAddresses, rows), rows.flat())
  }
  /** Asks for those that are not known. */
  const roomsOf = async (requests: readonly AddressRequest[]): Promise<readonly Room[]> => {
    const unknown = requests.filter(({ pool }) => !state.pools.has(pool))
    const found = await askPools(connection, unknown)
    const rooms = await answers(
      requests.map((request) => {
        const it = found.get(request.pool)
        const highest = it ? it.highest : state.pools.get(request.pool)
        return it?.hasReleased
          ? withReleased(connection, request, highest)
          : roomIn(request, { highest, released: [] })
      }),
    )
    const pools = new Map(state.pools)
    for (const [pool, { highest, hasReleased }] of found) if (!hasReleased) pools.set(pool, highest)
    state = { ...state, pools }
    return rooms
  }
  const take = async (
    holder: string,
    requests: readonly AddressRequest[],
    rooms: readonly Room[],
  ) => {
    const pools = new Map(state.pools)
    const taken = requests.flatMap(({ pool }, at) => {
      const { numbers } = rooms[at]!
      const last = numbers.at(-1)
      if (pools.has(pool) && last !== undefined) pools.set(pool, last)
      return numbers.map((number) => [pool, number, holder] as const)
    })
    state = { pools, waiting: [...state.waiting, ...taken] }
    // Who asks next asks the database for what is released.
    if (requests.some(({ pool }) => !pools.has(pool))) await flush()
  }
  return {
    async allocateAddresses(holder, requests) {
      if (requests.length === 0) return []
      const rooms = await roomsOf(requests)
      const short = requests.findIndex(({ count }, at) => count > rooms[at]!.numbers.length)
      if (short >= 0) return shortage(connection, requests[short]!, rooms[short]!)
      await take(holder, requests, rooms)
      return rooms.map(({ numbers }) => numbers)
    },
    async releaseAddresses(holder, only) {
      await flush()
      state = NOTHING
      if (!only) await connection.run(statements.releaseAddresses, [holder])
      await answers(
        (only ?? []).map((number) => connection.run(statements.releaseAddress, [number, holder])),
      )
    },
    flush,
    mark() {
      marked = state
    },
    undo() {
      state = marked
    },
    clear() {
      state = NOTHING
    },
  }
}

interface Pool {
  readonly highest: number | undefined
  readonly hasReleased: boolean
}

async function askPools(
  connection: SqlConnection,
  unknown: readonly AddressRequest[],
): Promise<ReadonlyMap<string, Pool>> {
  if (unknown.length === 0) return new Map()
  const { sql, values } = freeAddressesSql(unknown)
  const found = (await connection.first(sql, values)) ?? {}
  return new Map(
    unknown.map(({ pool }, at) => {
      const highest = found[`h${at}`]
      const hasReleased = found[`r${at}`] !== null
      return [pool, { highest: typeof highest === 'number' ? highest : undefined, hasReleased }]
    }),
  )
}

async function shortage(
  connection: SqlConnection,
  request: AddressRequest,
  { above }: Room,
): Promise<AddressShortage> {
  const row = await connection.first(statements.countReleased, [request.pool])
  return { short: request, free: Number(row?.['count']) + above }
}

interface Room {
  /** The lowest free ones, as many as were wanted or there are. */
  readonly numbers: readonly number[]
  /** How many were never allocated. */
  readonly above: number
}

function roomIn(
  { first, last, count }: AddressRequest,
  {
    highest,
    released,
  }: { readonly highest: number | undefined; readonly released: readonly number[] },
): Room {
  const next = highest === undefined ? first : highest + 1
  const above = Math.max(0, last + 1 - next)
  const fresh = Math.max(0, Math.min(above, count - released.length))
  return {
    numbers: [...released, ...Array.from({ length: fresh }, (_, at) => next + at)],
    above,
  }
}

/** Few pools have numbers that were released: those are asked for by themselves. */
async function withReleased(
  connection: SqlConnection,
  request: AddressRequest,
  highest: number | undefined,
): Promise<Room> {
  const rows = await connection.all(statements.releasedAddresses, [request.pool, request.count])
  return roomIn(request, { highest, released: rows.map(({ number }) => Number(number)) })
}
