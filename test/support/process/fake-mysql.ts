/** A server of MySQL's protocol that lets everybody in, and keeps what it was asked: instead of an engine's front end. */
import { createServer, type Connection } from 'mysql2'
import { cleanUp, type Ending } from './clean-up.ts'

/** What a server of mysql2 has, beyond its types. */
interface Serving extends Connection {
  serverHandshake(greeting: object): void
  writeOk(): void
  sequenceId: number
}

export interface FakeMysql {
  readonly queries: readonly string[]
}

export async function fakeMysql(
  t: Ending,
  it: {
    readonly host: string
    readonly port: number
    /** Lets clients in, and says nothing more. */
    readonly silent?: boolean
  },
): Promise<FakeMysql> {
  const queries: string[] = []
  const server = createServer((connection) => {
    const serving: Serving = connection
    serving.on('error', () => {})
    serving.serverHandshake({
      protocolVersion: 10,
      serverVersion: '5.7.99',
      connectionId: 1,
      statusFlags: 2,
      characterSet: 8,
      capabilityFlags: 0xff_ff_ff,
    })
    const answer = (text: string) => {
      queries.push(text)
      // Each statement begins to count again, which mysql2 leaves to whoever serves.
      serving.sequenceId = 1
      if (it.silent !== true) serving.writeOk()
    }
    serving.on('query', answer)
    // What mysql2 takes SET for.
    serving.on('stmt_prepare', answer)
    serving.on('quit', () => connection.destroy())
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  const listen = server.listen.bind(server) as unknown as (...at: readonly unknown[]) => void
  listen(it.port, it.host, 0, resolve)
  await promise
  cleanUp(t, () => server.close(() => {}))
  return { queries }
}
