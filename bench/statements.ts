/** How many statements the embedded store is sent for an action: what an action costs grows with them, whatever the machine. */
import { loadConfig } from '../src/config/config.ts'
import { silentLogger } from '../src/kernel/log.ts'
import { startServer } from '../src/server/server.ts'
import { statementsOf } from '../test/support/fixture/statement-count.ts'
import { runLoad } from './process.ts'
import { createBody, wireRequest } from './request.ts'

export interface StatementCount {
  readonly what: string
  readonly statements: number
  /** Of them: whether somebody else committed. */
  readonly pragmas: number
  readonly commits: number
}

/** In this process, so that they can be counted; `dataDir` is new. */
export async function statementCounts(dataDir: string): Promise<readonly StatementCount[]> {
  const flags = {
    'data-dir': dataDir,
    port: '0',
    'requests-per-second': '0',
    'simulation.default': 'immediate',
    'substrate.starrocks': 'simulation',
  }
  const server = await startServer({ config: loadConfig({ flags }).config, log: silentLogger() })
  const { port } = server
  const ask = async (action: string, parameters: object) => {
    const requests = [wireRequest(port, action, parameters)]
    const mode = { each: 'once' } as const
    await runLoad({ port, connections: 1, requests, mode, expect: '"RequestId"' })
    // What the loop asks by itself is no part of a look.
    if (action.startsWith('Create')) await server.loop.drain()
  }
  const counted = async (what: string, action: string, parameters: object) => {
    const sent = await statementsOf(() => ask(action, parameters))
    const of = (word: string) => sent.filter((sql) => sql.startsWith(word)).length
    return { what, statements: sent.length, pragmas: of('pragma'), commits: of('commit') }
  }
  const page = { DisplayStrategy: 'clusterList', Offset: 0, Limit: 10 }
  try {
    for (let n = 0; n < 10; n++) await ask('CreateInstance', createBody(n))
    return [
      await counted('create, until it runs', 'CreateInstance', createBody(10)),
      await counted('page of 10, first after a commit', 'DescribeInstances', page),
      await counted('page of 10, again', 'DescribeInstances', page),
    ]
  } finally {
    await server.close()
  }
}
