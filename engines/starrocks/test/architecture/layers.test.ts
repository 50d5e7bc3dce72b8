/** Inside the engine, imports point down too (README.md, "Structure"). Type imports count: a name that is known is a name that binds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceFiles } from '../../../../test/architecture/source.ts'

/** The contract between protocols and engine: files at the top of `src` that import nothing but each other. */
const SEAM = ['session.ts', 'load-sink.ts', 'entry-policy.ts', 'like-pattern.ts', 'remote-host.ts']

/**
 * Inside `sql`, by file or folder (`ast*` together): the parser knows nothing of meaning, nothing but it knows tokens, and what writes SQL
 * knows neither the syntax tree nor where names come from.
 */
const SQL_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  thread: ['parse', 'translate', 'scope', 'planning', 'ast'],
  translate: ['bind', 'emit', 'bound', 'name-meaning', 'scope', 'ast', 'type'],
  bind: [
    'emit',
    'bound',
    'common-type',
    'print',
    'name-meaning',
    'scope',
    'planning',
    'sql-error',
    'name-index',
    'ast',
    'map-key',
    'time-slice',
    'type',
  ],
  emit: ['bound', 'common-type', 'sql-error', 'map-key', 'type', 'quote'],
  print: ['parse', 'name-meaning', 'ast', 'type'],
  'point-form': ['parse', 'ast'],
  'kept-statement': ['parse', 'ast'],
  parse: ['lex', 'sql-error', 'expression-walk', 'time-unit', 'ast', 'type'],
  lex: ['sql-error'],
  'expression-walk': ['ast'],
  'time-slice': ['time-unit', 'ast'],
  'time-unit': ['ast'],
  'name-meaning': ['ast'],
  scope: ['ast', 'bound', 'planning', 'type'],
  bound: ['type'],
  'common-type': ['type'],
  planning: ['sql-error'],
  ast: ['type'],
  'sql-error': [],
  'name-index': [],
  'map-key': ['type', 'quote'],
  'type-text': ['type'],
  type: ['quote'],
  quote: [],
}

/**
 * By folder or file at the top of `src`: what it may import besides itself and the kernel. From top to bottom; nothing
 * imports what stands above it.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['wire-mysql', 'wire-http', 'process', 'engine', 'execution', 'entry-policy.ts'],
  'wire-mysql': SEAM,
  'wire-http': ['thread', ...SEAM],
  process: ['engine', 'execution', 'session.ts', 'entry-policy.ts'],
  engine: [
    'statement',
    'load',
    'transaction',
    'resolution',
    'lake',
    'execution',
    'catalog',
    'storage',
    'volume',
    'sql',
    ...SEAM,
  ],
  statement: [
    'transaction',
    'file',
    'resolution',
    'information',
    'lake',
    'execution',
    'catalog',
    'storage',
    'sql',
    ...SEAM,
  ],
  load: ['transaction', 'file', 'resolution', 'execution', 'catalog', 'storage', 'sql', ...SEAM],
  transaction: ['resolution', 'execution', 'catalog', 'storage', 'sql', ...SEAM],
  resolution: ['information', 'lake', 'execution', 'catalog', 'storage', 'sql', ...SEAM],
  information: ['execution', 'catalog', 'storage', 'sql', ...SEAM],
  lake: ['file', 'execution', 'catalog', 'storage', 'sql', ...SEAM],
  file: ['execution', 'catalog', 'storage', 'sql', ...SEAM],
  execution: ['catalog', 'storage', 'volume', 'sql', 'thread', ...SEAM],
  catalog: ['storage', 'sql', ...SEAM],
  storage: ['volume', 'native', 'sql', ...SEAM],
  volume: [],
  native: [],
  sql: ['thread', 'session.ts'],
  thread: ['session.ts'],
  'entry-policy.ts': [],
  'like-pattern.ts': [],
  'remote-host.ts': [],
  'load-sink.ts': ['session.ts'],
  'session.ts': [],
}

const EXPORT = /^export (?:async )?(?:interface|type|const|function\*?|class) (\w+)/gm

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

test('the table itself points down', () => {
  const order = Object.keys(MAY_IMPORT)
  const upward = order.flatMap((from, at) =>
    (MAY_IMPORT[from] ?? [])
      .filter((to) => order.indexOf(to) <= at)
      .map((to) => `${from} may import ${to}`),
  )
  assert.deepEqual(upward, [])
  assert.deepEqual([...new Set(files.map((file) => layerOf(file.path)))].sort(), order.toSorted())
})

test('inside sql, each stage knows those before it only', () => {
  const within = imports.filter(
    ({ file, target }) => layerOf(file.path) === 'sql' && layerOf(target) === 'sql',
  )
  const stageOf = (path: string): string =>
    path
      .slice(`${ROOT}sql/`.length)
      .replace(/^ast.*/, 'ast')
      .replace(/(\/.*|\.ts)$/, '')
  const wrong = within
    .filter(({ file, target }) => {
      const [from, to] = [stageOf(file.path), stageOf(target)]
      return from !== to && !SQL_MAY_IMPORT[from]?.includes(to)
    })
    .map(({ file, target }) => `${file.path} imports ${target}`)
  assert.deepEqual(wrong, [])
  assert.ok(within.length > 300, `saw only ${within.length} imports`)
})

test('what Emrys imports of the engine imports nothing of the engine', () => {
  const contract = ['configuration', 'control', 'control-client'].map(
    (name) => `${ROOT}process/${name}.ts`,
  )
  const seen = imports.filter(({ file }) => contract.includes(file.path))
  const wrong = seen
    .filter(({ target }) => !contract.includes(target))
    .map(({ file, target }) => `${file.path} imports ${target}`)
  assert.deepEqual(wrong, [])
  assert.ok(seen.length >= 2, `saw only ${seen.length} imports`)
})

test('an exported name means one thing in the whole engine', () => {
  const places = new Map<string, string[]>()
  for (const file of files) {
    for (const [, name = ''] of file.text.matchAll(EXPORT)) {
      places.set(name, [...(places.get(name) ?? []), file.path])
    }
  }
  const twice = [...places].filter(([, paths]) => paths.length > 1)
  assert.deepEqual(twice, [])
  assert.ok(places.size > 500, `saw only ${places.size} names`)
})
