/** An engine of the tests' own, so that the local substrate can be tested without a real one: it starts, answers and ends. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import type { EngineHealth, EngineWanted, LocalEngine } from '../../src/substrate/local/engine.ts'

export interface EchoEngine extends LocalEngine {
  /** How often a preparation was written. */
  readonly prepared: number
}

export function echoEngine(family: string): EchoEngine {
  let prepared = 0
  const textOf = ({ reveal, ...wanted }: EngineWanted) =>
    JSON.stringify({ ...wanted, secret: reveal('password') ?? '' })
  const file = (directory: string) => join(directory, 'prepared.json')
  return {
    family,
    workers: ['worker'],
    standardPorts: [7007],
    logFile: 'echo.log',
    get prepared() {
      return prepared
    },
    prepare(wanted) {
      prepared++
      writeFileSync(file(wanted.directory), textOf(wanted))
    },
    command: (directory) => ({
      program: join(import.meta.dirname, 'echo-program.ts'),
      args: [directory],
    }),
    isPrepared: (wanted) =>
      existsSync(file(wanted.directory)) &&
      readFileSync(file(wanted.directory), 'utf8') === textOf(wanted),
    update: async () => false,
    health,
    metrics: async (directory) => ((await health(directory)) ? 'echo_up 1\n' : ''),
  }
}

function health(directory: string): Promise<EngineHealth | undefined> {
  return new Promise((resolve) => {
    const sent = request(
      { socketPath: join(directory, 'control'), path: '/', timeout: 2000 },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as EngineHealth),
        )
      },
    )
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve(undefined))
    sent.end()
  })
}
