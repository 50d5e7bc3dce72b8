/** The disk's own rate: 4 KiB written and flushed, again and again, on the file system that holds the data directory. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export function flushesPerSecond(directory: string, forMs = 1500): number {
  const file = join(directory, 'flush.probe')
  const descriptor = openSync(file, 'w')
  const page = Buffer.alloc(4096, 'x')
  const startedMs = performance.now()
  let flushes = 0
  while (performance.now() - startedMs < forMs) {
    writeSync(descriptor, page)
    fsyncSync(descriptor)
    flushes++
  }
  const seconds = (performance.now() - startedMs) / 1000
  closeSync(descriptor)
  rmSync(file)
  return flushes / seconds
}
