/** Looks until something holds; what takes longer than minutes does not come about. */
import { setTimeout as pause } from 'node:timers/promises'

const LOOK_MS = 50
const MOST_MS = 180_000

/** `describe`: what was seen last, for those who read the failure. `lookMs`: longer where a look is dear, and nothing is missed between. */
export async function until(
  done: () => boolean | Promise<boolean>,
  {
    describe = () => '',
    mostMs = MOST_MS,
    lookMs = LOOK_MS,
  }: {
    readonly describe?: () => string | Promise<string>
    readonly mostMs?: number
    readonly lookMs?: number
  } = {},
): Promise<void> {
  for (let passedMs = 0; !(await done()); passedMs += lookMs) {
    if (passedMs >= mostMs) throw new Error(`it never came about: ${await describe()}`)
    await pause(lookMs)
  }
}
