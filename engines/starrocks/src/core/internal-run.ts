/** A run of the engine's own: refreshes and loads. It has a connection to itself and no deadline but the one given. */
import type { Core } from './core.ts'
import type { Run } from './run.ts'
import { guardedLink, guardOf } from './statement-run.ts'

/** A refresh may take as long as an INSERT may (insert_timeout). */
const TIMEOUT_SECONDS = 14_400

export async function internalRun(
  core: Core,
  options: { readonly user: string; readonly database?: string; readonly timeoutSeconds?: number },
): Promise<{ run: Run; end: () => void }> {
  const link = await core.duck.connect()
  const guard = guardOf(core, link, options.timeoutSeconds ?? TIMEOUT_SECONDS)
  const nowMs = core.clock.now()
  const run: Run = {
    core,
    link: guardedLink(link, guard),
    guard,
    text: '',
    startMs: nowMs,
    queryId: core.random.uuid(),
    parameters: [],
    overrides: new Map(),
    transaction: { open: undefined },
    state: {
      id: 0,
      user: options.user,
      host: 'localhost',
      connectedMs: nowMs,
      database: options.database,
      authority: { user: options.user, activeRoles: [] },
      variables: new Map(),
      userVariables: new Map(),
      warnings: [],
      lastQueryId: '',
    },
  }
  return {
    run,
    end() {
      guard.end()
      void link.close()
    },
  }
}
