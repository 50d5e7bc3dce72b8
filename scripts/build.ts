/**
 * `npm run build`: what is published, in dist/ or the folder that is named: the programs in few files, the console's files and
 * `emrys/testing`, from nothing, so that no old file stays.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildPrograms } from './build/program.ts'

const ROOT = resolve(import.meta.dirname, '..')
const dist = resolve(process.argv[2] ?? join(ROOT, 'dist'))

rmSync(dist, { recursive: true, force: true })
await buildPrograms(ROOT, dist)
chmodSync(join(dist, 'src', 'cli', 'start.js'), 0o755)
run('scripts/console.ts', join(dist, 'console'))
run('scripts/testing.ts', dist)

function run(...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
