/** Inside the engine, imports point down too (README.md, "Structure"). Type imports count: a name that is known is a name that binds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceFiles } from '../../../../test/architecture/source.ts'

/** The contract between protocols and engine: files at the top of `src` that import nothing but each other. */
const SEAM = ['session.ts', 'load-sink.ts']

/**
 * By folder or file at the top of `src`: what it may import besides itself and the kernel. From top to bottom; nothing
 * imports what stands above it.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['engine', 'wire-mysql', 'wire-http', 'process', 'execution'],
  'wire-mysql': SEAM,
  'wire-http': SEAM,
  process: ['certificate.ts', 'execution'],
  engine: [
    'statement',
    'load',
    'transaction',
    'resolution',
    'execution',
    'catalog',
    'storage',
    'sql',
    ...SEAM,
  ],
  statement: [
    'transaction',
    'resolution',
    'information',
    'execution',
    'catalog',
    'storage',
    'sql',
    ...SEAM,
  ],
  load: ['transaction', 'resolution', 'execution', 'catalog', 'storage', 'sql', ...SEAM],
  transaction: ['resolution', 'execution', 'catalog', 'storage', 'sql', ...SEAM],
  resolution: ['information', 'execution', 'catalog', 'storage', 'sql', ...SEAM],
  information: ['execution', 'catalog', 'storage', 'sql', ...SEAM],
  execution: ['catalog', 'storage', 'sql', ...SEAM],
  catalog: ['storage', 'sql', ...SEAM],
  storage: ['sql', ...SEAM],
  sql: ['session.ts'],
  'certificate.ts': [],
  'load-sink.ts': ['session.ts'],
  'session.ts': [],
}

const ROOT = 'starrocks/src/'
const KERNEL = '../src/kernel/'

const files = sourceFiles('engines').filter((file) => file.path.startsWith(ROOT))
const layerOf = (path: string): string => path.slice(ROOT.length).split('/')[0] ?? ''
const imports = files.flatMap((file) =>
  file.imports.filter((target) => !target.startsWith(KERNEL)).map((target) => ({ file, target })),
)

test('every import points to a folder that the table names for it', () => {
  const wrong = imports
    .filter(({ file, target }) => {
      const [from, to] = [layerOf(file.path), layerOf(target)]
      return from !== to && !MAY_IMPORT[from]?.includes(to)
    })
    .map(({ file, target }) => `${file.path} imports ${target}`)
  assert.deepEqual(wrong, [])
  assert.ok(files.length > 180, `saw only ${files.length} files`)
  assert.ok(imports.length > 900, `saw only ${imports.length} imports`)
})
