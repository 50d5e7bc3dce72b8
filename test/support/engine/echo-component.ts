/**
 * A component of the tests' own, so that the local substrate can be tested without a real engine: its processes start, answer and
 * end. `single` is one process for all nodes; otherwise each node has one of its own, of the role of its group: `head` before
 * `worker`.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import type {
  Component,
  Role,
  RoleHealth,
  RoleSnapshot,
  Update,
} from '../../../src/substrate/local/component.ts'

export interface EchoOptions {
  readonly single?: boolean
  /** Whether its processes read their files again while they run; they do unless this says otherwise. */
  readonly reloads?: boolean
}

export const echoPort = 7007

/** Hundreds of them are started: each would compile the program again. */
const COMPILED: Readonly<Record<string, string>> =
  process.env['NODE_COMPILE_CACHE'] === undefined
    ? {}
    : { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }

export function echoComponent(
  family: string,
  { single = false, reloads = true }: EchoOptions = {},
): Component {
  const roles = single ? ['engine'] : ['head', 'worker']
  return {
    family,
    workers: ['worker'],
    nodeSizes: !single,
    configuration: !single,
    access: [],
    rollout: single ? 'cluster' : 'node',
    roles: roles.map((name) => echoRole(name, reloads)),
    plan: (nodes) =>
      single ? [{ role: 'engine' }] : nodes.map(({ id, role }) => ({ role, node: id })),
  }
}

/** Nodes have the daemons `one` and `two` of a service `S`; and `three` of `U` where the software has the component `u`. */
export function echoDaemons(family: string): Component {
  const daemons = { one: 'S', two: 'S', three: 'U' }
  const names = ['one', 'two', 'three'] as const
  return {
    ...echoComponent(family),
    daemons: true,
    roles: names.map((name) => ({
      ...echoRole(name, true),
      standardPorts: [echoPort + names.indexOf(name)],
      daemon: { service: daemons[name], name },
      after: [],
    })),
    plan: (nodes, { components }) =>
      nodes.flatMap(({ id }) =>
        names
          .filter((name) => name !== 'three' || components.includes('u'))
          .map((role) => ({ role, node: id })),
      ),
  }
}

function echoRole(name: string, reloads: boolean): Role {
  return {
    name,
    standardPorts: [echoPort],
    logFile: 'echo.log',
    files: ({ reveal, directory: _own, leaving: _leaving, ...wanted }) => ({
      'prepared.json': JSON.stringify({ ...wanted, secret: reveal('password') ?? '' }),
    }),
    command: (directory) => ({
      program: join(import.meta.dirname, 'echo-program.cts'),
      args: [directory],
      env: COMPILED,
    }),
    update: async (directory): Promise<Update> =>
      reloads ? ((await ask<Update>(directory, '/reload')) ?? 'restart') : 'restart',
    health: (directory) => ask<RoleHealth>(directory, '/health'),
    ...(name === 'engine' ? { snapshot: echoSnapshot } : {}),
    metrics: async (directory) => ((await ask(directory, '/health')) ? 'echo_up 1\n' : ''),
  }
}

/** Its data are the file `data` of its directory; `slow` keeps a copy from being done, `unwilling` has it fail. */
const echoSnapshot: RoleSnapshot = {
  folder: 'copies',
  async begin(directory, name) {
    if (existsSync(join(directory, 'slow'))) return
    const part = join(directory, 'copies', `${name}.part`)
    mkdirSync(part, { recursive: true })
    const data = join(directory, 'data')
    const text = existsSync(data) ? readFileSync(data) : Buffer.from('')
    writeFileSync(join(part, 'data'), text)
    const sha256 = createHash('sha256').update(text).digest('hex')
    const files = [{ path: 'data', bytes: text.length, sha256 }]
    const tables = [{ database: 'd', table: 't', rows: 1, bytes: text.length }]
    writeFileSync(join(part, 'manifest.json'), JSON.stringify({ files, tables }))
    renameSync(part, join(directory, 'copies', name))
  },
  async look(directory, name) {
    if (!(await ask(directory, '/health'))) return undefined
    if (existsSync(join(directory, 'unwilling'))) return { phase: 'failed', reason: 'no room' }
    return { phase: existsSync(join(directory, 'copies', name)) ? 'taken' : 'absent' }
  },
  async forget(directory, name) {
    rmSync(join(directory, 'copies', name), { recursive: true, force: true })
    return true
  },
}

/** Undefined when nobody answers within two seconds. */
function ask<Answer>(directory: string, path: string): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const sent = request(
      { socketPath: join(directory, 'control'), path, timeout: 2000 },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Answer),
        )
      },
    )
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve(undefined))
    sent.end()
  })
}
