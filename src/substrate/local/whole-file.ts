/** Files that are there whole or not at all, whenever the writer dies. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'

/** Writes aside, flushes and renames. `mode` is 0600: what lies in these directories is nobody else's. */
export function writeWhole(file: string, text: string): void {
  const aside = `${file}.${process.pid}.new`
  const descriptor = openSync(aside, 'w', 0o600)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(aside, file)
}
