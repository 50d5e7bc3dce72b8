/**
 * The storage volumes that clients made: for each a database in a folder of the data directory, shipped to its own place in the object
 * storage, and opened from there when the engine opens. One whose store is away, or whose place the instance may not use any more, is
 * tried again and again: its tables are refused by name until it is there, and nobody else's.
 */
import { rm } from 'node:fs/promises'
import type { FolderKey } from '../../../../src/kernel/object-folder.ts'
import type { CatalogStore } from '../catalog/catalog-store.ts'
import type { VolumeEntry } from '../catalog/volume.ts'
import type { HeldVolume, VolumeSet } from '../execution/volume-set.ts'
import { SqlError } from '../session.ts'
import type { Cancellation } from '../storage/link.ts'
import { directoryOf, fileName, forgetOthers, keyOf, openOne } from './opened-volume.ts'
import type { OpenedVolume, VolumeSetParts } from './opened-volume.ts'
import { checkPlace } from './volume-place.ts'

export interface OpenVolumeSet extends VolumeSet {
  /** Opens those of the catalog; resolves when each is there or was found away. */
  open(store: CatalogStore): Promise<void>
  /** Those that are open now, and each later one. */
  onOpen(listener: (volume: number) => Promise<void>): Promise<void>
  setKey(key: FolderKey): void
  /** To be called with the lock after each commit. */
  written(): void
  settle(cancellation: Cancellation): Promise<void>
  end(): void
  stop(): Promise<void>
}

/** Between two tries to open those that are away. */
const AGAIN_MS = 2_000
/** How long a store may be away at the start before the engine continues without it. */
const TIMEOUT_MS = 2_000

/** What is known of the volumes. */
interface Known {
  readonly parts: VolumeSetParts
  readonly opened: Map<number, OpenedVolume>
  /** Why others are not. */
  readonly lacks: Map<number, string>
  readonly listeners: ((volume: number) => Promise<void>)[]
  key: FolderKey | undefined
  store: CatalogStore | undefined
  isStopped: boolean
}

export function volumeSet(parts: VolumeSetParts): OpenVolumeSet {
  const known: Known = {
    parts,
    opened: new Map(),
    lacks: new Map(),
    listeners: [],
    key: parts.volume?.key,
    store: undefined,
    isStopped: false,
  }
  const { opened } = known
  const { link, duck, directory } = parts
  const retrying = retries(known)
  const demand = (volume: number): void => demandOpen(known, volume)
  return {
    link,
    unmet: (volume) => unmetRequirement(known, volume),
    demand,
    checkPlace: (place) => checkPlace(duck.objects.options, place),
    make: (entry, cancellation) => make(known, entry, cancellation),
    async changed(volume) {
      const entry = entryOf(known, volume)
      if (!entry) await forget(known, volume)
      else if (known.key) opened.get(volume)?.shipping.setKey(keyOf(entry, known.key))
    },
    async admit(volume, cancellation) {
      if (volume === undefined) return
      demand(volume)
      await opened.get(volume)?.shipping.durability.admit(cancellation)
    },
    hold: () => hold(known),
    async open(store) {
      known.store = store
      await forgetOthers(directory, store)
      await tryAll(known, TIMEOUT_MS)
      retrying.begin()
    },
    async onOpen(listener) {
      known.listeners.push(listener)
      for (const volume of opened.keys()) await listener(volume)
    },
    setKey(next) {
      known.key = next
      for (const [volume, { shipping }] of opened) {
        const entry = entryOf(known, volume)
        if (entry) shipping.setKey(keyOf(entry, next))
      }
    },
    written() {
      for (const { shipping } of opened.values()) shipping.durability.written()
    },
    async settle(cancellation) {
      for (const volume of cancellation.volumes ?? [])
        await opened.get(volume)?.shipping.durability.settle(cancellation)
    },
    end() {
      known.isStopped = true
      for (const { shipping } of opened.values()) shipping.end()
    },
    async stop() {
      await retrying.stop()
      await Promise.all([...opened.values()].map(({ shipping }) => shipping.stop()))
    },
  }
}

