/** How long test files took in earlier runs of this checkout: what a run is ordered by, and nothing else rests on it. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Milliseconds by file; of no file where nothing, or nothing readable, was kept. */
export function keptTimes(path: string): ReadonlyMap<string, number> {
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, number>>
    return new Map(Object.entries(kept))
  } catch {
    return new Map()
  }
}

export function keepTimes(path: string, tookMs: ReadonlyMap<string, number>): void {
  const kept = new Map([...keptTimes(path), ...tookMs])
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(Object.fromEntries(kept)))
  renameSync(`${path}.${process.pid}`, path)
}
