/** sleep(): what a statement asked for passes before its first row, in short steps, so that KILL and the time limit are heard. */
import type { Execution } from '../../execution/execution.ts'

const PAUSE_STEP_MS = 100

export async function pause(
  { engine: { clock }, guard }: Execution,
  seconds: number,
): Promise<void> {
  const endMs = clock.now() + seconds * 1000
  while (clock.now() < endMs) {
    const stepMs = Math.min(PAUSE_STEP_MS, endMs - clock.now())
    await new Promise<void>((resolve) => void clock.at(clock.now() + stepMs, resolve))
    guard.check()
  }
}
