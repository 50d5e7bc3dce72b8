/**
 * Copies and backups belong together: a copy that no backup stands for is removed, and a backup whose copy is gone is none any
 * more. A backup is there before its copy is begun and until it is removed, so that each is looked up in the order in which
 * nothing that is under way is taken for lost.
 */
import { failBackup, snapshotOf } from '../../domain/backup.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Store, Stored } from '../../store/port.ts'
import type { Substrate } from '../../substrate/port.ts'
import { limits } from '../../limits.ts'

export interface BackupSweepOptions {
  readonly store: Store
  readonly substrates: ReadonlyMap<string, Substrate>
  readonly clock: Clock
}

export async function sweepBackups(options: BackupSweepOptions): Promise<void> {
  for (const { name, snapshots } of options.substrates.values()) {
    if (!snapshots) continue
    for (const key of await snapshots.list()) {
      const known = await options.store.read((tx) => tx.findById('backup', key.snapshot))
      if (!known) await snapshots.discard(key)
    }
    await failLost(options, name)
  }
}

/** A page at a time: those that fail meanwhile are not skipped, as pages begin behind the last one seen. */
async function failLost(options: BackupSweepOptions, substrate: string): Promise<void> {
  let behindSeq: number | undefined
  do {
    const page = await completedBehind(options.store, behindSeq)
    for (const found of page) await failIfLost(options, substrate, found)
    behindSeq = page.length === limits.pageSize ? page.at(-1)?.seq : undefined
  } while (behindSeq !== undefined)
}

async function completedBehind(
  store: Store,
  behindSeq: number | undefined,
): Promise<readonly Stored<'backup'>[]> {
  const all = {
    account: undefined,
    states: ['completed'],
    order: 'oldest',
    limit: limits.pageSize,
    offset: 0,
  } as const
  const place = behindSeq === undefined ? {} : { behindSeq }
  return (await store.read((tx) => tx.list('backup', { ...all, ...place }))).rows
}

async function failIfLost(
  { store, substrates, clock }: BackupSweepOptions,
  substrate: string,
  found: Stored<'backup'>,
): Promise<void> {
  const backup = found.document
  if (backup.substrate !== substrate) return
  const seen = await substrates.get(substrate)?.snapshots?.observe(snapshotOf(backup))
  if (seen?.phase === 'taken') return
  await store.write(async (tx) => {
    const now = await tx.findById('backup', backup.id)
    if (now?.document.state !== 'completed') return
    await tx.save('backup', now, failBackup(now.document, 'its data are not there', clock.now()))
  })
}
