/**
 * `npm run image -- [TO]`: an OCI image of this checkout, without Docker: a layout in the directory TO (dist/image), or, where TO ends with
 * `.tar`, an archive of it. Needs Linux with Debian's apt-get and dpkg-deb, from which the C library comes (decision 46).
 */
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { writeImage } from './image/image.ts'

const ROOT = resolve(import.meta.dirname, '..')
const [to = 'dist/image'] = process.argv.slice(2)

const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts/build.ts')], {
  stdio: 'inherit',
})
if (status !== 0) process.exit(status ?? 1)
const { digest, layers } = await writeImage({
  root: ROOT,
  dist: join(ROOT, 'dist'),
  to: resolve(to),
})
for (const { name, size } of layers)
  process.stdout.write(`${name.padEnd(13)}${megabytes(size)} MB\n`)
const whole = layers.reduce((sum, { size }) => sum + size, 0)
process.stdout.write(`${'in all'.padEnd(13)}${megabytes(whole)} MB, compressed\n${digest}\n${to}\n`)

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1).padStart(6)
}
