/** A cluster that runs, or does again, may have a directory service that lacks what is recorded. */
import type { Writer } from '../../store/port.ts'

export async function enqueueDirectory(tx: Writer, id: string, nowMs: number): Promise<void> {
  if (await tx.findById('directory', id)) await tx.enqueue('directory', id, nowMs)
}
