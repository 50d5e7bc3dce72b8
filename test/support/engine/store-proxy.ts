/** What stands between an engine and its object storage in a test, and makes it as bad as storages can be. */
import { once } from 'node:events'
import {
  createServer,
  request,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { cleanUp } from '../process/clean-up.ts'

/**
 * `gone`: connections end at once. `silent`: nothing is answered until the failure is another one, when the connection ends. `slow`: each answer takes its time. `full`: what is written is taken
 * half and refused. `cut`: what is read ends in its middle. `refusing`: the key opens nothing any more.
 */
export type Failure = 'none' | 'gone' | 'silent' | 'slow' | 'full' | 'cut' | 'refusing'

export interface StoreProxy {
  readonly endpoint: string
  failure: Failure
  /** Requests that are met as they should be before the failure begins. */
  spared: number
  /** Requests since it was set last. */
  asked: number
  /** Resolves when nobody has waited for an answer for a while. */
  quiet(): Promise<void>
}

/** Longer than the caller waits before he asks again. */
const QUIET_MS = 1_500
const LOOK_MS = 50

const SLOW_MS = 150

export async function storeProxy(t: TestContext, endpoint: string): Promise<StoreProxy> {
  const { hostname, port } = new URL(endpoint)
  const server = createServer((asked, answer) => {
    it.asked++
    const met = it.spared-- > 0 ? 'none' : it.failure
    if (met === 'silent') held.add(asked.socket.once('close', () => held.delete(asked.socket)))
    void meet({ asked, answer, failure: met, target: { host: hostname, port } }).catch(() =>
      answer.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp(t, () => {
    server.closeAllConnections()
    server.close()
  })
  const held = new Set<Socket>()
  let failure: Failure = 'none'
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const it: StoreProxy = {
    endpoint: own,
    spared: 0,
    asked: 0,
    async quiet() {
      for (let quietMs = 0; quietMs < QUIET_MS; quietMs += LOOK_MS) {
        await pause(LOOK_MS)
        if (held.size > 0) quietMs = 0
      }
    },
    get failure() {
      return failure
    },
    set failure(next) {
      failure = next
      if (next === 'silent') return
      for (const socket of held) socket.destroy()
      held.clear()
    },
  }
  return it
}

interface Meeting {
  readonly asked: IncomingMessage
  readonly answer: ServerResponse
  readonly failure: Failure
  readonly target: { readonly host: string; readonly port: string }
}

async function meet({ asked, answer, failure, target }: Meeting): Promise<void> {
  const isWrite = asked.method === 'PUT' || asked.method === 'POST'
  if (failure === 'gone') return void asked.socket.destroy()
  if (failure === 'silent') return void asked.resume()
  if (failure === 'refusing') return refuse(asked, answer, 403, 'AccessDenied')
  if (failure === 'full' && isWrite) {
    if (asked.headers['content-length'] !== '0')
      await Promise.race([once(asked, 'data'), once(asked, 'end')])
    return refuse(asked, answer, 507, 'InsufficientStorage')
  }
  if (failure === 'slow') await pause(SLOW_MS)
  const { method, url, headers } = asked
  // The signature holds for the name that the client asked by.
  const passed = request({ ...target, method, path: url, headers: headers as OutgoingHttpHeaders })
  asked.pipe(passed)
  const [found] = (await once(passed, 'response')) as [IncomingMessage]
  answer.writeHead(found.statusCode ?? 500, found.headers)
  if (failure !== 'cut' || method !== 'GET') return void found.pipe(answer)
  const [first] = (await once(found, 'data')) as [Buffer]
  answer.write(first.subarray(0, first.length / 2), () => answer.destroy())
}

function refuse(
  asked: IncomingMessage,
  answer: ServerResponse,
  status: number,
  code: string,
): void {
  asked.resume()
  answer.writeHead(status, { 'Content-Type': 'application/xml' })
  answer.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}
