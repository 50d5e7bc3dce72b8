/**
 * Empties the server: every cluster, operation, order, idempotency token and work item, and everything that was simulated. For
 * test suites that share one server. It takes no confirmation, so a server must have been started for it: `allow-reset`.
 * Ids are not used again, and the audit trail stays and says that it happened.
 */
import type { AdminContext } from './context.ts'
import { AdminProblem, json, type Page } from './page.ts'

type ResetContext = Pick<AdminContext, 'allowReset' | 'clock' | 'store' | 'loop' | 'emptyWorld'>

export function resetPage(context: ResetContext): Page {
  const { store, loop, clock } = context
  return {
    method: 'POST',
    path: '/_emrys/reset',
    does: 'removes everything; only on a server started with allow-reset',
    members: [],
    async run() {
      if (!context.allowReset)
        throw new AdminProblem(
          'this server was started without `--allow-reset`, so that nobody empties it by mistake',
          403,
        )
      // The loop rests meanwhile: a step under way could put a machine into the world that no cluster owns any more.
      await loop.stop()
      try {
        const removed = await store.read((tx) => tx.tally('cluster'))
        await store.write(async (tx) => {
          await tx.clear()
          await tx.addAudit({
            atMs: clock.now(),
            account: '',
            principal: 'admin',
            action: 'reset',
            requestId: '',
            region: '',
            subject: '*',
          })
        })
        await context.emptyWorld()
        return json({ removedClusters: removed.reduce((sum, { count }) => sum + count, 0) })
      } finally {
        loop.start()
      }
    },
  }
}
