import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { temporaryDirectory } from '../support/process/directory.ts'

const ROOT = join(import.meta.dirname, '../..')
const HOOK = pathToFileURL(join(ROOT, 'src/cli/source-import.ts')).href

function run(args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

test('a source is found by the two names alone, and everything else as ever', (t) => {
  const folder = temporaryDirectory(t)
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  // Whoever looked a link up would answer with the file that it leads to.
  write('behind.ts', 'export const name: string = import.meta.url')
  symlinkSync('behind.ts', join(folder, 'link.ts'))
  write('data.json', '{ "said": 5 }')
  write(
    'all.ts',
    `import { basename } from 'node:path'
     import data from './data.json' with { type: 'json' }
     import { name } from './link.ts'
     process.stdout.write(\`\${data.said} \${basename(name)}\`)`,
  )
  write(
    'program.mjs',
    `import { findSourcesByName } from '${HOOK}'
     if (process.argv[2] === 'by-name') findSourcesByName()
     await import('./all.ts')`,
  )
  const said = (...args: string[]) => run([join(folder, 'program.mjs'), ...args]).stdout
  assert.equal(said(), '5 behind.ts')
  assert.equal(said('by-name'), '5 link.ts')
})

test('an error names the line of the source', (t) => {
  const folder = temporaryDirectory(t)
  writeFileSync(
    join(folder, 'program.mjs'),
    `import { findSourcesByName } from '${HOOK}'\nfindSourcesByName()\nawait import('./a.ts')`,
  )
  writeFileSync(join(folder, 'a.ts'), `import './b.ts'\n`)
  writeFileSync(
    join(folder, 'b.ts'),
    `interface Left { readonly out: true }\n\nthrow new Error('here') as Left & Error\n`,
  )
  const failed = run([join(folder, 'program.mjs')])
  assert.equal(failed.status, 1)
  assert.match(failed.stderr, /at file:.*\/b\.ts:3:7/)
  writeFileSync(join(folder, 'a.ts'), `import './missing.ts'\n`)
  assert.match(run([join(folder, 'program.mjs')]).stderr, /ENOENT.*missing\.ts/)
})

test('the command of a checkout finds its sources so', () => {
  const preload = `import module, { syncBuiltinESMExports } from 'node:module'
    const { registerHooks } = module
    module.registerHooks = (hooks) => (process.stderr.write(Object.keys(hooks).join()), registerHooks(hooks))
    syncBuiltinESMExports()`
  const start = join(ROOT, 'src/cli/start.ts')
  const { status, stderr } = run([
    '--import',
    `data:text/javascript,${encodeURIComponent(preload)}`,
    start,
    '--version',
  ])
  assert.deepEqual([status, stderr], [0, 'resolve'])
})
