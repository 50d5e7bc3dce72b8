/**
 * A component of the tests' own, so that the local substrate can be tested without a real engine: its processes start, answer and
 * end. `single` is one process for all nodes; otherwise each node has one of its own, of the role of its group: `head` before
 * `worker`.
 */
import { request } from 'node:http'
import { join } from 'node:path'
import type { Component, Role, RoleHealth, Update } from '../../../src/substrate/local/component.ts'

export interface EchoOptions {
  readonly single?: boolean
  /** Whether its processes read their files again while they run; they do unless this says otherwise. */
  readonly reloads?: boolean
}

export const echoPort = 7007

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
    rollout: single ? 'cluster' : 'node',
    roles: roles.map((name) => echoRole(name, reloads)),
    plan: (nodes) =>
      single ? [{ role: 'engine' }] : nodes.map(({ id, role }) => ({ role, node: id })),
  }
}

function echoRole(name: string, reloads: boolean): Role {
  return {
    name,
    standardPorts: [echoPort],
    logFile: 'echo.log',
    files: ({ reveal, directory: _own, ...wanted }) => ({
      'prepared.json': JSON.stringify({ ...wanted, secret: reveal('password') ?? '' }),
    }),
    command: (directory) => ({
      program: join(import.meta.dirname, 'echo-program.ts'),
      args: [directory],
    }),
    update: async (directory): Promise<Update> =>
      reloads ? ((await ask<Update>(directory, '/reload')) ?? 'restart') : 'restart',
    health: (directory) => ask<RoleHealth>(directory, '/health'),
    metrics: async (directory) => ((await ask(directory, '/health')) ? 'echo_up 1\n' : ''),
  }
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
