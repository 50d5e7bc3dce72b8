/**
 * What was wrong with the rows of failed or filtered loads, for a client to fetch. Kept in memory: within a bound, for a
 * time, and under names that cannot be guessed, for StarRocks asks for no password here.
 * reference: StarRocks be.conf, load_error_log_reserve_hours
 */
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Random } from '../../../../src/kernel/random.ts'

export interface ErrorLog {
  /** Answers the file's name; undefined when there is nothing to keep. */
  keep(reasons: readonly string[]): string | undefined
  read(file: string): string | undefined
}

export interface ErrorLogOptions {
  readonly clock: Clock
  readonly random: Random
  readonly maxBytes: number
  readonly keepMs: number
}

/** A reason quotes at most a value; a long one is cut, for it says nothing more. */
const REASON_MAX = 1024

export function errorLog({ clock, random, maxBytes, keepMs }: ErrorLogOptions): ErrorLog {
  const logs = new Map<string, { readonly text: string; readonly untilMs: number }>()
  let held = 0
  const drop = (file: string) => {
    held -= logs.get(file)?.text.length ?? 0
    logs.delete(file)
  }
  const tidy = () => {
    // Insertion order is order of expiry.
    for (const [file, { untilMs }] of logs) {
      if (untilMs > clock.now() && held <= maxBytes) break
      drop(file)
    }
  }
  return {
    keep(reasons) {
      if (reasons.length === 0) return undefined
      const text = reasons.map((reason) => `${reason.slice(0, REASON_MAX)}\n`).join('')
      const file = `error_log_${random.hex(32)}`
      logs.set(file, { text, untilMs: clock.now() + keepMs })
      held += text.length
      tidy()
      return file
    },
    read(file) {
      tidy()
      return logs.get(file)?.text
    },
  }
}
