/**
 * Bounds the heap for new objects. V8 doubles it, and the half that it copies to, up to 32 MiB each, as long as some of what is there stays;
 * of what a request makes next to nothing does, so that more of it only takes memory, and no longer fits the processor's caches. V8 takes
 * its bound from the command line alone, and the factor by which it grows at any time.
 */
import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Both halves. */
const GROWS_BELOW_BYTES = 4 * 1024 * 1024
/** V8's own. */
const GROWING = 2
const AS_IT_IS = 1

/** From now on, also after it was made smaller. */
export function boundYoungGeneration(): void {
  let factor = GROWING
  new PerformanceObserver(() => {
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
    const wanted = (space?.space_size ?? 0) < GROWS_BELOW_BYTES ? GROWING : AS_IT_IS
    if (wanted === factor) return
    factor = wanted
    setFlagsFromString(`--semi-space-growth-factor=${factor}`)
  }).observe({ entryTypes: ['gc'] })
}
