/** One message to a server of this machine, and what it answers, for protocols that are spoken in a few bytes. */
import { once } from 'node:events'
import { connect } from 'node:net'

export interface ServerAddress {
  readonly host: string
  readonly port: number
}

export interface Exchange {
  /** For the whole of it. */
  readonly answerMs: number
  /** How long the answer is, by its beginning; undefined while that does not say it yet. Without it, it ends with the connection. */
  readonly lengthOf?: (start: Buffer) => number | undefined
  /** A longer one is refused. */
  readonly bytesMax?: number
}

const BYTES_MAX = 1024 * 1024

/**
 * From the server's own address, which may always come in. Resolves with the answer, and with no more than its length where that is known.
 * Rejects when it does not come in time, breaks off, or is too long.
 */
export async function exchange(
  { host, port }: ServerAddress,
  message: Uint8Array | string,
  { answerMs, lengthOf, bytesMax = BYTES_MAX }: Exchange,
): Promise<Buffer> {
  const signal = AbortSignal.timeout(answerMs)
  const socket = connect({ host, port, localAddress: host, signal })
  try {
    await once(socket, 'connect', { signal })
    socket.write(message)
    const pieces: Buffer[] = []
    let length = 0
    let wanted: number | undefined
    for await (const piece of socket) {
      pieces.push(piece as Buffer)
      length += (piece as Buffer).length
      wanted ??= lengthOf?.(Buffer.concat(pieces))
      if (length > bytesMax || (wanted ?? 0) > bytesMax || length >= (wanted ?? Infinity)) break
    }
    const end = lengthOf ? wanted : length
    if (end === undefined || end < 0 || end > bytesMax || length < end)
      throw new Error(`${host}:${port} breaks off, or answers at too great length`)
    return Buffer.concat(pieces).subarray(0, end)
  } finally {
    socket.destroy()
  }
}
