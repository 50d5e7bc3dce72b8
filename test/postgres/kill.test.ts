/**
 * Three servers of one database under load, of which one after the other is killed, stands still or loses its database: nothing
 * acknowledged is lost or doubled. What is left is copied into a data directory and held to every promise there.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { random } from '../../src/kernel/random.ts'
import { copyFromDatabase } from '../../src/server/store-copy.ts'
import { postgresAddress } from '../../src/store/postgres/address.ts'
import { checkDirectory, checkListings, repeatRequests } from '../crash/expected-state.ts'
import { skipWithoutPostgres, startPostgres } from '../support/engine/postgres.ts'
import { client } from '../support/http/client.ts'
import type { ExpectedCluster } from '../support/http/expected-cluster.ts'
import { isCertain, randomClient } from '../support/http/random-client.ts'
import type { ChildServer } from '../support/process/child-server.ts'
import { startStoreServers } from '../support/process/store-servers.ts'

const ROUNDS = process.env['EMRYS_LONG'] === '1' ? 30 : 4
const SERVERS = 3
const skip = skipWithoutPostgres()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const postgres = skip ? undefined : await startPostgres(ending)

/** Acts on each server until `enough` answers came. */
async function load(
  servers: readonly ChildServer[],
  ledger: Set<ExpectedCluster>,
  { name, fraction, acts, during }: Round,
): Promise<void> {
  const certain = [...ledger].filter(isCertain)
  const clients = servers.map((_each, n) =>
    randomClient({
      name: `${name}x${n}`,
      fraction,
      takesOver: certain.filter((_it, at) => at % SERVERS === n),
    }),
  )
  const connections = servers.map(({ port }) => client(port))
  const enough = Promise.withResolvers<void>()
  let answered = 0
  const running = clients.map((each, at) =>
    each.run(connections[at]!, () => {
      if (++answered === acts) enough.resolve()
    }),
  )
  await enough.promise
  await during()
  for (const connection of connections) connection.close()
  await Promise.all(running)
  for (const it of clients.flatMap((each) => each.ledger)) ledger.add(it)
}

interface Round {
  readonly name: string
  readonly fraction: () => number
  readonly acts: number
  readonly during: () => Promise<void>
}

test(
  'three servers of one database keep every promise, whatever happens to them',
  { skip, timeout: 600_000 },
  async (t) => {
    const seed = process.env['CRASH_SEED'] ?? random().hex(8)
    t.diagnostic(`seed ${seed}`)
    const { fraction } = random(seed)
    const store = await postgres!.database()
    const { directories, servers, replace } = await startStoreServers(t, store, SERVERS)
    const ledger = new Set<ExpectedCluster>()
    const sessions = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'emrys'`
    const happenings = {
      kill: replace,
      async cut() {
        await postgres!.query('postgres', sessions)
        await pause(500)
      },
      async pause(n: number) {
        servers[n]!.pause()
        // Longer than the database lets a transaction of it hold up the others.
        await pause(7_000)
        servers[n]!.resume()
      },
      async restart() {
        await postgres!.kill()
        await postgres!.start()
      },
    }
    const kinds = ['kill', 'cut', 'pause', 'restart'] as const
    for (let round = 0; round < ROUNDS; round++) {
      const happening = kinds[round % kinds.length]!
      const during = () => happenings[happening](round % SERVERS)
      await load(servers, ledger, { name: `r${round}`, fraction, acts: 30, during })
    }
    const all = [...ledger]
    const acknowledged = all.filter((each) => each.id !== undefined).length
    assert.ok(acknowledged > ROUNDS * 3, `only ${acknowledged} creations`)
    const connection = client(servers[1]!.port)
    await repeatRequests(connection, all)
    const alive = await checkListings(connection, all)
    for (const each of servers)
      assert.equal((await each.counts()).swept, 0, 'the sweep found work without a work item')
    connection.close()
    for (const each of servers) await each.kill()
    const [dataDir = ''] = directories
    const config = { storePasswordFile: '' }
    await copyFromDatabase({ dataDir, address: postgresAddress(store), config })
    const counts = await checkDirectory(dataDir, all)
    t.diagnostic(`${all.length} creations, ${alive} alive, ${JSON.stringify(counts)}`)
  },
)
