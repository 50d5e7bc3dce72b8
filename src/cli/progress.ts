/** What takes longer than a second shows on a terminal that it continues, and for how long it has. */

/** Quick ones show nothing. */
const AFTER_MS = 1_000
const EVERY_MS = 100
const CLEAR_LINE = '\r\u001b[K'

export interface ProgressOptions {
  /** What stands behind the seconds. */
  readonly text: string
  /** Whether standard error is a terminal. */
  readonly watched: boolean
  readonly dim: (text: string) => string
  /** Writes beside the results, without a line end. */
  readonly aside: (text: string) => void
}

/** Until it is ended, which clears its line. */
export function showProgress(options: ProgressOptions): { readonly end: () => void } {
  const { text, watched, dim, aside } = options
  const startedMs = performance.now()
  let shown = false
  const tick = () => {
    const ms = performance.now() - startedMs
    if (ms < AFTER_MS) return
    shown = true
    aside(`${CLEAR_LINE}${dim(`${(ms / 1000).toFixed(1)} s … ${text}`)}`)
  }
  const timer = watched ? setInterval(tick, EVERY_MS) : undefined
  return {
    end() {
      clearInterval(timer)
      if (shown) aside(CLEAR_LINE)
      shown = false
    },
  }
}

/** Runs `work` with its progress on standard error. */
export async function withProgress<T>(
  text: string,
  dim: (text: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  const aside = (piece: string) => void process.stderr.write(piece)
  const progress = showProgress({ text, watched: process.stderr.isTTY, dim, aside })
  try {
    return await work()
  } finally {
    progress.end()
  }
}