function entryOf({ store }: Known, volume: number): VolumeEntry | undefined {
  const entry = store?.current.entries.get(volume)
  return entry?.kind === 'storage volume' ? entry : undefined
}

const unmetRequirement = ({ lacks, opened }: Known, volume: number): string | undefined =>
  lacks.get(volume) ?? (opened.has(volume) ? undefined : 'it is not open')

function demandOpen(known: Known, volume: number): void {
  const reason = unmetRequirement(known, volume) ?? known.opened.get(volume)?.shipping.failure()
  if (reason === undefined) return
  const name = entryOf(known, volume)?.name ?? volume
  throw new SqlError(`The storage volume '${name}' cannot be used now: ${reason}`)
}

async function openKnown(known: Known, entry: VolumeEntry, timeoutMs: number): Promise<void> {
  const { parts, opened, lacks, listeners, key, store } = known
  const { id } = entry
  if (!opened.has(id)) opened.set(id, await openOne(parts, entry, { key, timeoutMs }))
  await store?.takeIn(id)
  lacks.delete(id)
  for (const listener of listeners) await listener(id)
  parts.log.info({ volume: entry.name }, 'the storage volume is open')
}

async function tryAll(known: Known, timeoutMs: number): Promise<void> {
  const { lacks, opened, store, parts } = known
  for (const entry of store?.current.volumes() ?? []) {
    const { id, name } = entry
    if (known.isStopped || (opened.has(id) && !lacks.has(id))) continue
    const before = lacks.get(id)
    lacks.set(id, before ?? 'it is not open yet')
    try {
      await openKnown(known, entry, timeoutMs)
    } catch (error) {
      const reason = (error as Error).message
      if (before !== reason)
        parts.log.warn({ volume: name, reason }, 'the storage volume cannot be opened yet')
      lacks.set(id, reason)
    }
  }
}

function retries(known: Known): { begin(): void; stop(): Promise<void> } {
  const { clock } = known.parts
  let cancel: () => void = () => undefined
  let trying: Promise<void> = Promise.resolve()
  const begin = (): void => {
    if (known.isStopped || known.lacks.size === 0) return
    cancel = clock.at(clock.now() + AGAIN_MS, () => {
      trying = tryAll(known, 0).finally(begin)
    })
  }
  return {
    begin,
    async stop() {
      cancel()
      await trying
    },
  }
}

async function make(known: Known, entry: VolumeEntry, cancellation: Cancellation): Promise<void> {
  const { parts, opened, key } = known
  try {
    const one = await openOne(parts, entry, { key, timeoutMs: 0, isNew: true })
    opened.set(entry.id, one)
    await one.shipping.durability.settle(cancellation)
  } catch (error) {
    await forget(known, entry.id)
    if (error instanceof SqlError) throw error
    throw new SqlError(`Access storage error. Error message: ${(error as Error).message}`)
  }
}

async function forget({ parts, opened, lacks }: Known, volume: number): Promise<void> {
  const { log, directory } = parts
  const one = opened.get(volume)
  opened.delete(volume)
  lacks.delete(volume)
  await one?.shipping.abandon().catch((error: unknown) => {
    const reason = (error as Error).message
    log.warn({ reason }, 'objects of a storage volume that was dropped are left in its store')
  })
  await one?.database.detach()
  await rm(directoryOf(directory, volume), { recursive: true, force: true })
}

async function hold(known: Known): Promise<readonly HeldVolume[]> {
  const held: HeldVolume[] = []
  try {
    for (const { id } of known.store?.current.volumes() ?? []) {
      demandOpen(known, id)
      const file = await known.opened.get(id)?.database.hold()
      if (file) held.push({ ...file, volume: id, name: fileName(id) })
    }
    return held
  } catch (error) {
    for (const file of held) await file.release()
    throw error
  }
}
