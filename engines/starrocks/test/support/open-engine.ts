/** An engine in a folder of its own, and the shortest way to run statements on it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { EngineIdentity, EngineLimits } from '../../src/execution/engine-context.ts'
import { openEngine } from '../../src/engine/engine.ts'
import type { EngineOptions } from '../../src/engine/engine.ts'
import type { Session, WireValue } from '../../src/session.ts'
import { SqlError } from '../../src/session.ts'
import { cachedModule } from '../../../../test/support/engine/module.ts'
import type { MovableClock } from '../../../../src/kernel/clock.ts'
import { systemClock } from '../../../../src/kernel/clock.ts'
import { silentLogger } from '../../../../src/kernel/log.ts'

export type OpenEngine = Awaited<ReturnType<typeof openEngine>>

export const limits: EngineLimits = {
  memoryBytes: 256 * 1024 * 1024,
  threads: 2,
  storageBytes: 1024 * 1024 * 1024,
}

export const identity: EngineIdentity = {
  instance: 'c-0123456789abcdef',
  version: '3.3.8',
  nodes: [
    { name: 'fe-0', role: 'fe', host: '127.0.0.1', group: 'fe', zone: 'zone-a', version: '3.3.8' },
    { name: 'fe-1', role: 'fe', host: '127.0.0.2', group: 'fe', zone: 'zone-b', version: '3.3.8' },
    {
      name: 'ob-0',
      role: 'observer',
      host: '127.0.0.3',
      group: 'ob',
      zone: 'zone-b',
      version: '3.3.8',
    },
    { name: 'be-0', role: 'be', host: '127.0.0.1', group: 'be', zone: 'zone-a', version: '3.3.8' },
    {
      name: 'cn-0',
      role: 'cn',
      host: '127.0.0.4',
      group: 'ng-1',
      zone: 'zone-a',
      version: '3.3.8',
    },
  ],
  adminVerifier: new Uint8Array(),
  passwordNumber: 0,
  settings: {},
  queryPort: 9030,
  httpPort: 8030,
  timeZone: 'Asia/Shanghai',
}

export async function testDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'emrys-engine-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** With EMRYS_TEST_ENCRYPTED every engine of these tests is encrypted. */
const protection = process.env['EMRYS_TEST_ENCRYPTED']
  ? { modules: [cachedModule('httpfs') ?? ''], dataKey: Buffer.alloc(32, 3) }
  : { modules: [] }

export async function testEngine(
  t: TestContext,
  options: Partial<EngineOptions> = {},
): Promise<OpenEngine> {
  const directory = options.directory ?? (await testDirectory(t))
  const engine = await openEngine({
    clock: systemClock(),
    log: silentLogger(),
    limits,
    identity,
    protection,
    ...options,
    directory,
  })
  t.after(() => closeEngine(engine, options.clock))
  return engine
}

/** A clock that only the test moves continues meanwhile: what was cancelled is interrupted again by it until it has ended. */
async function closeEngine(engine: OpenEngine, clock: EngineOptions['clock'] | undefined) {
  const closed = engine.close().catch(() => undefined)
  if (clock && 'advance' in clock) await advanceUntil(clock as MovableClock, 0, closed)
  else await closed
}

export interface Answer {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly WireValue[])[]
  readonly affected: number
  readonly info: string
  readonly warnings: number
}

export interface Client {
  readonly session: Session
  /** Runs a text and answers the last statement's result. */
  run(sql: string): Promise<Answer>
  /** Rows only; bigints that are safe become numbers, for short expectations. */
  rows(sql: string): Promise<WireValue[][]>
  /** The error that a text ends in; fails when it ends in none. */
  refusal(sql: string): Promise<SqlError>
}

let nextId = 1

export const LOCAL = '127.0.0.1'

/** Whether a client of this machine is let in. */
export const letsIn = async (
  engine: OpenEngine,
  user: string,
  password: string,
): Promise<boolean> => (await engine.checkPassword(user, LOCAL, password)) !== undefined

/** As a user that a client at `remoteHost` would be, whatever its password. */
export async function connect(
  engine: OpenEngine,
  user = 'admin',
  database?: string,
  remoteHost = LOCAL,
): Promise<Client> {
  const found = await engine.findUser(user, remoteHost)
  const session = await engine.openSession({
    id: nextId++,
    identity: found?.identity ?? { user, host: '%' },
    remoteHost,
    database,
  })
  const client: Client = {
    session,
    run: (sql) => runText(session, sql),
    async rows(sql) {
      const { rows } = await runText(session, sql)
      return rows.map((row) => row.map(plain))
    },
    async refusal(sql) {
      try {
        await runText(session, sql)
      } catch (error) {
        if (error instanceof SqlError) return error
        throw error
      }
      throw new Error(`not refused: ${sql}`)
    },
  }
  return client
}

/** An engine with a database `d` that is current in the answered session of admin. */
export async function testClient(t: TestContext, options: Partial<EngineOptions> = {}) {
  const engine = await testEngine(t, options)
  const client = await connect(engine)
  await client.run('CREATE DATABASE IF NOT EXISTS d')
  await client.session.use('d')
  return { engine, client }
}

/** Resolves when `count` statements run at once. */
export async function busy(engine: OpenEngine, count: number): Promise<void> {
  while ((await engine.status()).running < count) await turnOfLoop()
}

/** Moves the clock on, again and again, until the promise is settled: interrupts are repeated by the clock. */
export async function advanceUntil(
  clock: MovableClock,
  ms: number,
  settled: Promise<unknown>,
): Promise<void> {
  const progress = { over: false }
  const mark = () => {
    progress.over = true
  }
  settled.then(mark, mark)
  for (clock.advance(ms); !progress.over; clock.advance(50)) await turnOfLoop()
}

const turnOfLoop = () => new Promise((resolve) => setImmediate(resolve))

async function runText(session: Session, sql: string): Promise<Answer> {
  let answer: Answer = { columns: [], rows: [], affected: 0, info: '', warnings: 0 }
  for await (const result of session.execute(sql)) {
    if (result.kind === 'done') {
      const { affectedRows, info, warnings } = result
      answer = { columns: [], rows: [], affected: affectedRows, info, warnings }
      continue
    }
    const rows: (readonly WireValue[])[] = []
    for await (const chunk of result.chunks) rows.push(...chunk)
    const columns = result.columns.map((column) => column.name)
    answer = { columns, rows, affected: 0, info: '', warnings: 0 }
  }
  return answer
}

function plain(value: WireValue): WireValue {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value
}
