/**
 * Whether the server is up (`health`) and whether it can do its work (`ready`). `ready` proves rather than claims: it commits
 * a write, and looks whether the loop keeps up with the work that is due.
 */
import { limits } from '../limits.ts'
import type { Store } from '../store/port.ts'
import type { AdminContext } from './context.ts'
import { json, type Page } from './page.ts'

type HealthContext = Pick<AdminContext, 'clock' | 'store' | 'place' | 'carriers' | 'isDraining'>

interface Check {
  readonly name: string
  readonly ok: boolean
  readonly detail?: string
}

export function healthPages(context: HealthContext): readonly Page[] {
  return [
    {
      method: 'GET',
      path: '/_emrys/health',
      does: 'whether the server is up',
      open: true,
      probe: true,
      run: async () => json({ status: 'ok' }),
    },
    {
      method: 'GET',
      path: '/_emrys/ready',
      does: 'whether its store takes writes, its loop keeps up and it is not about to stop; 503 when not',
      open: true,
      probe: true,
      async run() {
        const checks = [
          await storeCheck(context.store),
          await loopCheck(context),
          ...(context.isDraining() ? [DRAINING] : []),
        ]
        const ok = checks.every((check) => check.ok)
        return json(
          {
            status: ok ? 'ready' : 'not ready',
            ...context.place,
            checks,
            ...(context.carriers && { carriers: context.carriers() }),
          },
          ok ? 200 : 503,
        )
      },
    },
  ]
}

const DRAINING: Check = {
  name: 'server',
  ok: false,
  detail: 'it is about to stop, and answers until then',
}

async function storeCheck(store: Store): Promise<Check> {
  const { promise, reject } = Promise.withResolvers<never>()
  const late = setTimeout(
    () => reject(new Error(`no commit within ${limits.readyMs} ms`)),
    limits.readyMs,
  )
  try {
    await Promise.race([store.write((tx) => tx.count('ready')), promise])
    return { name: 'store', ok: true }
  } catch (problem) {
    return { name: 'store', ok: false, detail: (problem as Error).message }
  } finally {
    clearTimeout(late)
  }
}

/** A work item that was due a whole lease ago and is not leased: the loop has stopped or is far behind. */
async function loopCheck({ store, clock }: Pick<HealthContext, 'store' | 'clock'>): Promise<Check> {
  try {
    const dueMs = await store.nextDueMs()
    const behindMs = dueMs === undefined ? 0 : clock.now() - dueMs
    if (behindMs <= limits.leaseMs) return { name: 'loop', ok: true }
    const detail = `work is ${Math.round(behindMs / 1000)} s overdue`
    return { name: 'loop', ok: false, detail }
  } catch (problem) {
    return { name: 'loop', ok: false, detail: (problem as Error).message }
  }
}
