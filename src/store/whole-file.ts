/** Small files that are replaced as a whole: a crash leaves what was there or the new one. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'

/** Written aside and renamed; for its owner alone. */
export function writeWhole(file: string, bytes: Uint8Array): void {
  const aside = `${file}.new`
  const descriptor = openSync(aside, 'w', 0o600)
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(aside, file)
}
