/** Which clusters are still being made of a backup, whose data they need until they are. */
import type { Backup } from '../domain/backup.ts'
import type { Reader } from '../store/port.ts'

export async function openRestores(
  tx: Pick<Reader, 'findById'>,
  { restoring }: Backup,
): Promise<readonly string[]> {
  const open: string[] = []
  for (const id of restoring) {
    const state = (await tx.findById('cluster', id))?.document.status.state
    if (state === 'unpaid' || state === 'creating') open.push(id)
  }
  return open
}
