/**
 * The body of a load as chunks of bytes: taken from the socket only when asked for (so that a slow engine holds the sender
 * back), counted, bounded in size and in time, and decompressed on the way.
 *
 * Errors: SqlError for what the sender did wrong (too large, too slow, cut off, not what it says it is).
 */
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import type { Transform } from 'node:stream'
import { createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { Clock } from '../../../../src/kernel/clock.ts'
import { SqlError } from '../session.ts'

export type Compression = 'none' | 'gzip' | 'deflate' | 'zstd'

export interface BodyOptions {
  readonly clock: Clock
  readonly idleMs: number
  /** The load's own deadline. */
  readonly deadlineMs: number
  readonly maxBytes: number
  readonly compression: Compression
}

export interface Body {
  readonly chunks: AsyncIterable<Buffer>
  /** Bytes that came from the socket until now. */
  received(): number
  /** The sender was too slow, sent too much or went away: there is nothing more to read. */
  isGivenUp(): boolean
}

const DECOMPRESS: Readonly<Record<Exclude<Compression, 'none'>, () => Transform>> = {
  gzip: () => createGunzip(),
  deflate: () => createInflate(),
  zstd: () => createZstdDecompress(),
}

export function bodyOf(request: IncomingMessage, options: BodyOptions): Body {
  let bytes = 0
  let givenUp = false
  const counted = socketChunks(request, options, (count) => {
    bytes += count
    return bytes
  })
  const raw = noticing(counted, () => {
    givenUp = true
  })
  const { compression } = options
  return {
    chunks: compression === 'none' ? raw : decompressed(raw, compression),
    received: () => bytes,
    isGivenUp: () => givenUp,
  }
}

async function* noticing<T>(chunks: AsyncIterable<T>, failed: () => void): AsyncGenerator<T, void> {
  try {
    yield* chunks
  } catch (error) {
    failed()
    throw error
  }
}

async function* socketChunks(
  request: IncomingMessage,
  options: BodyOptions,
  count: (bytes: number) => number,
): AsyncGenerator<Buffer, void> {
  // Destroying the request would take the socket with it, and the answer is still to come.
  const iterator = request.iterator({ destroyOnReturn: false })
  try {
    for (;;) {
      const next = await within(iterator.next(), options)
      if (next.done === true) break
      const chunk = next.value as Buffer
      if (count(chunk.length) > options.maxBytes) {
        throw new SqlError(`body size exceed limit: ${options.maxBytes}`)
      }
      yield chunk
    }
  } catch (error) {
    if (error instanceof SqlError) throw error
    throw new SqlError('The connection was closed before the body was complete', 1159, '08S01')
  } finally {
    // Lets go of the request, so that what is left of it can be read in another way. A read that hangs ends with the socket.
    void iterator.return?.()
  }
  if (!request.complete) {
    throw new SqlError("receive body don't equal with body bytes", 1159, '08S01')
  }
}

/** A sender that stalls is given up; the pending read is left to the closing socket. */
function within<T>(work: Promise<T>, options: BodyOptions): Promise<T> {
  const { clock, idleMs, deadlineMs } = options
  const atMs = Math.min(clock.now() + idleMs, deadlineMs)
  return new Promise((resolve, reject) => {
    const cancel = clock.at(atMs, () => {
      reject(
        new SqlError(
          atMs === deadlineMs
            ? 'Load timeout: the body did not end in time'
            : `No data came for ${idleMs} ms`,
          1159,
          '08S01',
        ),
      )
    })
    work.finally(cancel).then(resolve, reject)
  })
}

async function* decompressed(
  raw: AsyncIterable<Buffer>,
  compression: Exclude<Compression, 'none'>,
): AsyncGenerator<Buffer, void> {
  const transform = DECOMPRESS[compression]()
  let cause: Error | undefined
  const flowing = new Promise<void>((resolve) => {
    pipeline(raw, transform, (error) => {
      cause = error ?? undefined
      resolve()
    })
  })
  try {
    for await (const chunk of transform) yield chunk as Buffer
  } catch (error) {
    await flowing
    if (cause instanceof SqlError) throw cause
    throw new SqlError(`The body is not ${compression}: ${(cause ?? (error as Error)).message}`)
  }
}
