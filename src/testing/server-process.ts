/**
 * The process beside a test suite that its servers run in: `emrys test-servers`. It holds up the end of the suite only while
 * something is asked of it.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { ServerAnswer, TestServer, TestServerRequest } from './protocol.ts'

export interface Servers {
  isAlive(): boolean
  start(settings: Readonly<Record<string, string | number | boolean>>): Promise<TestServer>
  end(url: string): Promise<void>
}

/** The process ends by itself when it has had no server for a while. */
export class ServersEnded extends Error {}

type Body<T> = T extends unknown ? Omit<T, 'id'> : never

interface Waiting {
  resolve(answer: ServerAnswer): void
  reject(problem: Error): void
}

export function servers(node: string): Servers {
  const child = spawn(node, [program(), 'test-servers'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting = new Map<number, Waiting>()
  let [number, alive] = [0, true]
  const lost = (problem: Error) => {
    alive = false
    for (const { reject } of waiting.values()) reject(problem)
    waiting.clear()
  }
  child.on('error', ({ message }) => lost(new Error(`emrys did not start: ${message}`)))
  child.on('exit', (code, signal) =>
    lost(
      code === 0
        ? new ServersEnded('the servers of emrys have ended')
        : new Error(`the servers of emrys ended with ${signal ?? `exit code ${code}`}`),
    ),
  )
  child.stdin.on('error', () => {})
  onLines(child, (line) => {
    const answer = JSON.parse(line) as ServerAnswer
    const found = waiting.get(answer.id)
    waiting.delete(answer.id)
    found?.resolve(answer)
  })
  const ask = async (body: Body<TestServerRequest>): Promise<ServerAnswer> => {
    if (!alive) throw new ServersEnded('the servers of emrys have ended')
    const id = (number += 1)
    hold(child, true)
    try {
      const answer = await new Promise<ServerAnswer>((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        child.stdin.write(`${JSON.stringify({ id, ...body })}\n`)
      })
      if (answer.problem !== undefined) throw new Error(answer.problem)
      return answer
    } finally {
      if (waiting.size === 0) hold(child, false)
    }
  }
  return {
    isAlive: () => alive,
    async start(settings) {
      const { server } = await ask({ start: { settings } })
      if (server) return server
      throw new Error('the servers of emrys answered without one')
    },
    async end(url) {
      // A process that ended took its servers with it.
      if (alive) await ask({ end: url }).catch((problem: Error) => alive && Promise.reject(problem))
    },
  }
}

/** Whether the suite continues because of it. */
function hold(child: ChildProcess, held: boolean): void {
  for (const each of [child, child.stdin as Socket | null, child.stdout as Socket | null])
    if (held) each?.ref()
    else each?.unref()
}

function onLines(child: ChildProcess, take: (line: string) => void): void {
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    const lines = (text + piece).split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
}

/** The command of the package that this file belongs to; in a checkout its source. */
function program(): string {
  const here = fileURLToPath(import.meta.url)
  for (let folder = dirname(here); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) {
      const { bin } = JSON.parse(readFileSync(file, 'utf8')) as {
        readonly bin: { readonly emrys: string }
      }
      return join(folder, here.endsWith('.ts') ? 'src/cli/main.ts' : bin.emrys)
    }
    if (folder === dirname(folder)) throw new Error(`there is no package.json above ${here}`)
  }
}
