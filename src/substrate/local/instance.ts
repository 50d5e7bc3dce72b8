/**
 * One instance's directory: what is wanted of it, where it is, and which processes are its. The directory is the truth; nothing
 * that a new Emrys needs is kept in memory only, so that it finds the instance as the old one left it.
 *
 *   instance.json          what is wanted of it (instance-note.ts)
 *   NAME/                  the own directory of the process of that name: ROLE, or ROLE/NODE
 *   NAME.process.json      which process it is (pid-file.ts)
 *   NAME.start.log         what it printed since it was last started
 *   job/ID/                the client of a job (job.ts)
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { PlacedProcess } from './component.ts'
import { DIRECTORY_NAME, type InstanceNote } from './instance-note.ts'
import { upgraded } from './instance-upgrade.ts'
import { writeWhole } from './whole-file.ts'

export interface ProcessFiles {
  readonly directory: string
  readonly pidFile: string
  readonly startLog: string
}

export interface InstanceFolder {
  readonly path: string
  /** Whether anything of it is left: a creation that was cut short leaves a directory without a note. */
  exists(): boolean
  read(): InstanceNote | undefined
  write(note: InstanceNote): void
  /** Where a process has its files, by the name of the process. */
  files(name: string): ProcessFiles
  removeProcess(name: string): void
  remove(): void
}

const NOTE = 'instance.json'
/** Before the name of what is being removed. */
export const GONE = '.gone-'

/** Throws when the id cannot be a directory's name. */
export function instanceFolder(root: string, id: string): InstanceFolder {
  if (!DIRECTORY_NAME.test(id)) throw new Error(`${id} cannot be the name of a directory`)
  const path = join(root, id)
  const note = join(path, NOTE)
  const files = (name: string) => processFiles(path, name)
  return {
    path,
    files,
    exists: () => existsSync(path),
    read: () => (existsSync(note) ? upgraded(JSON.parse(readFileSync(note, 'utf8'))) : undefined),
    write(it) {
      mkdirSync(path, { recursive: true, mode: 0o700 })
      writeWhole(note, JSON.stringify(it))
    },
    removeProcess(name) {
      for (const file of Object.values(files(name))) rmSync(file, { recursive: true, force: true })
    },
    remove() {
      // Out of the way first, in one step: a removal that is cut short must not leave half an instance behind.
      const gone = join(root, `${GONE}${id}`)
      renameSync(path, gone)
      rmSync(gone, { recursive: true, force: true })
    },
  }
}

/** Its processes that have files by now. */
export function placedIn(
  { files }: InstanceFolder,
  { processes }: InstanceNote,
): readonly PlacedProcess[] {
  return processes
    .filter(({ revision, stop }) => revision > 0 && stop?.next !== 'remove')
    .map(({ name, role }) => ({ role, directory: files(name).directory }))
}

/** An instance of the one process `engine` has its files where the first version had them. */
function processFiles(path: string, name: string): ProcessFiles {
  const beside = name === 'engine' ? path + '/' : `${join(path, name)}.`
  return {
    directory: join(path, name),
    pidFile: `${beside}process.json`,
    startLog: `${beside}start.log`,
  }
}

/** Every instance that has left a note under `root`. */
export function instancesIn(root: string): readonly InstanceNote[] {
  return directoriesIn(root)
    .map((id) => instanceFolder(root, id).read())
    .filter((note) => note !== undefined)
}

/** The ids of all instances that have left a directory under `root`. */
export function directoriesIn(root: string): readonly string[] {
  return existsSync(root) ? readdirSync(root).filter((id) => DIRECTORY_NAME.test(id)) : []
}

/** Finishes removals that were cut short. */
export function clearAway(root: string): void {
  if (!existsSync(root)) return
  for (const name of readdirSync(root)) {
    if (name.startsWith(GONE)) rmSync(join(root, name), { recursive: true, force: true })
  }
}
