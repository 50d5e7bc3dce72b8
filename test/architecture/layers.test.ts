/** Imports point down. The table is the architecture (ARCHITECTURE.md, code map); a new arrow in it needs a decision record. */
import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { sourceFiles } from './source.ts'

/** By folder: which other folders of `src` its files may import. `limits.ts` may be imported by all. */
const MAY_IMPORT: Readonly<Record<string, readonly string[] | 'all'>> = {
  kernel: [],
  artifact: ['kernel'],
  shape: ['kernel'],
  domain: ['kernel'],
  port: ['kernel', 'domain', 'store'],
  store: ['kernel', 'domain'],
  journal: ['kernel', 'domain', 'store'],
  substrate: ['kernel', 'artifact', 'domain'],
  app: ['kernel', 'domain', 'port', 'store', 'journal'],
  adapter: ['kernel', 'domain', 'port', 'store', 'app'],
  reconcile: ['kernel', 'domain', 'store', 'journal', 'substrate'],
  gateway: ['kernel', 'shape', 'domain', 'app'],
  dialect: ['kernel', 'shape', 'domain', 'port', 'app', 'gateway'],
  admin: ['kernel', 'shape', 'domain', 'port', 'app', 'store', 'gateway', 'substrate'],
  console: ['kernel', 'shape', 'domain', 'app', 'store', 'gateway', 'substrate'],
  config: ['kernel', 'domain', 'store', 'adapter', 'substrate'],
  testing: [],
  server: 'all',
  cli: 'all',
}

/** Drivers behind ports: named by themselves, the composition root, the settings and the command only. */
const DRIVERS = [
  'store/sqlite/',
  'store/postgres/',
  'substrate/simulation/',
  'substrate/local/',
  'substrate/kubernetes/',
  'adapter/',
]
const MAY_NAME_DRIVERS = /^(server|cli|config)\//

/** The local substrate runs engines: it may import what describes them, and nothing of how they work. */
const ENGINE_CONTRACT =
  /^\.\.\/engines\/[a-z-]+\/(src\/process\/(configuration|control-client)\.ts|service\.ts|lock\.json)$/

/** What a service describes itself in: types, and nothing else. */
const SERVICE_TYPES = '../src/substrate/local/service.ts'

/** What Hadoop's clients are configured with: services that run on it need that of theirs. */
const HADOOP_CLIENT = 'hadoop/client.ts'

const files = sourceFiles('src')

test('imports point only downwards', () => {
  const wrong: string[] = []
  let seen = 0
  for (const file of files) {
    if (file.path === 'limits.ts') continue
    const [folder = ''] = file.path.split('/')
    const allowed = MAY_IMPORT[folder]
    if (allowed === undefined)
      wrong.push(`${file.path} lies in a folder that the table does not know`)
    for (const target of file.imports) {
      seen++
      const [to = ''] = target.split('/')
      if (to === folder || target === 'limits.ts' || to === '..' || allowed === 'all') continue
      if (!allowed?.includes(to)) wrong.push(`${file.path} imports ${target}`)
    }
  }
  assert.deepEqual(wrong, [])
  assert.ok(files.length > 300 && seen > 1000, `saw only ${files.length} files, ${seen} imports`)
})

test('what leaves src is the contract of an engine, and only the local substrate needs one', () => {
  const wrong = files.flatMap((file) =>
    file.imports
      .filter((target) => target.startsWith('..'))
      .filter(
        (target) => !file.path.startsWith('substrate/local/') || !ENGINE_CONTRACT.test(target),
      )
      .map((target) => `${file.path} imports ${target}`),
  )
  assert.deepEqual(wrong, [])
})

test('an engine imports nothing but itself, the kernel and what clients of Hadoop need', () => {
  const engines = sourceFiles('engines').filter((file) =>
    /^[a-z]+\/(?:src\/|service\.ts)/.test(file.path),
  )
  const wrong = engines.flatMap((file) => {
    const [engine] = file.path.split('/')
    return file.imports
      .filter((target) => !target.startsWith(`${engine}/src/`))
      .filter((target) => target !== SERVICE_TYPES && target !== HADOOP_CLIENT)
      .filter((target) => !target.startsWith('../src/kernel/'))
      .map((target) => `${file.path} imports ${target}`)
  })
  assert.deepEqual(wrong, [])
  assert.ok(engines.length > 150, `saw only ${engines.length} files`)
})

test('what services describe themselves in is types alone, and imports but the types of what they answer and keep', () => {
  const others = ['domain/directory-content.ts', 'domain/inquiry.ts']
  const described = files.find(({ path }) => `../src/${path}` === SERVICE_TYPES)
  const exchanged = files.filter(({ path }) => others.includes(path))
  assert.deepEqual([...new Set(described?.imports)], others)
  assert.deepEqual(
    exchanged.map(({ imports }) => imports),
    [[], []],
  )
  for (const file of [described, ...exchanged])
    assert.deepEqual(/^export (?!interface |type )/m.exec(file?.text ?? 'export none'), null)
})

test('a dialect never imports the other one, and the core never a dialect', () => {
  const wrong = files.flatMap((file) => {
    const [folder = '', name] = file.path.split('/')
    return file.imports
      .filter((target) => target.startsWith('dialect/'))
      .filter(() => !['cli', 'server'].includes(folder))
      .filter((target) => folder !== 'dialect' || target.split('/')[1] !== name)
      .map((target) => `${file.path} imports ${target}`)
  })
  assert.deepEqual(wrong, [])
})

test('drivers are named by the composition root only', () => {
  const wrong = files.flatMap((file) =>
    file.imports
      .filter((target) =>
        DRIVERS.some((driver) => target.startsWith(driver) && !file.path.startsWith(driver)),
      )
      .filter(() => !MAY_NAME_DRIVERS.test(file.path))
      .map((target) => `${file.path} imports ${target}`),
  )
  assert.deepEqual(wrong, [])
})

test('nothing lies loose in src but the limits', () => {
  const loose = files.filter((file) => !file.path.includes('/')).map((file) => file.path)
  assert.deepEqual(loose, ['limits.ts'])
})

test('what every command loads is light, and a server loads no database driver before it needs it', () => {
  assert.deepEqual(packagesOf('cli/main.ts'), ['commander'])
  const ofServer = packagesOf('server/server.ts')
  assert.deepEqual(ofServer, ['pino'])
})

/** The packages that a file loads at once: itself and all that it imports, types and later imports aside. */
function packagesOf(entry: string): readonly string[] {
  const seen = new Set<string>()
  const packages = new Set<string>()
  const queue = [entry]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const file = files.find((each) => each.path === path)
    if (file === undefined || seen.has(path)) continue
    seen.add(path)
    for (const [, target = ''] of file.text.matchAll(
      /^(?:import|export) (?!type )(?:[^'(]*? from )?'([^']+)'/gm,
    )) {
      if (target.startsWith('.')) queue.push(join(dirname(path), target))
      else if (!target.startsWith('node:')) packages.add(target.replace(/\/promise$/, ''))
    }
  }
  return [...packages].sort()
}
