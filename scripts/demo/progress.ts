/** How far the demo's acts are, line by line, until all have come where they should. */
import { setTimeout as wait } from 'node:timers/promises'
import { terminal, type Terminal } from '../../src/cli/terminal.ts'
import type { Act, Progress } from './act.ts'

const LOOK_EVERY_MS = 250

export interface Goal {
  readonly phase: Progress['phase']
  readonly timeoutMs: number
}

/** Shows how far every act is, until all have come where they should. */
export async function follow(out: Terminal, acts: readonly Act[], goal: Goal): Promise<void> {
  const { phase, timeoutMs } = goal
  const show = shower(out)
  const startedAt = Date.now()
  for (;;) {
    const progress = await Promise.all(acts.map((act) => act.look()))
    show(acts.map((act, at) => `${lineOf(out, act, progress[at]!)}${sinceText(out, startedAt)}`))
    if (progress.every((each) => each.phase === phase)) return
    const failed = acts.find((_, at) => progress[at]?.phase === 'failed')
    if (failed) throw new Error(`${failed.what} failed`)
    if (Date.now() > startedAt + timeoutMs)
      throw new Error(`after ${timeoutMs / 1000} s not every cluster is ${phase}`)
    await wait(LOOK_EVERY_MS)
  }
}

/** In place on a terminal, else every line that is new. */
function shower(out: Terminal): (lines: readonly string[]) => void {
  const live = terminal()
  const before = new Map<number, string>()
  return (lines) => {
    if (live.live) return live.redraw(lines)
    for (const [at, line] of lines.entries()) if (before.get(at) !== line) out.line(line)
    for (const [at, line] of lines.entries()) before.set(at, line)
  }
}

/** Where lines are shown in place; elsewhere each second would be a new line. */
function sinceText(out: Terminal, startedAt: number): string {
  return out.live ? out.paint('dim', `  ${((Date.now() - startedAt) / 1000).toFixed(1)} s`) : ''
}

function lineOf(out: Terminal, act: Act, { phase, said, done, all }: Progress): string {
  const style = phase === 'running' ? 'green' : phase === 'gone' ? 'dim' : 'yellow'
  const bar = all > 0 ? `${'■'.repeat(done)}${'□'.repeat(all - done)} ${done}/${all} nodes` : ''
  return `  ${act.what.padEnd(20)} ${out.paint(style, said.padEnd(17))} ${bar}`.trimEnd()
}
