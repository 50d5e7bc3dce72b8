/** A copy of StarRocks' SQL suite: its case files, its list of statements that are not compared, and what of it does not apply. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { parseCaseFile } from './case-file.ts'
import type { Case } from './case-file.ts'

export interface Suite {
  readonly root: string
  readonly files: readonly SuiteFile[]
  /** Whether the suite itself does not compare what this statement answers. */
  isSkipped(statement: string): boolean
}

export interface SuiteFile {
  /** Folder of the suite, e.g. `test_join`. */
  readonly suite: string
  /** From the root of the cases. */
  readonly path: string
  /** Why none of it applies. */
  readonly outside?: string
  cases(): readonly Case[]
}

export function openSuite(directory: string): Suite {
  const given = resolve(directory)
  const cases = existsSync(join(given, 'sql')) ? join(given, 'sql') : given
  const root = dirname(cases)
  const files = globSync('**/R/*', { cwd: cases })
    .filter((path) => !basename(path).startsWith('.'))
    .sort()
    .map((path): SuiteFile => {
      const suite = relative('.', path).split('/')[0] ?? ''
      const outside = OUTSIDE.find(([pattern]) => pattern.test(suite))?.[1]
      return {
        suite,
        path,
        ...(outside !== undefined && { outside }),
        cases: () => parseCaseFile(readFileSync(join(cases, path), 'utf8')),
      }
    })
  if (files.length === 0) throw new Error(`no case files (…/R/*) under ${cases}`)
  const patterns = skipPatterns(join(root, 'lib', 'skip.py'))
  return {
    root,
    files,
    isSkipped: (statement) =>
      patterns.some(({ text, regex }) => statement.includes(text) || regex?.test(statement)),
  }
}

/** Suites about what the engine has no counterpart for, with the reason. */
const OUTSIDE: readonly (readonly [RegExp, string])[] = [
  [
    /^test_(catalog|hive|iceberg|deltalake|external_mysql|aws_authentication)$/,
    'external catalogs',
  ],
  [/^test_(external_file|pipe|sink)$/, 'files in object stores'],
  [/^test_routine_load$/, 'routine load'],
  [/^test_(udf|plugin)$/, 'user-defined functions and plugins'],
  [
    /^test_(datacache|compaction_cron|primary_index_cache_expire|checkpoint|conf|execute_in_fe|exception|sys|show_proc)$/,
    'the inside of a StarRocks cluster',
  ],
  [/^test_(profile|load_profile)$/, 'query profiles'],
  [/^test_(collect|analyze|refresh)_statistics$/, "the optimizer's statistics"],
  [/^test_(inverted_index)$/, 'inverted indexes'],
  [/^test_(show_backup_restore|recovery)$/, 'backup and recovery'],
  [/^test_trino_dialect$/, 'the Trino dialect'],
  [/^test_(dictionary|dpp)$/, 'dictionaries and other data sources'],
]

interface Pattern {
  readonly text: string
  readonly regex?: RegExp
}

/** The suite's list is read from the copy. A copy without one has none. */
function skipPatterns(path: string): readonly Pattern[] {
  if (!existsSync(path)) return []
  const body = /skip_res_cmd = \[([\s\S]*?)\n\]/.exec(readFileSync(path, 'utf8'))?.[1] ?? ''
  return [...body.matchAll(/^\s*"((?:[^"\\]|\\.)*)"/gm)].map((found) => {
    const text = (found[1] ?? '').replaceAll('\\\\', '\\')
    try {
      return { text, regex: new RegExp(text) }
    } catch {
      return { text }
    }
  })
}
