/**
 * Keys with their certificates, as servers are given them: two texts of PEM, or a key store in PKCS#12 with its password.
 *
 * A key store says itself how much work it takes to open, up to hours, and that work cannot be interrupted: one from outside is
 * opened by a process of its own (key-store-reader.ts), which is ended when it takes too long.
 */
import { execFile } from 'node:child_process'
import { createSecureContext, type SecureContext } from 'node:tls'
import { programFile } from './place.ts'

/** Secret. */
export type ServerKey =
  | { readonly certificate: string; readonly key: string }
  /** In base64. */
  | { readonly store: string; readonly password: string }

/** As it is written down. */
export function serverKeyText(key: ServerKey): string {
  return JSON.stringify(key)
}

/** Throws for what is no key with its certificate. */
export function secureContext(text: string): SecureContext {
  const it = JSON.parse(text) as ServerKey
  return 'store' in it
    ? createSecureContext({ pfx: Buffer.from(it.store, 'base64'), passphrase: it.password })
    : createSecureContext({ cert: it.certificate, key: it.key })
}

/**
 * `password`: it is not the store's. `form`: it is no key store, or has no key. `cipher`: it is older than anybody should use. `work`: it
 * takes too long.
 */
export type KeyStoreProblem = 'password' | 'form' | 'cipher' | 'work'

export type KeyStoreReading =
  | { readonly certificate: string }
  | { readonly problem: KeyStoreProblem }

/** Openers at work; each is a process. */
const READERS_MAX = 4
/** One takes a tenth of a second from when it has begun, and clients of the API wait for three. */
const READER_MS = 1_500
/** On a loaded machine its start alone takes seconds, which is no fault of the store. */
const START_MS = 10_000
const OUTPUT_BYTES = 262_144

const READER = programFile('src/kernel/key-store-reader')
let readers = 0

/** The certificate of a key store, in PEM. Undefined while too many are being opened. */
export async function readKeyStore(
  store: string,
  password: string,
): Promise<KeyStoreReading | undefined> {
  if (readers >= READERS_MAX) return undefined
  readers++
  try {
    return await ask({ store, password })
  } finally {
    readers--
  }
}

function ask(it: { readonly store: string; readonly password: string }): Promise<KeyStoreReading> {
  return new Promise((resolve) => {
    const options = {
      timeout: START_MS + READER_MS,
      killSignal: 'SIGKILL',
      maxBuffer: OUTPUT_BYTES,
      env: {},
    } as const
    const child = execFile(process.execPath, [READER], options, (problem, output) =>
      resolve(problem ? { problem: 'work' } : readingOf(output)),
    )
    // Its first byte says that it begins.
    child.stdout?.once('data', () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), READER_MS)
      child.once('exit', () => clearTimeout(timer))
    })
    // One that ends before it has read everything has said why.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(JSON.stringify(it))
  })
}

/** One that ends as its time does may have ended well, and what it wrote is not read any more (child_process.execFile). */
export function readingOf(output: string): KeyStoreReading {
  try {
    return JSON.parse(output) as KeyStoreReading
  } catch {
    return { problem: 'work' }
  }
}
