/** The storage volumes that clients made, as statements see them: whether their data can be had, and what is kept of what was written. */
import type { VolumeGate } from '../catalog/catalog-store.ts'
import type { VolumeEntry } from '../catalog/volume.ts'
import type { HeldFile } from '../storage/checkpoint.ts'
import type { Cancellation } from '../storage/link.ts'

/** Where a volume is to be. */
export type VolumePlace = Pick<VolumeEntry, 'location' | 'folder'>

export interface HeldVolume extends HeldFile {
  readonly volume: number
  /** What its file is called where another engine is to begin with it. */
  readonly name: string
}

export interface VolumeSet extends VolumeGate {
  /** Why the data of a volume cannot be had, if so. */
  unmet(volume: number): string | undefined
  /** Throws SqlError unless the instance may keep data there. */
  checkPlace(place: Pick<VolumePlace, 'location'>): void
  /** A new one, empty, and in its store when this resolves. Throws SqlError when that does not take it; nothing of it is there then. */
  make(entry: VolumeEntry, cancellation: Cancellation): Promise<void>
  /** After the catalog has another entry for it: with another key, or none any more. */
  changed(volume: number): Promise<void>
  /** Before a write waits for its turn: while the volume's store is away, within the writer's time. */
  admit(volume: number | undefined, cancellation?: Cancellation): Promise<void>
  /** All of the catalog, with the lock: their files stay as they are. Throws SqlError when one cannot be had. */
  hold(): Promise<readonly HeldVolume[]>
}
