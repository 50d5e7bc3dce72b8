/** A run of the engine's own: refreshes and loads. It has a connection to itself and no deadline but the one given. */
import { defaultRoles, userOf } from '../catalog/authority.ts'
import { ANY_HOST } from '../catalog/user-identity.ts'
import type { EngineContext } from './engine-context.ts'
import type { Execution } from './execution.ts'
import { cleared, guardedLink, guardOf } from './guard.ts'

/** A refresh may take as long as an INSERT may (insert_timeout). */
const TIMEOUT_SECONDS = 14_400

/** No entry has this id: without its user a run of the engine's own may read nothing that is not its own. */
const NOBODY = 0

interface InternalOptions {
  readonly user: string
  /** The user of this name may be another one by now; where nobody knows the id, it is the one of all hosts that has the name. */
  readonly userId: number | undefined
  readonly database?: string
  readonly timeoutSeconds?: number
}

/** The engine itself. */
export const AS_ROOT: InternalOptions = { user: 'root', userId: undefined }

export async function internalExecution(
  engine: EngineContext,
  options: InternalOptions,
): Promise<{ execution: Execution; end: () => void }> {
  const link = await engine.duck.connect()
  const guard = guardOf(engine, link, options.timeoutSeconds ?? TIMEOUT_SECONDS)
  const nowMs = engine.clock.now()
  const { current } = engine.store
  const userId =
    options.userId ?? current.user({ user: options.user, host: ANY_HOST })?.id ?? NOBODY
  const user = userOf(current, { userId, activeRoles: [] })
  const execution: Execution = {
    engine,
    link: guardedLink(link, guard),
    guard,
    text: '',
    startMs: nowMs,
    queryId: engine.random.uuid(),
    parameters: [],
    overrides: new Map(),
    hintVariables: new Map(),
    transaction: { open: undefined },
    state: {
      id: 0,
      login: options.user,
      user: options.user,
      host: 'localhost',
      connectedMs: nowMs,
      database: options.database,
      authority: { userId, activeRoles: user ? defaultRoles(user) : [] },
      variables: new Map(),
      userVariables: new Map(),
      prepared: new Map(),
      warnings: [],
      lastQueryId: '',
    },
  }
  return {
    execution,
    end() {
      guard.end()
      void link.close()
    },
  }
}

/** Takes away what a statement had begun, by the engine itself, as the statement may be cancelled. `failure`: what the log says when that fails. */
export function takenAway(
  { engine, guard }: Execution,
  failure: string,
  work: (own: Execution) => Promise<void>,
): Promise<void> {
  const take = async () => {
    const { execution, end } = await internalExecution(engine, AS_ROOT)
    try {
      await work(execution)
    } catch (error) {
      engine.log.error({ reason: String(error) }, failure)
    } finally {
      end()
    }
  }
  return cleared(guard, take())
}
