/**
 * A whole server for a test: in this process, on a free port, in a directory of its own, ended with the test.
 * Its clock stands still unless it is moved, except with `clock: 'system'`; simulated clusters are ready at once unless a
 * progression is given.
 */
import type { TestContext } from 'node:test'
import { systemClock, type MovableClock } from '../../src/kernel/clock.ts'
import { loadConfig, type Config } from '../../src/config/config.ts'
import { statesWhere } from '../../src/domain/cluster/lifecycle.ts'
import type { Fault } from '../../src/domain/fault.ts'
import type { Action } from '../../src/gateway/action.ts'
import { startServer, type Server, type ServerOptions } from '../../src/server/server.ts'
import { temporaryDirectory } from './directory.ts'

export interface CloudOptions {
  readonly config?: Partial<Config>
  readonly clock?: MovableClock
  readonly dataDir?: string
  readonly wrap?: ServerOptions['wrap']
  readonly log?: ServerOptions['log']
}

export interface Cloud extends Server {
  readonly dataDir: string
  /** Takes every step that is due, moving time to the next one, until nothing is in transition. */
  settle(): Promise<void>
  /** Faults that an action raised without declaring them; the test fails when it ends with any. */
  readonly undeclared: readonly string[]
}

/** Raised around every action, so no action declares them. */
const GATEWAY_FAULTS = new Set([
  'ParametersRefused',
  'AccessDenied',
  'Throttled',
  'Overloaded',
  'DependencyFailed',
])

export async function startCloud(t: TestContext, options: CloudOptions = {}): Promise<Cloud> {
  const dataDir = options.dataDir ?? temporaryDirectory(t)
  const base = loadConfig({}).config
  const config: Config = {
    ...base,
    port: 0,
    dataDir,
    requestsPerSecond: 0,
    progressions: { default: { mode: 'immediate' } },
    substrates: { default: 'simulation', starrocks: 'simulation' },
    ...options.config,
  }
  const undeclared: string[] = []
  const clock = options.clock ?? systemClock()
  const server = await startServer({
    config,
    clock,
    onFault: (action, fault) => note(undeclared, action, fault),
    ...(options.wrap ? { wrap: options.wrap } : {}),
    ...(options.log ? { log: options.log } : {}),
  })
  let closed: Promise<void> | undefined
  // A test may end it earlier, to start another one on its directory.
  const close = () => (closed ??= server.close())
  t.after(async () => {
    await close()
    if (undeclared.length > 0) throw new Error(`raised but not declared: ${undeclared.join(', ')}`)
  })
  return { ...server, close, dataDir, undeclared, settle: () => settle(server) }
}

const unsettled: ReadonlySet<string> = new Set(statesWhere(({ settled }) => !settled))

/** Steps are minutes at most; a cluster that needs more rounds than this never settles. */
const ROUNDS_MAX = 200

async function settle(server: Server): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    await server.loop.drain()
    const tally = await server.store.read((tx) => tx.tally('cluster'))
    const moving = tally.filter(({ state, count }) => count > 0 && unsettled.has(state))
    if (moving.length === 0) return
    const due = await server.store.nextDueMs()
    if (due !== undefined) server.clock.advance(Math.max(0, due - server.clock.now()))
  }
  throw new Error('the clusters did not settle')
}

function note(undeclared: string[], action: Action, fault: Fault): void {
  if (!action.faults.includes(fault.code) && !GATEWAY_FAULTS.has(fault.code))
    undeclared.push(`${action.name}: ${fault.code}`)
}
