/**
 * A container without a runtime: an unpacked image as a root that is only read, with its user, its environment, its volumes, and process
 * numbers and mounts of its own. Its network is this machine's. Only root can start one.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cleanUp, type Ending } from '../support/process/clean-up.ts'

export interface Mount {
  readonly path: string
  /** Of this machine; without it, what is written there is kept in memory. */
  readonly source?: string
  readonly readOnly?: boolean
  /** Of memory: options of tmpfs. */
  readonly options?: string
}

export interface ContainerOptions {
  readonly root: string
  /** `user:group`, by number. */
  readonly user: string
  readonly environment: Readonly<Record<string, string>>
  readonly command: readonly string[]
  readonly mounts: readonly Mount[]
}

export interface Container {
  readonly running: boolean
  readonly log: string
  /** Another program in it, as `kubectl exec` starts one: what that wrote. Throws where it fails. */
  execute(command: readonly string[], environment?: Readonly<Record<string, string>>): string
  /** How it ended. */
  readonly ended: Promise<number | null>
  signal(name: 'SIGTERM' | 'SIGKILL'): void
}

export function skipWithoutContainers(): string | false {
  const missing = ['apt-get', 'dpkg-deb', 'unshare', 'nsenter'].find(
    (program) => spawnSync(program, ['--version']).status !== 0,
  )
  const how = missing === undefined ? 'only root can run it' : `${missing} is not there`
  const fits = missing === undefined && process.getuid?.() === 0
  if (!fits && process.env['CI']) throw new Error(`the image is not tested: ${how}`)
  return fits ? false : how
}

export function startContainer(t: Ending, it: ContainerOptions): Container {
  const { root, mounts, command } = it
  for (const path of ['/proc', '/dev', ...mounts.map((mount) => mount.path)])
    mkdirSync(join(root, path), { recursive: true })
  const inside = insideOf(it)
  const child = spawn(
    'unshare',
    [
      '--mount',
      '--pid',
      '--fork',
      '/bin/sh',
      '-c',
      scriptOf(root, mounts),
      'sh',
      ...inside(command),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  const isRunning = () => child.exitCode === null && child.signalCode === null
  // The first process of its own, by the number that it has out here; it outlives the program that began it.
  const own = () => {
    const path = `/proc/${child.pid}/task/${child.pid}/children`
    return Number(existsSync(path) ? readFileSync(path, 'utf8').trim() : 0)
  }
  const signal = (name: 'SIGTERM' | 'SIGKILL') => {
    const pid = own()
    if (isRunning()) process.kill(pid > 0 ? pid : (child.pid ?? 0), name)
  }
  cleanUp(t, async () => {
    signal('SIGKILL')
    await ended
  })
  return {
    get running() {
      return isRunning()
    },
    get log() {
      return log
    },
    ended,
    signal,
    execute: (program, environment = {}) =>
      ran('nsenter', [
        '--target',
        String(own()),
        '--mount',
        '--pid',
        ...inside(program, environment),
      ]),
  }
}

function insideOf({ root, user, environment }: ContainerOptions) {
  return (
    program: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): readonly string[] => [
    '/usr/bin/env',
    '-i',
    ...Object.entries({ ...environment, ...more }).map(([name, value]) => `${name}=${value}`),
    '/usr/sbin/chroot',
    `--userspec=${user}`,
    root,
    ...program,
  ]
}

function scriptOf(root: string, mounts: readonly Mount[]): string {
  const at = (path: string) => quoted(join(root, path))
  const whole = at('/')
  return [
    `mount --bind ${whole} ${whole}`,
    `mount -o remount,bind,ro ${whole}`,
    `mount --rbind /dev ${at('/dev')}`,
    `mount -t proc proc ${at('/proc')}`,
    ...mounts.flatMap(({ path, source, readOnly, options = '' }) =>
      source === undefined
        ? [`mount -t tmpfs -o ${quoted(options)} tmpfs ${at(path)}`]
        : [
            `mount --bind ${quoted(source)} ${at(path)}`,
            ...(readOnly ? [`mount -o remount,bind,ro ${at(path)}`] : []),
          ],
    ),
    'exec "$@"',
  ].join(' && ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** What it wrote; throws what it said where it fails. */
export function ran(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (error || status !== 0)
    throw new Error(`${program} ${args.join(' ')}: ${String(error ?? stderr)}`)
  return stdout
}
