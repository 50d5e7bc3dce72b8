/** Starts the bench's processes, talks to them and ends them. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Job, Measured } from './load.ts'

export interface Child {
  readonly port: number
  /** Milliseconds from the start of the process until it was ready. */
  readonly readyMs: number
  readonly pid: number
  ask<T>(question: string): Promise<T>
  stop(): Promise<void>
}

export async function startChild(program: string, args: readonly string[]): Promise<Child> {
  const startedMs = performance.now()
  const child = fork(join(import.meta.dirname, program), args, {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const { port } = await answerOf<{ port: number }>(child)
  return {
    port,
    readyMs: performance.now() - startedMs,
    pid: child.pid ?? 0,
    ask(question) {
      const answer = answerOf<never>(child)
      child.send(question)
      return answer
    },
    async stop() {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

export async function runLoad(job: Job): Promise<Measured> {
  const child = fork(join(import.meta.dirname, 'load.ts'), [], { serialization: 'advanced' })
  const answer = answerOf<Measured>(child)
  child.send(job)
  const measured = await answer
  if (measured.errors > 0)
    throw new Error(
      `${measured.errors} of ${measured.count} answers were errors; the first: ${measured.firstError}`,
    )
  return measured
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const answered = new AbortController()
  const died = once(child, 'exit', { signal: answered.signal }).then(([code]) => {
    throw new Error(`a process of the bench ended early (${code})`)
  })
  died.catch(() => {})
  try {
    const [message] = (await Promise.race([once(child, 'message'), died])) as [T]
    return message
  } finally {
    // A child that is asked often would collect what waits for its end.
    answered.abort()
  }
}
