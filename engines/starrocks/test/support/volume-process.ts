/** An engine with a volume as a process of its own, which a test kills. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { cleanUp } from '../../../../test/support/process/clean-up.ts'
import type { EngineOptions } from '../../src/engine/engine.ts'

const CHILD = new URL('../volume/volume-child.ts', import.meta.url).pathname

interface VolumeEngine {
  readonly process: ChildProcessWithoutNullStreams
  /** Runs a statement, or a query behind `?`. */
  ask(line: string): Promise<string>
}

export async function startVolumeEngine(
  t: TestContext,
  directory: string,
  options: Pick<EngineOptions, 'volume' | 'protection'>,
): Promise<VolumeEngine> {
  const child = spawn(process.execPath, [CHILD, directory, JSON.stringify(options)])
  cleanUp(t, async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (errors += piece))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    return done ? `ended ${errors}` : value
  }
  assert.equal(await next(), 'open')
  return {
    process: child,
    async ask(line) {
      child.stdin.write(`${line}\n`)
      return next()
    },
  }
}

/** Numbers that are the same for the same seed (Numerical Recipes' generator). */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
