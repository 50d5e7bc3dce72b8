/** Files that are there whole or not at all, whenever the writer dies. */
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'

/** Writes aside, flushes and renames. What lies in these directories is nobody else's. */
export function writeWhole(file: string, content: string | Uint8Array, mode = 0o600): void {
  const aside = `${file}.${process.pid}.new`
  const descriptor = openSync(aside, 'w', mode)
  try {
    writeFileSync(descriptor, content)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(aside, file)
}
