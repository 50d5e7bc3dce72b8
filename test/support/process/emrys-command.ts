/**
 * The `emrys` command as a child process, as a user runs it, with the data directory of the server that it asks, so that it finds the
 * admin token there. Every process started here is ended with its test, by its id.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { programFile } from '../../../src/kernel/place.ts'
import { dataDirectoryOf, keepDataDirectory } from '../http/admin.ts'
import { cleanUp } from './clean-up.ts'

const PROGRAM = programFile('src/cli/start')

/** A server lives as long as its test, which a loaded machine makes minutes of. */
const TIMEOUT_MS = 180_000

export interface Ended {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined
  readonly out: string
  readonly err: string
}

export interface RunningCommand {
  readonly pid: number
  readonly url: string
  out(): string
  err(): string
  signal(name: NodeJS.Signals): void
  /** Nobody reads its output any more. */
  leave(): void
  readonly ended: Promise<Ended>
}

/** Runs a command to its end; as another user, when one is named. */
export async function emrys(
  t: TestContext,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  user?: number,
): Promise<Ended> {
  return startCommand(t, args, env, user).ended
}

/** Starts `emrys serve` on a free port and waits for the line that says that it is ready. */
export async function emrysServe(
  t: TestContext,
  dataDir: string,
  args: readonly string[] = [],
): Promise<RunningCommand> {
  const simulated = ['--substrate-starrocks', 'simulation']
  const running = startCommand(t, [
    'serve',
    '--port',
    '0',
    '--data-dir',
    dataDir,
    ...simulated,
    ...args,
  ])
  const ready = await Promise.race([running.firstLine, running.ended])
  if (typeof ready !== 'string') throw new Error(`the server did not start: ${ready.err}`)
  const url = ready.replace('emrys is ready at ', '')
  keepDataDirectory(Number(new URL(url).port), dataDir)
  return { ...running, url }
}

/** Where the server that is asked keeps its token, when a test started it here. */
export function dataDirectoryFor(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const url = args.includes('--url') ? args[args.indexOf('--url') + 1] : env['EMRYS_URL']
  if (url === undefined || !URL.canParse(url)) return {}
  const dataDir = dataDirectoryOf(Number(new URL(url).port))
  return dataDir === undefined ? {} : { EMRYS_DATA_DIR: dataDir }
}

/** Starts a command and waits for nothing. */
export function startCommand(
  t: TestContext,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  user?: number,
): Omit<RunningCommand, 'url'> & { readonly firstLine: Promise<string> } {
  const settings = Object.keys(process.env).filter((name) => name.startsWith('EMRYS_'))
  const cleared = Object.fromEntries(settings.map((name) => [name, undefined]))
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
    env: { ...process.env, ...cleared, ...dataDirectoryFor(args, env), ...env },
  })
  cleanUp(t, () => void child.kill('SIGKILL'))
  // Long before the test run would give up: a command that hangs fails its own test.
  const late = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS)
  child.on('close', () => clearTimeout(late))
  let out = ''
  let err = ''
  const { promise: firstLine, resolve } = Promise.withResolvers<string>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    const end = out.indexOf('\n')
    if (end >= 0) resolve(out.slice(0, end))
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = once(child, 'close').then(([code]): Ended => ({
    code: (code as number | null) ?? undefined,
    out,
    err,
  }))
  return {
    pid: child.pid ?? 0,
    out: () => out,
    err: () => err,
    signal: (name) => void child.kill(name),
    leave: () => void child.stdout.destroy(),
    ended,
    firstLine,
  }
}
