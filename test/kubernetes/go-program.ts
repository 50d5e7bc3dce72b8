/**
 * Programs of Go that tests need and no registry has built: made once from the Go module proxy, where go.sum pins every byte, and kept in
 * the user's cache by what they are built from.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { goBuild } from '../../scripts/client/go-build.ts'

export interface GoSource {
  readonly name: string
  /** With go.mod, go.sum and main.go. */
  readonly directory: string
  /** Of packages, set by the linker. */
  readonly variables?: Readonly<Record<string, string>>
}

/** For the option of a test. */
export function skipWithoutProgram(source: GoSource): string | false {
  if (existsSync(programPath(source))) return false
  if (spawnSync('go', ['version']).status === 0) return false
  const how = `Go is not there, which builds the ${source.name}; Debian has it as golang`
  if (process.env['CI']) throw new Error(how)
  process.stderr.write(`SKIPPED: ${how}\n`)
  return how
}

/** By what it is built from, so that another version is another file. */
function programPath({ name, directory }: GoSource): string {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum', 'main.go'])
    hash.update(readFileSync(join(directory, file)))
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return join(cache, 'emrys/kubernetes', hash.digest('hex').slice(0, 16), name)
}

export function builtProgram(source: GoSource): string {
  const path = programPath(source)
  if (existsSync(path)) return path
  process.stderr.write(`building the ${source.name} of the tests: this takes minutes, once\n`)
  mkdirSync(join(path, '..'), { recursive: true })
  const set = Object.entries(source.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`)
  const own = `${path}.${process.pid}`
  // With the least claim to the processors: others work on this machine.
  const { status } = spawnSync(
    'nice',
    ['go', 'build', '-ldflags', ['-s -w', ...set].join(' '), '-o', own, '.'],
    {
      cwd: source.directory,
      env: { ...process.env, ...goBuild },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  if (status !== 0) throw new Error(`the ${source.name} could not be built`)
  // Whole when it has its name; whoever built it too made the same.
  renameSync(own, path)
  return path
}
