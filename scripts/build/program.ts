/**
 * The programs of the published package as few files: `src/cli/start.js`, three more of `src` that are loaded or started later, and each engine's
 * `engines/NAME/src/main.js` with its threads, and beside them in `part/` what they share and what they load later. Every file has its
 * source map, with the sources in it (`NODE_OPTIONS=--enable-source-maps`). Linking some thousand modules was most of a start (decision 48).
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { build } from 'rolldown'

/** Native, or loaded by few servers: these stay where npm put them. */
const LEFT_OUT = /^(@duckdb|@node-rs|s2js|pg|mysql2|ldapts|selfsigned|yauzl)(\/|$)/
const PART = 'part'

/** Writes the programs, and `more` that are not published, to `dist`, which has nothing of them yet. */
export async function buildPrograms(
  root: string,
  dist: string,
  more: readonly string[] = [],
): Promise<void> {
  const programs = [
    'src/cli/start.ts',
    'src/kernel/key-store-reader.ts',
    'src/kernel/schema-checker-library.ts',
    'src/store/sqlite/listing-worker.ts',
  ]
  const engines = globSync('engines/*/src/{main,**/*-worker}.ts', { cwd: root })
  const { output } = await build({
    input: Object.fromEntries(
      [...programs, ...engines, ...more].map((path) => [nameOf(path), path]),
    ),
    cwd: root,
    platform: 'node',
    logLevel: 'warn',
    external: LEFT_OUT,
    output: {
      dir: dist,
      format: 'esm',
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: `${PART}/[name]-[hash].js`,
    },
  })
  for (const { type, fileName } of output)
    if (type === 'chunk') {
      const file = join(dist, fileName)
      writeFileSync(file, inAscii(readFileSync(file, 'utf8')))
    }
  const modules = output.flatMap((each) => (each.type === 'chunk' ? each.moduleIds : []))
  writeFileSync(join(dist, 'LICENSES.txt'), licensesOf(root, modules))
}

/**
 * V8 holds a source with a single character beyond Latin-1 in two bytes each: of the server's that was three megabytes. What is
 * escaped means the same in texts, templates and regular expressions, and nothing in comments.
 */
function inAscii(code: string): string {
  return code.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function nameOf(path: string): string {
  return path.split(sep).join('/').replace(/\.ts$/, '')
}

/** Whose code the bundle holds beside ours, and on what terms. */
function licensesOf(root: string, modules: readonly string[]): string {
  const packages = modules.flatMap((id) => {
    const [, name] = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id.split(sep).join('/')) ?? []
    return name === undefined ? [] : [name]
  })
  const texts = [...new Set(packages)].sort().map((name) => {
    const folder = join(root, 'node_modules', name)
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly version: string
      readonly license?: string
    }
    const [file] = globSync('{LICENSE,LICENCE,license,licence,LICENSE.*,license.*}', {
      cwd: folder,
    })
    const text =
      file !== undefined && existsSync(join(folder, file))
        ? readFileSync(join(folder, file), 'utf8')
        : ''
    return `${name} ${version}, ${license ?? 'see its text'}\n\n${text.trim()}\n`
  })
  return ['These files hold code of other packages as well.\n', ...texts].join('\n\n')
}
