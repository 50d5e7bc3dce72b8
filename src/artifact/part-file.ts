/**
 * Where a file lies until all of it is there: under a name with the id of the process that fetches it. What a fetch leaves when it
 * is cut off is taken up by the next one, which renames it first: of two at once, one continues with it and the other begins.
 */
import { randomUUID } from 'node:crypto'
import { readdirSync, renameSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export interface PartFile {
  readonly path: string
  /** Leaves what is there to whoever fetches next. */
  leave(): Promise<void>
  discard(): Promise<void>
}

/** A part file for what shall be at `whole`. */
export async function claimPart(whole: string): Promise<PartFile> {
  const folder = dirname(whole)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = `${whole}.part.${process.pid}.${randomUUID()}`
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${basename(whole)}.part`) || isInUse(name)) continue
    try {
      renameSync(join(folder, name), path)
      break
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code !== 'ENOENT') throw problem
    }
  }
  return {
    path,
    leave: () => rename(path, `${whole}.part`).catch(() => undefined),
    discard: () => rm(path, { force: true }),
  }
}

/** Whether the process whose id is in the name is still there. */
function isInUse(name: string): boolean {
  const [, id] = /\.part\.(\d+)\./.exec(name) ?? []
  if (id === undefined) return false
  try {
    process.kill(Number(id), 0)
    return true
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'EPERM'
  }
}
