/** A MySQL protocol server over a scripted engine for one test, ended with it. */
import type { TestContext } from 'node:test'
import type { SecureContext } from 'node:tls'
import mysql from 'mysql2/promise'
import type { Connection, ConnectionOptions } from 'mysql2/promise'
import { defaultMysqlLimits } from '../../src/wire-mysql/mysql-limits.ts'
import type { MysqlLimits } from '../../src/wire-mysql/mysql-limits.ts'
import { startMysqlServer } from '../../src/wire-mysql/mysql-server.ts'
import type { MysqlServer } from '../../src/wire-mysql/mysql-server.ts'
import { systemClock } from '../../../../src/kernel/clock.ts'
import type { Clock } from '../../../../src/kernel/clock.ts'
import { silentLogger } from '../../../../src/kernel/log.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import type { Engine } from '../../src/session.ts'
import { scriptedEngine } from './scripted-engine.ts'
import type { Script, ScriptedEngine } from './scripted-engine.ts'

export interface TestServer {
  readonly engine: ScriptedEngine
  readonly server: MysqlServer
  readonly port: number
  connect(options?: ConnectionOptions): Promise<Connection>
}

export interface ServeOptions {
  readonly limits?: Partial<MysqlLimits>
  readonly clock?: Clock
  readonly tls?: SecureContext
  readonly log?: Logger
}

export async function mysqlServer(
  context: TestContext,
  engine: Engine,
  { limits, clock = systemClock(), tls, log = silentLogger() }: ServeOptions = {},
): Promise<MysqlServer> {
  const server = await startMysqlServer({
    engine,
    host: '127.0.0.1',
    port: 0,
    log,
    limits: { ...defaultMysqlLimits, ...limits },
    clock,
    ...(tls && { tls }),
  })
  context.after(() => server.close())
  return server
}

export const LOGIN = { user: 'admin', password: 'secret-of-admin' } as const

export async function serve(
  context: TestContext,
  script: Script = {},
  options: ServeOptions = {},
): Promise<TestServer> {
  const engine = scriptedEngine(script)
  const clients: Connection[] = []
  context.after(() => {
    for (const client of clients) client.destroy()
  })
  const server = await mysqlServer(context, engine, options)
  return {
    engine,
    server,
    port: server.port,
    async connect(connectOptions = {}) {
      const client = await mysql.createConnection({
        host: '127.0.0.1',
        port: server.port,
        ...LOGIN,
        ...connectOptions,
      })
      // A driver reports a cut connection twice; tests look at the call that failed.
      client.on('error', () => {})
      clients.push(client)
      return client
    },
  }
}

/** Lets input and output of the process continue until `holds`. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !holds(); turn++) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (!holds()) throw new Error('it never came true')
}
