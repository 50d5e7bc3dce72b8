/** The volume of an engine and its ways to it: opened before the database, shipped to while that is open. */
import { join } from 'node:path'
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import { random, type Random } from '../../../../src/kernel/random.ts'
import { volumeDurability, type Durability } from '../execution/durability.ts'
import { DATABASE_FILE } from '../storage/duck.ts'
import {
  objectFolder,
  type FolderKey,
  type ObjectFolderOptions,
} from '../../../../src/kernel/object-folder.ts'
import { shipper, type ShippedDatabase, type ShipperOptions } from '../volume/shipper.ts'
import { leaveVolume, openVolume, type OpenVolume } from '../volume/volume.ts'

export interface EngineVolume extends ObjectFolderOptions {
  readonly key: FolderKey
  readonly checkpointAt?: ShipperOptions['checkpointAt']
}

export interface Shipping {
  readonly durability: Durability
  setKey(key: FolderKey): void
  /** Why no write can succeed any more. */
  failure(): string | undefined
  /** The engine is about to end: nobody waits for long any more. */
  end(): void
  /** Brings what is committed, unless the store takes too long. */
  stop(): Promise<void>
  /** Ends at once, and removes what is in the store. */
  abandon(): Promise<void>
}

export interface VolumeParts {
  readonly directory: string
  readonly clock: Clock
  readonly log: Logger
  readonly random?: Random
  readonly volume?: EngineVolume
}

/** An engine's end is bounded. */
const END_MS = 5_000

/** The files of the directory are what the volume has when this resolves. Throws StoreError. */
export async function volumeOf(parts: VolumeParts): Promise<OpenVolume | undefined> {
  const { directory, clock, log, volume } = parts
  if (!volume) {
    leaveVolume(directory)
    return undefined
  }
  const { key, checkpointAt: _when, ...options } = volume
  const folder = objectFolder(options, { wall: () => clock.wall() })
  const writer = (parts.random ?? random()).uuid()
  const file = join(directory, DATABASE_FILE)
  return openVolume({ directory, file }, { folder, key, writer, log })
}

interface ShippedVolume {
  readonly volume: OpenVolume
  readonly database: ShippedDatabase
  /** Of the engine's writes. */
  readonly withLock: ShipperOptions['withLock']
  /** Whose storage it is, in errors; the instance's without it. */
  readonly named?: string
}

export function shipVolume(
  { clock, log, random: ids = random(), volume: given }: VolumeParts,
  { volume, database, withLock, named }: ShippedVolume,
): Shipping {
  const ship = shipper(volume, database, {
    clock,
    log,
    fraction: () => ids.fraction(),
    withLock,
    ...(given?.checkpointAt && { checkpointAt: given.checkpointAt }),
  })
  return {
    durability: volumeDurability(ship, named),
    setKey: (key) => volume.folder.setKey(key),
    failure: ship.failure,
    end: () => ship.end(END_MS),
    stop: ship.stop,
    async abandon() {
      ship.end(0)
      await ship.stop()
      for (const name of await volume.folder.list('')) await volume.folder.remove(name)
    },
  }
}
