/** A server whose answer comes in pieces, each in a packet of its own. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { cleanUp } from './clean-up.ts'

const HOST = '127.0.0.1'

/** What it answers to what comes first; then it ends the connection, or waits. */
export async function pieceServer(
  t: TestContext,
  answer: (message: Buffer) => readonly (Buffer | string)[],
  then: 'ends' | 'waits' = 'ends',
): Promise<{ readonly host: string; readonly port: number }> {
  const open = new Set<Socket>()
  const send = async (socket: Socket, pieces: readonly (Buffer | string)[]) => {
    for (const piece of pieces) {
      socket.write(piece)
      await new Promise(setImmediate)
    }
    if (then === 'ends') socket.end()
  }
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket)
    socket.on('error', () => {})
    socket.once('data', (message: Buffer) => void send(socket, answer(message)))
  })
  server.listen(0, HOST)
  await once(server, 'listening')
  cleanUp(t, () => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return { host: HOST, port: (server.address() as AddressInfo).port }
}
