/**
 * A plain balancer of TCP connections, as it stands before several servers: each new connection goes to the next server that is ready,
 * and to the one after it when it takes none. Where none is ready, which is so when all are overloaded, all are used. It knows nothing of
 * requests and repeats none.
 */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { cleanUp, type Ending } from '../process/clean-up.ts'
import { askAdmin } from './admin.ts'

const LOOK_MS = 100

export interface Balancer {
  readonly port: number
  /** Which ports there are; all are asked whether they are ready. */
  use(ports: readonly number[]): void
  /** How many connections each port was given. */
  readonly given: ReadonlyMap<number, number>
}

export async function startBalancer(t: Ending, ports: readonly number[]): Promise<Balancer> {
  let all = ports
  let ready = ports
  let turn = 0
  const given = new Map<number, number>()
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  }
  const serve = async (socket: Socket) => {
    keep(socket)
    const choice = ready.length > 0 ? ready : all
    const first = turn++
    for (let n = 0; n < choice.length; n++) {
      const port = choice[(first + n) % choice.length]!
      const server = connect({ host: '127.0.0.1', port, noDelay: true })
      keep(server)
      const taken = await once(server, 'connect').then(
        () => true,
        () => false,
      )
      if (!taken) continue
      given.set(port, (given.get(port) ?? 0) + 1)
      for (const [from, to] of [
        [socket, server],
        [server, socket],
      ] as const) {
        from.pipe(to)
        from.on('error', () => to.destroy())
      }
      return
    }
    socket.destroy()
  }
  const listener = createServer({ noDelay: true }, (socket) => void serve(socket))
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const asking = new Set<number>()
  const look = async (port: number) => {
    if (asking.has(port)) return
    asking.add(port)
    const status = await askAdmin(port, 'ready').then(
      (answer) => answer.status,
      () => 0,
    )
    asking.delete(port)
    mark(port, status === 200)
  }
  const timer = setInterval(() => all.forEach((port) => void look(port)), LOOK_MS)
  const mark = (port: number, isReady: boolean) => {
    ready = all.filter((each) => (each === port ? isReady : ready.includes(each)))
  }
  cleanUp(t, () => {
    clearInterval(timer)
    for (const socket of sockets) socket.destroy()
    listener.close()
  })
  return {
    port: (listener.address() as AddressInfo).port,
    given,
    use(others) {
      all = others
      ready = ready.filter((port) => others.includes(port))
    },
  }
}
