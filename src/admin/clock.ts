/**
 * Service time, shown and moved. It only goes forward: an expiry must not come undone. What falls due on the way is done before
 * the answer. The machine's own time, by which signatures are judged and leases end, stays as it is.
 */
import { limits } from '../limits.ts'
import type { AdminContext } from './context.ts'
import { AdminProblem, json, timeOf, type Page } from './page.ts'

export function clockPages({
  clock,
  loop,
  store,
  keepAhead,
}: Pick<AdminContext, 'clock' | 'loop' | 'store' | 'keepAhead'>): readonly Page[] {
  /** What falls due on the way finds the time that it is due at, unless it is more than anybody would wait for. */
  const moveTo = async (aheadMs: number) => {
    for (let stop = 0; stop < limits.clockStops; stop++) {
      await loop.drain()
      const due = await store.nextDueMs()
      const untilMs = clock.now() + aheadMs - clock.aheadMs
      if (due === undefined || due >= untilMs) break
      clock.advance(Math.max(1, due - clock.now()))
    }
    // The steps took time of their own: what is promised is how far ahead time is, not when.
    clock.advance(Math.max(0, aheadMs - clock.aheadMs))
    await loop.drain()
  }
  const status = () =>
    json({ now: timeOf(clock.now()), nowMs: clock.now(), aheadMs: clock.aheadMs })
  return [
    {
      method: 'GET',
      path: '/_emrys/clock',
      does: 'service time, and how far it is ahead of the machine',
      run: async () => status(),
    },
    {
      method: 'POST',
      path: '/_emrys/clock',
      does: 'moves service time forward: {"advanceMs":n}',
      members: ['advanceMs'],
      async run({ members }) {
        const byMs = members['advanceMs']
        if (typeof byMs !== 'number' || !Number.isSafeInteger(byMs) || byMs < 0)
          throw new AdminProblem('advanceMs must be a whole number of milliseconds, not negative')
        const aheadMs = clock.aheadMs + byMs
        if (aheadMs > limits.clockAheadMs)
          throw new AdminProblem(
            `service time may be at most ${limits.clockAheadMs} ms ahead of the machine's; it is ${clock.aheadMs} ms ahead`,
          )
        await keepAhead(aheadMs)
        await moveTo(aheadMs)
        return status()
      },
    },
  ]
}
