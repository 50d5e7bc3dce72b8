/**
 * The key of an encrypted instance: 32 bytes that whoever starts the process writes to its standard input, and nothing behind them.
 * It stands in no file, argument or variable.
 */
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { ConfigurationError } from './configuration.ts'

const KEY_BYTES = 32
/** Whoever starts the process has the key at hand. */
const PATIENCE_MS = 10_000

/** Throws ConfigurationError when another number of bytes comes, or none in time. */
export async function readDataKey(input: Readable, patienceMs = PATIENCE_MS): Promise<Uint8Array> {
  const read = new AbortController()
  const late = pause(patienceMs, 'late', { signal: read.signal }).catch(() => 'late')
  try {
    const key = await Promise.race([gathered(input), late])
    if (typeof key === 'string' || key.length !== KEY_BYTES)
      throw new ConfigurationError(
        `the instance is encrypted, and its data key (${KEY_BYTES} bytes on standard input) was not given`,
      )
    return key
  } finally {
    read.abort()
    input.destroy()
  }
}

async function gathered(input: Readable): Promise<Uint8Array> {
  const key = Buffer.alloc(KEY_BYTES)
  let bytes = 0
  for await (const piece of input) {
    const given = piece as Buffer
    if (bytes + given.length > KEY_BYTES) return new Uint8Array()
    given.copy(key, bytes)
    given.fill(0)
    bytes += given.length
  }
  return key.subarray(0, bytes)
}
