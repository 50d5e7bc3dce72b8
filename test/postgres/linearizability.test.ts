/**
 * Three servers of one database are one server to their clients: whatever happens to them and whatever their clocks say, each cluster's history over
 * all of them is linearizable.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { random } from '../../src/kernel/random.ts'
import { clusterModel } from '../support/history/cluster-model.ts'
import { checkHistory } from '../support/history/linearizability.ts'
import { recordedClient, type Recorded } from '../support/history/recorded-client.ts'
import { skipWithoutPostgres, startPostgres } from '../support/engine/postgres.ts'
import { client } from '../support/http/client.ts'
import { startStoreServers, type StoreServers } from '../support/process/store-servers.ts'

const RUNS = process.env['EMRYS_LONG'] === '1' ? 100 : 4
const SERVERS = 3
/** Two seconds ahead and behind, in milliseconds. */
const CLOCKS = [0, 2_000, -2_000]
const CLIENTS_EACH = 3
const CLUSTERS = 4
const ACTIONS = 160
const skip = skipWithoutPostgres()
const ending = { after: (undo: unknown) => after(undo as () => void) }
const postgres = skip ? undefined : await startPostgres(ending)

interface Run {
  readonly name: string
  readonly fraction: () => number
  readonly during: () => Promise<void>
}

/** Clients of all servers act on the same few clusters, and something happens in the middle. */
async function recorded({ servers }: StoreServers, it: Run): Promise<readonly Recorded[]> {
  const { name, fraction, during } = it
  const clusters: readonly Recorded[] = Array.from({ length: CLUSTERS }, (_, n) => ({
    token: `${name}-c${n}`,
    history: [],
  }))
  let moments = 0
  let acts = 0
  const half = Promise.withResolvers<void>()
  const over = new AbortController()
  const runs = servers.flatMap((_each, server) =>
    Array.from({ length: CLIENTS_EACH }, async (_, n) => {
      const options = { name: `${name}-${server}${n}`, fraction, clusters, moment: () => ++moments }
      const { act } = recordedClient(options)
      // The rest come when it is over, so that what happened is looked at too.
      while (acts < ACTIONS || !over.signal.aborted) {
        const connection = client(servers[server]!.port)
        for (let burst = 0; burst < 5; burst++) {
          await act(connection)
          if (++acts === ACTIONS / 2) half.resolve()
        }
        connection.close()
      }
    }),
  )
  await half.promise
  await during()
  over.abort()
  await Promise.all(runs)
  return clusters
}

test(
  'histories of three servers are linearizable, whatever happens to them',
  { skip, timeout: RUNS * 60_000 },
  async (t) => {
    const seed = process.env['CRASH_SEED'] ?? random().hex(8)
    t.diagnostic(`seed ${seed}`)
    const { fraction } = random(seed)
    const servers = await startStoreServers(t, await postgres!.database(), SERVERS, CLOCKS)
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'emrys'`
    const happenings = [
      (run: number) => servers.replace(run % SERVERS),
      async () => {
        for (let n = 0; n < 5; n++) {
          await postgres!.query('postgres', cut)
          await pause(100)
        }
      },
      // All of them, one right after the other.
      async () => {
        for (let at = 0; at < SERVERS; at++) await servers.replace(at)
      },
      async () => {
        await postgres!.kill()
        await postgres!.start()
      },
    ]
    const counts = { operations: 0, unknown: 0, released: 0 }
    for (let run = 0; run < RUNS; run++) {
      const during = () => happenings[run % happenings.length]!(run)
      const clusters = await recorded(servers, { name: `r${run}`, fraction, during })
      for (const { token, history } of clusters) {
        counts.operations += history.length
        counts.unknown += history.filter(({ returnedAt }) => returnedAt === Infinity).length
        counts.released += Number(history.some(({ action }) => action.does === 'release'))
        const { linearizable, ...why } = checkHistory(history, clusterModel)
        assert.ok(linearizable, `${token} of seed ${seed}: ${JSON.stringify({ ...why, history })}`)
      }
    }
    t.diagnostic(JSON.stringify(counts))
    assert.ok(counts.operations > RUNS * 80 && counts.unknown > 0, JSON.stringify(counts))
  },
)
