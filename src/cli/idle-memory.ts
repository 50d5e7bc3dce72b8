/**
 * Gives back what only the start of a program needed. What loading makes lives on, for which V8 enlarges its heap for new objects again
 * and again; it stays as large as long as nothing collects: seven megabytes of an idle server. Once, when the start is over.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Whoever started the server for one request has had the answer by then. */
const AFTER_MS = 2_000

interface Collect {
  (options: { readonly type: 'major'; readonly execution: 'sync'; readonly flavor: string }): void
}

export async function releaseIdleMemory(afterMs = AFTER_MS): Promise<void> {
  await pause(afterMs, undefined, { ref: false })
  setFlagsFromString('--expose-gc')
  // Contexts that are made from now on have it.
  const collect = runInNewContext('gc') as Collect
  // The one flavor that makes the heap smaller.
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  setFlagsFromString('--no-expose-gc')
}
