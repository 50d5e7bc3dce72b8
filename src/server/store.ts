/** Composition root, its part for the store: the embedded one in the data directory, or the database that the configuration names. */
import { readFileSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import {
  DATABASE,
  keyProof,
  openDataDirectory,
  openServerDirectory,
  type DataDirectory,
} from '../store/data-directory.ts'
import type { Decoders } from '../store/decoder.ts'
import type { Store } from '../store/port.ts'
import { addressText, type PostgresAddress } from '../store/postgres/address.ts'
import type { SessionOptions } from '../store/postgres/session.ts'
import { openSqliteStore } from '../store/sqlite/store.ts'
import { putRecord, recordId } from './shared/state.ts'

export interface OpenStore {
  readonly directory: DataDirectory
  readonly store: Store
  /** This one of several; undefined where one has the store to itself. */
  readonly server: string | undefined
  /** Leaves what shows other servers that they have the same key; nothing where one has the store to itself. */
  readonly prove: () => Promise<void>
}

type StoreConfig = Pick<Config, 'store' | 'storePasswordFile' | 'dataDir' | 'init'>

const GROUP = 'key'
const PROOF = 'proof'

/** Throws a sentence when the directory or the store cannot be used; then neither is open. */
export async function openStore(config: StoreConfig, decode: Decoders): Promise<OpenStore> {
  const { store: place, dataDir, init } = config
  if (place === 'embedded') {
    const directory = openDataDirectory(dataDir, { init })
    return withRelease(directory, async () => ({
      directory,
      store: openSqliteStore(directory.file(DATABASE), { decode }),
      server: undefined,
      prove: async () => {},
    }))
  }
  let server = ''
  const store = await openShared(config, place, { decode, server: () => server })
  try {
    const proof = await proofIn(store)
    const directory = openServerDirectory(dataDir, { init, known: proof })
    server = directory.server
    return await withRelease(directory, async () => {
      if (proof === undefined) await prove(store, directory)
      return { directory, store, server: directory.server, prove: () => prove(store, directory) }
    })
  } catch (problem) {
    await store.close()
    throw problem
  }
}

/** Loaded when it is asked for: servers with an embedded store carry no client of a database. */
export async function openShared(
  { storePasswordFile }: Pick<Config, 'storePasswordFile'>,
  address: PostgresAddress,
  how: { readonly decode: Decoders; readonly server: () => string },
): Promise<Store> {
  const { openPostgresStore } = await import('../store/postgres/store.ts')
  return openPostgresStore({ ...loginOf({ storePasswordFile }, address), ...how })
}

export function loginOf(
  { storePasswordFile: file }: Pick<Config, 'storePasswordFile'>,
  address: PostgresAddress,
): SessionOptions {
  return { address, password: file === '' ? undefined : () => passwordIn(file) }
}

/** What shows that a server has the key of the others; undefined where there was none yet. */
export async function proofIn(store: Store): Promise<string | undefined> {
  const known = await store.read((tx) => tx.findById('record', recordId(GROUP, PROOF)))
  return known?.document.value as string | undefined
}

function passwordIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd()
  } catch (problem) {
    throw new Error(
      `the file ${file} with the database's password is not readable: ${(problem as Error).message}`,
      { cause: problem },
    )
  }
}

/** Of two servers that are the first at once, one is. */
export async function prove(store: Store, { key, path }: DataDirectory): Promise<void> {
  await store.write(async (tx) => {
    if (await tx.findById('record', recordId(GROUP, PROOF)))
      throw new Error(
        `another server was the first of this database; copy its file \`key\` to ${path}`,
      )
    await putRecord(tx, GROUP, PROOF, keyProof(key))
  })
}

async function withRelease<T>(directory: DataDirectory, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (problem) {
    directory.release()
    throw problem
  }
}

/** As it may be shown. */
export function placeOf(
  { store }: Pick<Config, 'store'>,
  server: string | undefined,
): { readonly store: string; readonly server?: string } {
  if (store === 'embedded') return { store }
  return { store: addressText(store), ...(server !== undefined && { server }) }
}
