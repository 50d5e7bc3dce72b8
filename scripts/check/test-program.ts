/**
 * Our programs as tests start them (`programFile`): bundled as they are published, since linking a thousand sources takes
 * three quarters of the processor time of a start, and tests start some hundred. They are built once for each state of the sources.
 */
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { buildPrograms } from '../build/program.ts'

const SOURCES = [
  'package.json',
  'package-lock.json',
  'scripts/build/program.ts',
  'src/**/*.{ts,json}',
  'engines/*/*.{ts,json}',
  'engines/*/src/**/*.{ts,json}',
  'test/support/**/*.ts',
]
/** A server that tests kill, and look into. */
const MORE = ['test/support/process/server-process.ts']
/** Another run may use what an earlier state of the sources became. */
const KEPT_MS = 24 * 60 * 60_000

/** Answers the folder of a package: its package.json and `dist`. */
export async function builtPrograms(root: string): Promise<string> {
  const cache = join(root, 'node_modules', '.cache', 'programs')
  const folder = join(cache, digestOf(root))
  mkdirSync(cache, { recursive: true })
  if (!existsSync(folder)) {
    const part = `${folder}.${process.pid}`
    mkdirSync(part)
    copyFileSync(join(root, 'package.json'), join(part, 'package.json'))
    await buildPrograms(root, join(part, 'dist'), MORE)
    // Another run of the same sources may have been faster.
    if (existsSync(folder)) rmSync(part, { recursive: true })
    else renameSync(part, folder)
  }
  for (const name of readdirSync(cache)) {
    const path = join(cache, name)
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0 }
    if (path !== folder && Date.now() - mtimeMs > KEPT_MS)
      rmSync(path, { recursive: true, force: true })
  }
  return folder
}

function digestOf(root: string): string {
  const digest = createHash('sha256')
  for (const path of globSync(SOURCES, { cwd: root }).sort())
    digest
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  return digest.digest('hex').slice(0, 16)
}
