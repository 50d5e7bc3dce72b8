/** `npm run build`: what is published, in dist/: plain JavaScript by the compiler, the console's files and `emrys/testing`, from nothing, so that no old file stays. */
import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const dist = join(ROOT, 'dist')

rmSync(dist, { recursive: true, force: true })
const compiler = join(ROOT, 'node_modules', '.bin', 'tsc')
const { status } = spawnSync(compiler, ['-p', 'tsconfig.build.json'], {
  cwd: ROOT,
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
if (status === 0) chmodSync(join(dist, 'src', 'cli', 'start.js'), 0o755)
const bundled = spawnSync(process.execPath, ['scripts/console.ts', join(dist, 'console')], {
  cwd: ROOT,
  stdio: 'inherit',
})
const testing = spawnSync(process.execPath, ['scripts/testing.ts', dist], {
  cwd: ROOT,
  stdio: 'inherit',
})
process.exitCode = status || bundled.status || testing.status || 0
