/** kafka-python, a client of others', as test/client/kafka runs it. Every process ends with its test. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pythonEnvironment } from '../../../scripts/client/tool.ts'
import { cleanUp, type Ending } from '../process/clean-up.ts'

const FOLDER = join(import.meta.dirname, '../../client/kafka')

export interface Running {
  /** Every line that it has printed. */
  readonly lines: readonly string[]
  /** Resolves once so many lines are there. */
  reached(count: number): Promise<void>
  /** Ends its input; resolves when it has ended by itself. Rejects with what it said when it failed. */
  finish(): Promise<readonly string[]>
}

export function kafkaClient(t: Ending): (...args: readonly string[]) => Running {
  const python = join(pythonEnvironment(join(FOLDER, 'requirements.txt')), 'python')
  return (...args) => {
    const child = spawn(python, [join(FOLDER, 'steady.py'), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const exited = once(child, 'close') as Promise<[number | null]>
    cleanUp(t, async () => {
      child.kill('SIGKILL')
      await exited
    })
    const lines: string[] = []
    const changed = new EventTarget()
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      changed.dispatchEvent(new Event('line'))
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const failure = () => new Error(`${args.join(' ')} has ended: ${said.slice(-2_000)}`)
    return {
      lines,
      async reached(count) {
        const over = new AbortController()
        const ended = exited.then(() => Promise.reject(failure()))
        const enough = (async () => {
          while (lines.length < count) await once(changed, 'line', { signal: over.signal })
        })()
        await Promise.race([enough, ended]).finally(() => over.abort())
      },
      async finish() {
        child.stdin.end()
        const [code] = await exited
        if (code !== 0 || /^not /m.test(said)) throw failure()
        return lines
      },
    }
  }
}
