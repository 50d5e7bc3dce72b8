/** How long a server leaves others waiting, measured from outside: see pulse-process.ts. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { cleanUp } from './clean-up.ts'

export interface Pulse {
  /** The longest that an answer took while `work` ran, in ms. */
  during(work: () => Promise<unknown>): Promise<number>
}

export function startPulse(t: TestContext, port: number): Pulse {
  const child = fork(join(import.meta.dirname, 'pulse-process.ts'), [String(port)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  cleanUp(t, async () => {
    child.kill('SIGKILL')
    await exited
  })
  const ask = async (message: string): Promise<unknown> => {
    const answer = once(child, 'message')
    child.send(message)
    const late = exited.then(() => Promise.reject(new Error('the server hung up on the pulse')))
    return ((await Promise.race([answer, late])) as unknown[])[0]
  }
  return {
    async during(work) {
      await ask('begin')
      await work()
      return (await ask('end')) as number
    },
  }
}
