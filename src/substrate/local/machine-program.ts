/** Programs that packages of this machine bring: where they are, and which version they say they are. */
import { isAtLeast } from '../../kernel/version.ts'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import type { Environment } from './java.ts'
import type { MachineProgram } from './service.ts'

const ANSWER_MS = 5_000

/** On the path, or in a folder for administrators beside one that is on it: other users' paths are without those. */
export function findMachineProgram(env: Environment, name: string): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const beside = folders
    .filter((folder) => basename(folder) === 'bin')
    .map((folder) => join(dirname(folder), 'sbin'))
  return [...folders, ...beside]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}

/** What is to be done so that it is there. */
export function unmetMachineProgram(env: Environment, program: MachineProgram): string | undefined {
  const { name, package: from, versionMin } = program
  if (findMachineProgram(env, name) === undefined)
    return `${name} is not on this machine; Debian's package ${from} brings it: \`apt-get install --no-install-recommends ${from}\``
  const version = versionMin === undefined ? undefined : machineProgramVersion(env, program)
  if (versionMin === undefined || version === undefined || isAtLeast(version, versionMin))
    return undefined
  return `${name} is ${version} on this machine, and has to be ${versionMin.join('.')} or later`
}

const versions = new Map<string, string | undefined>()

/** By its own account; undefined where it gives none. A program of a path is asked once. */
export function machineProgramVersion(
  env: Environment,
  { name, versionArgs }: MachineProgram,
): string | undefined {
  const path = findMachineProgram(env, name)
  if (path === undefined) return undefined
  if (!versions.has(path)) versions.set(path, askedVersion(path, versionArgs))
  return versions.get(path)
}

function askedVersion(path: string, args: readonly string[]): string | undefined {
  try {
    // Some say it on one output and some on the other.
    const said = execFileSync('/bin/sh', ['-c', '"$0" "$@" 2>&1', path, ...args], {
      encoding: 'utf8',
      timeout: ANSWER_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return /\d+(?:\.\d+)+/.exec(said)?.[0]
  } catch {
    return undefined
  }
}
