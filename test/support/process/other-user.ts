/** Runs a program as another user of the machine, which only root can. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { cleanUp } from './clean-up.ts'

/** `nobody` and `nogroup`: there without being created, and the owner of nothing. */
export const OTHER_USER = 65_534

/** Why the tests cannot be another user; false when they can. */
export const cannotBeOther: string | false = obstacle()

function obstacle(): string | false {
  const untested = 'NOT TESTED: what another user of this machine gets.'
  if (process.getuid?.() !== 0)
    return `${untested} Only root can run a program as one: run the tests as root`
  const hidden = [process.execPath, import.meta.filename].find((file) => !isForAll(file))
  return hidden === undefined ? false : `${untested} It cannot reach ${hidden}: clone elsewhere`
}

/** Whether everybody can read the file and enter the directories above it. */
function isForAll(file: string): boolean {
  const entered = (path: string): boolean =>
    (statSync(path).mode & 0o001) !== 0 && (path === dirname(path) || entered(dirname(path)))
  return (statSync(file).mode & 0o004) !== 0 && entered(dirname(file))
}

/**
 * The first line that a module of JavaScript prints, as JSON; its arguments are `process.argv.slice(1)`. It is ended with the
 * test.
 */
export async function asOtherUser(
  t: TestContext,
  program: string,
  args: readonly string[],
): Promise<unknown> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, ...args], {
    uid: OTHER_USER,
    gid: OTHER_USER,
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanUp(t, () => void child.kill('SIGKILL'))
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'close').then(([code]) => {
      throw new Error(`the other user's program ended without an answer (${String(code)})`)
    }),
  ])) as [string]
  return JSON.parse(line)
}
