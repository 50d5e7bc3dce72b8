/**
 * The secrets of an instance, which whoever starts the process writes to its standard input: the 32 bytes of the data key when it is
 * encrypted, then `{keyId, secret}` as JSON when it has a volume, and nothing behind them. They stand in no file, argument or variable.
 */
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { ConfigurationError } from './configuration.ts'
import type { EngineConfiguration } from './configuration.ts'
import { storageKeyIn } from './control.ts'
import type { ObjectStorageKey } from './control.ts'

export interface StartSecrets {
  readonly dataKey?: Uint8Array
  readonly storageKey?: ObjectStorageKey
}

const DATA_KEY_BYTES = 32
const STORAGE_KEY_BYTES = 16_384
/** Whoever starts the process has them at hand. */
const TIMEOUT_MS = 10_000

/** Throws ConfigurationError when something else comes, or it does not come in time. */
export async function readSecrets(
  input: Readable,
  { encrypted = false, volume }: Pick<EngineConfiguration, 'encrypted' | 'volume'>,
  timeoutMs = TIMEOUT_MS,
): Promise<StartSecrets> {
  if (!encrypted && !volume) return {}
  const dataKeyBytes = encrypted ? DATA_KEY_BYTES : 0
  const most = dataKeyBytes + (volume ? STORAGE_KEY_BYTES : 0)
  const read = new AbortController()
  const late = pause(timeoutMs, undefined, { signal: read.signal }).catch(() => undefined)
  try {
    const content = await Promise.race([gathered(input, most), late])
    if (!content || content.length < dataKeyBytes)
      throw new ConfigurationError(
        encrypted
          ? `the instance is encrypted, and its data key (${DATA_KEY_BYTES} bytes on standard input) was not given`
          : 'the instance has a volume, and its key was not given on standard input',
      )
    return {
      ...(encrypted && { dataKey: content.subarray(0, dataKeyBytes) }),
      ...(volume && { storageKey: storageKeyIn(content.subarray(dataKeyBytes)) }),
    }
  } finally {
    read.abort()
    input.destroy()
  }
}

/** Undefined when more than `most` bytes come. */
async function gathered(input: Readable, most: number): Promise<Buffer | undefined> {
  const content = Buffer.alloc(most)
  let bytes = 0
  for await (const piece of input) {
    const given = piece as Buffer
    if (bytes + given.length > most) return undefined
    given.copy(content, bytes)
    given.fill(0)
    bytes += given.length
  }
  return content.subarray(0, bytes)
}
