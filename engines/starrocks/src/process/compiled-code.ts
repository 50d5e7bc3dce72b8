/**
 * What Node compiled, kept on the disk for engines that start after this one was killed; at an orderly end Node does that by itself. It is
 * some thousand files, and whoever sends a statement meanwhile waits: so it is done while nobody is connected.
 */
import type { Clock } from '../../../../src/kernel/clock.ts'

/** Not in the first rush of clients. */
const FIRST_MS = 2_000
const AGAIN_MS = 5_000

export interface CompiledCode {
  readonly clock: Clock
  /** How many sessions are open. */
  readonly sessions: () => number
  readonly keep: () => void
}

export function keepCompiledCode({ clock, sessions, keep }: CompiledCode): void {
  const look = () => {
    if (sessions() === 0) keep()
    else clock.at(clock.now() + AGAIN_MS, look)
  }
  clock.at(clock.now() + FIRST_MS, look)
}
