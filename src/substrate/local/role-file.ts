/**
 * The files that a process is configured with. New ones replace those before them only once the process has taken them over:
 * until then the ones before lie beside them, so that a refusal can be undone, whoever is there to undo it.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from './whole-file.ts'

type Files = Readonly<Record<string, string>>

const BEFORE = '.before'

/** Whether the directory holds exactly these. */
export function holdsFiles(directory: string, files: Files): boolean {
  return Object.entries(files).every(([name, text]) => {
    const path = join(directory, name)
    return existsSync(path) && readFileSync(path, 'utf8') === text
  })
}

/** Writes those that differ, and keeps what they replace. */
export function replaceFiles(directory: string, files: Files): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name)
    if (holdsFiles(directory, { [name]: text })) continue
    if (existsSync(path) && !existsSync(path + BEFORE)) copyFileSync(path, path + BEFORE)
    writeWhole(path, text)
  }
}

/** The new files are in force: those before them are not needed any more. */
export function keepFiles(directory: string): void {
  for (const path of before(directory)) rmSync(path, { force: true })
}

/** The files before them are in force again. */
export function restoreFiles(directory: string): void {
  for (const path of before(directory)) renameSync(path, path.slice(0, -BEFORE.length))
}

function before(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(BEFORE))
    .map((name) => join(directory, name))
}
