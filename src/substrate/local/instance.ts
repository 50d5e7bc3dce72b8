/**
 * One instance's directory: what is wanted of it, where it is, and which process is its. The directory is the truth; nothing about
 * an instance is kept in memory only, so that a new Emrys finds it as the old one left it.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from './whole-file.ts'

export interface InstanceNote {
  readonly id: string
  readonly family: string
  readonly generation: number
  readonly host: string
  readonly ports: readonly number[]
  readonly groups: readonly { readonly id: string; readonly nodes: readonly InstanceNode[] }[]
  /** Whether its engine has all that it needs to be started; absent until it was prepared for the first time. */
  readonly prepared?: true
  /** When its end was asked for, in service time: from then on it is only taken down. */
  readonly endingMs?: number
}

export interface InstanceNode {
  readonly id: string
  readonly address: string
}

export interface InstanceFolder {
  readonly path: string
  /** The engine's own directory in it. */
  readonly engine: string
  readonly mark: string
  /** Whether anything of it is left: a creation that was cut short leaves a directory without a note. */
  exists(): boolean
  read(): InstanceNote | undefined
  write(note: InstanceNote): void
  remove(): void
}

const NOTE = 'instance.json'
const GONE = '.gone-'

export function instanceFolder(root: string, id: string): InstanceFolder {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(id)) throw new Error(`${id} cannot be the name of a directory`)
  const path = join(root, id)
  const note = join(path, NOTE)
  return {
    path,
    engine: join(path, 'engine'),
    mark: join(path, 'process.json'),
    exists: () => existsSync(path),
    read: () =>
      existsSync(note) ? (JSON.parse(readFileSync(note, 'utf8')) as InstanceNote) : undefined,
    write(it) {
      mkdirSync(join(path, 'engine'), { recursive: true, mode: 0o700 })
      writeWhole(note, JSON.stringify(it))
    },
    remove() {
      // Out of the way first, in one step: a removal that is cut short must not leave half an instance behind.
      const gone = join(root, `${GONE}${id}`)
      renameSync(path, gone)
      rmSync(gone, { recursive: true, force: true })
    },
  }
}

/** Every instance that has left a note under `root`. */
export function instancesIn(root: string): readonly InstanceNote[] {
  if (!existsSync(root)) return []
  return readdirSync(root)
    .filter((id) => !id.startsWith(GONE))
    .map((id) => instanceFolder(root, id).read())
    .filter((note) => note !== undefined)
}

/** Finishes removals that were cut short. */
export function clearAway(root: string): void {
  if (!existsSync(root)) return
  for (const name of readdirSync(root)) {
    if (name.startsWith(GONE)) rmSync(join(root, name), { recursive: true, force: true })
  }
}
