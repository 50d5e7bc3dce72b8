/** A server that is killed again and again and comes back each time, on the same directory. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { stateTraits } from '../../../src/domain/cluster/lifecycle.ts'
import type { KeptInstance } from '../fixture/instance-shape.ts'
import { askAdmin } from '../http/admin.ts'
import { client, type Client } from '../http/client.ts'
import { startChildServer, type ChildServer } from './child-server.ts'
import { temporaryDirectory } from './directory.ts'

export interface Living {
  readonly server: ChildServer
  readonly connection: Client
}

export interface KillableServer {
  readonly dataDir: string
  /** The one that lives; started where there is none. */
  live(): Promise<Living>
  die(): Promise<void>
  /** Every StarRocks instance that is there. */
  kept(): Promise<readonly KeptInstance[]>
  /** Waits until nothing is in transition any more. */
  settle(): Promise<void>
  /** How far its time is ahead of the machine's, and moving it that far. */
  aheadMs(): Promise<number>
  passTo(aheadMs: number): Promise<void>
  /** Of its simulation, until it dies. */
  setPace(pace: string): Promise<void>
  /** Ends it, and it does not come back; there was nothing that only the sweep found. */
  end(): Promise<void>
}

const LOOK_MS = 20
/** A busy machine takes its time. */
const LOOKS_MAX = 3_000

export function killableServer(t: TestContext, pace: string): KillableServer {
  const dataDir = temporaryDirectory(t)
  let living: Promise<Living> | undefined
  const start = async (): Promise<Living> => {
    const server = await startChildServer(t, dataDir, pace)
    return { server, connection: client(server.port) }
  }
  const live = () => (living ??= start())
  const die = async () => {
    const dying = await live()
    await dying.server.kill()
    dying.connection.close()
    living = undefined
  }
  const ask = async (page: string, how: { readonly method?: string; readonly body?: object }) => {
    const { server } = await live()
    const answer = await askAdmin(server.port, page, how)
    assert.equal(answer.status, 200, answer.text)
    return answer.body as unknown
  }
  const kept = async () => (await live()).server.kept()
  const aheadMs = async () => ((await ask('clock', {})) as { readonly aheadMs: number }).aheadMs
  return {
    dataDir,
    live,
    die,
    kept,
    aheadMs,
    async settle() {
      let open: readonly string[] = []
      for (let look = 0; look < LOOKS_MAX; look++) {
        open = (await kept()).flatMap(openIn)
        if (open.length === 0) return
        await pause(LOOK_MS)
      }
      assert.fail(`not settled: ${open.join()}`)
    },
    async passTo(untilMs) {
      const advanceMs = Math.max(0, untilMs - (await aheadMs()))
      await ask('clock', { method: 'POST', body: { advanceMs } })
    },
    setPace: async (to) =>
      void (await ask('progression/starrocks', { method: 'PUT', body: { pace: to } })),
    async end() {
      const { server } = await live()
      assert.equal((await server.counts()).swept, 0, 'the sweep found work without a work item')
      await die()
    },
  }
}

/** What is under way. */
function openIn({ cluster, operations, backups }: KeptInstance): readonly string[] {
  return [
    ...(cluster && !stateTraits[cluster.status.state].settled ? [cluster.status.state] : []),
    ...operations.filter(({ status }) => status === 'running').map(({ verb }) => verb),
    ...backups.map(({ state }) => state).filter((state) => /running|deleting/.test(state)),
  ]
}
