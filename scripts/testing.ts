/**
 * Writes what `emrys/testing` is published as: `testing.cjs`, one file of CommonJS that every test runner loads, and its types.
 * `npm run build` has it done; `scripts/testing.ts FOLDER` by itself.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'rolldown'
import { isolatedDeclarationSync } from 'rolldown/experimental'

const ROOT = resolve(import.meta.dirname, '..')
const SOURCE = join(ROOT, 'src', 'testing', 'testing.ts')

const [folder = join(ROOT, 'dist')] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
await build({
  input: SOURCE,
  cwd: ROOT,
  platform: 'node',
  tsconfig: false,
  logLevel: 'warn',
  transform: { target: 'es2022' },
  output: { format: 'cjs', file: join(resolve(folder), 'testing.cjs') },
})
// The types stand in the one file that the package exports.
const { code, errors } = isolatedDeclarationSync(SOURCE, readFileSync(SOURCE, 'utf8'))
if (errors.length > 0 || /^import /m.test(code))
  throw new Error(`${SOURCE} declares what it exports elsewhere: ${JSON.stringify(errors)}`)
writeFileSync(join(folder, 'testing.d.cts'), code)
