/**
 * `npm run build`: what is published, in dist/ or the folder that is named: the programs in few files, and the console's files, from
 * nothing, so that no old file stays.
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
const { status } = spawnSync(process.execPath, ['scripts/console.ts', join(dist, 'console')], {
  cwd: ROOT,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
