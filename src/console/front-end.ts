/**
 * The files that the browser gets, from `console/`. The published package has them built beside it; a checkout builds them on first use,
 * in a process of its own, and keeps them by the content of their sources (scripts/console.ts). They are read once, so that no path of a
 * request is ever one of the file system.
 */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { installationRoot, isCheckout } from '../kernel/place.ts'

export interface FrontEndFile {
  readonly type: string
  readonly bytes: Buffer
  readonly packed: Buffer
}

/** Resolves with the files by name, such as `index.html`. Throws a sentence when they cannot be had. */
export type FrontEnd = () => Promise<ReadonlyMap<string, FrontEndFile>>

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** What a build may take, on a machine that does other things beside. */
const BUILD_MS = 60_000

/** Read on first use, and again after a failure. */
export function frontEnd(find: () => Promise<string> = folderOf): FrontEnd {
  let known: ReturnType<FrontEnd> | undefined
  return () => {
    known ??= find()
      .then(filesIn)
      .catch((problem: unknown) => {
        known = undefined
        throw problem
      })
    return known
  }
}

async function folderOf(): Promise<string> {
  if (!isCheckout) return join(installationRoot(), 'dist', 'console')
  const root = installationRoot()
  const program = join(root, 'scripts', 'console.ts')
  const { stdout } = await run(process.execPath, [program], { cwd: root, timeout: BUILD_MS })
  return stdout.trim()
}

const run = promisify(execFile)
const pack = promisify(gzip)

async function filesIn(folder: string): Promise<ReadonlyMap<string, FrontEndFile>> {
  const names = (await readdir(folder)).filter((name) => TYPES[extname(name)] !== undefined)
  const files = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name))
      const type = TYPES[extname(name)] ?? ''
      return [name, { type, bytes, packed: await pack(bytes, { level: 9 }) }] as const
    }),
  )
  const found = new Map(files)
  if (!found.has('index.html')) throw new Error(`${folder} has no index.html`)
  return found
}
