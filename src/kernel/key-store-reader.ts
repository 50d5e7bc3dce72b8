/** The process that opens a key store of key-store.ts: reads the store and its password, and writes what it found. */
import { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { TLSSocket } from 'node:tls'
import { secureContext, type KeyStoreProblem, type KeyStoreReading } from './key-store.ts'

/** As OpenSSL and Node word them. */
const PROBLEMS: readonly (readonly [RegExp, KeyStoreProblem])[] = [
  [/mac verify failure/i, 'password'],
  [/unsupported/i, 'cipher'],
]

function read(input: string): KeyStoreReading {
  try {
    const context = secureContext(input)
    // Only a socket tells which certificate its context has.
    const socket = new TLSSocket(new Duplex({ read() {}, write() {} }), {
      isServer: true,
      secureContext: context,
    })
    const certificate = socket.getX509Certificate()
    socket.destroy()
    return certificate ? { certificate: certificate.toString() } : { problem: 'form' }
  } catch (problem) {
    const { message } = problem as Error
    return { problem: PROBLEMS.find(([pattern]) => pattern.test(message))?.[1] ?? 'form' }
  }
}

const input = await text(process.stdin)
// The time of the store begins, which nothing in this process can end.
process.stdout.write('\n')
process.stdout.write(JSON.stringify(read(input)))
