/**
 * Builds the front end of the console (`console/`) and prints the folder with it: a bundle, a style sheet and a page, in files that are
 * named after what is in them. Kept by the content of the sources, so that who starts a server again waits for nothing; two that build
 * at once do no harm. `npm run build` gives a folder of its own: `scripts/console.ts FOLDER`.
 */
import { createHash } from 'node:crypto'
import {
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'rolldown'

const ROOT = resolve(import.meta.dirname, '..')
const SOURCES = join(ROOT, 'console')
const CACHE = join(ROOT, 'node_modules', '.cache', 'console')

const [wanted] = process.argv.slice(2)
const folder = wanted === undefined ? join(CACHE, digestOfSources()) : resolve(wanted)
if (wanted !== undefined || !existsSync(join(folder, 'index.html'))) await buildTo(folder)
process.stdout.write(`${folder}\n`)

async function buildTo(target: string): Promise<void> {
  const { output } = await build({
    input: join(SOURCES, 'main.tsx'),
    cwd: ROOT,
    platform: 'browser',
    write: false,
    logLevel: 'warn',
    tsconfig: false,
    transform: { jsx: { runtime: 'automatic', importSource: 'preact' }, target: 'es2022' },
    output: {
      format: 'esm',
      minify: true,
      entryFileNames: 'main-[hash].js',
      chunkFileNames: 'part-[hash].js',
    },
  })
  const style = globSync('**/*.css', { cwd: SOURCES })
    .sort()
    .map((path) => readFileSync(join(SOURCES, path), 'utf8'))
    .join('\n')
  const icon = readFileSync(join(SOURCES, 'icon.svg'), 'utf8')
  const named = { STYLE: `main-${digest(style)}.css`, ICON: `icon-${digest(icon)}.svg` }
  const script = output.find((each) => each.type === 'chunk' && each.isEntry)
  if (!script) throw new Error('the bundle has no entry')
  const page = readFileSync(join(SOURCES, 'index.html'), 'utf8')
    .replace('STYLE', named.STYLE)
    .replace('ICON', named.ICON)
    .replace('SCRIPT', script.fileName)
  // Under another name first: a folder of the right name is whole.
  const under = `${target}.${process.pid}`
  rmSync(under, { recursive: true, force: true })
  mkdirSync(under, { recursive: true })
  for (const each of output)
    if (each.type === 'chunk') writeFileSync(join(under, each.fileName), each.code)
  writeFileSync(join(under, named.STYLE), style)
  writeFileSync(join(under, named.ICON), icon)
  writeFileSync(join(under, 'index.html'), page)
  rmSync(target, { recursive: true, force: true })
  try {
    renameSync(under, target)
  } catch (problem) {
    // Another one was faster, with the same.
    rmSync(under, { recursive: true, force: true })
    if (!existsSync(join(target, 'index.html'))) throw problem
  }
}

/** Of all that the bundle is made of, the versions of its parts among it. */
function digestOfSources(): string {
  const files = globSync('**/*', { cwd: SOURCES, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const lock = join(ROOT, 'package-lock.json')
  const all = [...files, lock, import.meta.filename].map(
    (file) => `${file.slice(ROOT.length)}\n${digest(readFileSync(file, 'utf8'))}`,
  )
  return digest(all.join('\n'))
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
