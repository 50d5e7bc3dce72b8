/**
 * The StarRocks-compatible engine on DuckDB, opened on a directory: one process, one database file, many sessions.
 *
 * Guarantees: what a statement or a commit acknowledged is there after `kill -9`; two processes never open one directory;
 * closing waits for nothing but what runs, which it interrupts.
 */
import { timingSafeEqual } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { Clock } from '../../../../src/kernel/clock.ts'
import type { Logger } from '../../../../src/kernel/log.ts'
import { random } from '../../../../src/kernel/random.ts'
import type { Random } from '../../../../src/kernel/random.ts'
import { SqlError } from '../session.ts'
import type { Engine, OpenSession } from '../session.ts'
import { administration } from './administration.ts'
import type { Administration } from './administration.ts'
import { defaultRoles } from './authority.ts'
import { openCatalogStore } from './catalog-store.ts'
import type { CatalogStore } from './catalog-store.ts'
import { serverVersion, versionComment } from './core.ts'
import type { Core, EngineIdentity, EngineLimits } from './core.ts'
import { refreshRows } from './define/materialized-view.ts'
import { verifierOf } from './define/user.ts'
import { lockDirectory } from './directory-lock.ts'
import { openDuck } from './duck.ts'
import type { Duck } from './duck.ts'
import { engineSession } from './engine-session.ts'
import type { EngineSession } from './engine-session.ts'
import { ensureInstanceUsers } from './instance-user.ts'
import { internalRun } from './internal-run.ts'
import { openLabelBook } from './label.ts'
import { loadSink } from './load/load-sink.ts'
import type { LoadSink } from './load/load-sink.ts'
import { refresher } from './refresher.ts'
import type { Refresher } from './refresher.ts'
import { variableOf } from './run.ts'
import type { SessionState } from './session-state.ts'
import { use } from './set.ts'
import type { Run } from './run.ts'
import { turn } from './turn.ts'

export interface EngineOptions {
  readonly directory: string
  readonly clock: Clock
  readonly log: Logger
  readonly limits: EngineLimits
  readonly identity: EngineIdentity
  /** Query ids and the like; the system's randomness unless a test wants repeatable ones. */
  readonly random?: Random
}

/** Far above what one machine serves; a leak of sessions shows here before it shows as lost memory. */
const SESSIONS_MAX = 10_000

export async function openEngine(
  options: EngineOptions,
): Promise<Engine & LoadSink & Administration> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 })
  const unlock = lockDirectory(options.directory)
  try {
    return await openLocked(options, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function openLocked(
  options: EngineOptions,
  unlock: () => void,
): Promise<Engine & LoadSink & Administration> {
  const duck = await openDuck(options.directory, options.limits)
  const core = await openCore(options, duck)
  const killed = new Set<(sessionId: number) => void>()
  const kill: Core['kill'] = (sessionId, what) => {
    const session = core.sessions.get(sessionId)
    if (!session) return false
    session.cancel('kill')
    if (what === 'connection') for (const listener of killed) listener(sessionId)
    return true
  }
  Object.assign(core, { kill })
  core.onDataChange.add((tables) => core.refresher.changed(tables))
  core.refresher.reschedule()
  core.refresher.changed([...core.store.current.entries.keys()])
  const sink = loadSink(core)
  await sink.recover()
  options.log.info(
    {
      instance: options.identity.instance,
      version: options.identity.version,
      engine: versionComment,
    },
    'StarRocks-compatible engine is open',
  )
  return {
    serverVersion,
    ...authentication(core),
    ...sink,
    ...administration(core),
    openSession: (wanted) => openSession(core, wanted),
    kill,
    onKilled: (listener) => void killed.add(listener),
    async close() {
      await core.refresher.stop()
      await sink.stop()
      await Promise.all(
        [...core.sessions.values()].map((session) => (session as EngineSession).close()),
      )
      await core.writing.take(() => duck.close())
      unlock()
      options.log.info({ instance: core.identity.instance }, 'engine is closed')
    },
  }
}

async function openCore(options: EngineOptions, duck: Duck): Promise<Core> {
  const { clock, log, identity } = options
  const link = await duck.connect()
  const writing = turn()
  const store = await openCatalogStore(link, writing)
  await ensureInstanceUsers(store, link, identity)
  const labels = await openLabelBook(link, {
    clock,
    retentionMs: () => core.limits.labelRetentionMs,
  })
  const core: Core = {
    duck,
    store,
    writing,
    clock,
    log,
    labels,
    identity,
    limits: options.limits,
    random: options.random ?? random(),
    sessions: new Map(),
    dataVersions: new Map(),
    startedMs: clock.now(),
    onDataChange: new Set(),
    refresher: viewRefresher(() => core, store, options),
    kill: () => false,
  }
  await link.close()
  return core
}

function viewRefresher(
  coreOf: () => Core,
  store: CatalogStore,
  { clock, log }: EngineOptions,
): Refresher {
  return refresher({
    store,
    clock,
    log,
    async refresh(view) {
      const core = coreOf()
      const { run, end } = await internalRun(core, { user: view.view?.creator ?? 'root' })
      try {
        await refreshRows(run, view)
      } catch (error) {
        await recordFailure(core, run, { id: view.id, error })
        throw error
      } finally {
        end()
      }
    },
  })
}

async function recordFailure(core: Core, run: Run, failure: { id: number; error: unknown }) {
  const { id, error } = failure
  await core.store.change(run.link, async (draft) => {
    const now = draft.catalog.entries.get(id)
    if (now?.kind !== 'materialized view' || !now.view) return
    const lastRefreshError = error instanceof Error ? error.message : String(error)
    draft.put({
      ...now,
      view: {
        ...now.view,
        lastRefreshState: 'FAILED',
        lastRefreshError,
        lastRefreshEndMs: core.clock.now(),
      },
    })
  })
}

function authentication(core: Core): Pick<Engine, 'nativePasswordVerifier' | 'checkPassword'> {
  return {
    async nativePasswordVerifier(user) {
      const entry = core.store.current.user(user)
      return entry && Buffer.from(entry.verifier, 'hex')
    },
    async checkPassword(user, password) {
      const entry = core.store.current.user(user)
      // The same work for an unknown user: how long it takes tells nothing.
      const wanted = Buffer.alloc(20)
      Buffer.from(entry?.verifier ?? '', 'hex').copy(wanted)
      const given = Buffer.alloc(20)
      Buffer.from(verifierOf(password), 'hex').copy(given)
      return timingSafeEqual(wanted, given) && entry !== undefined
    },
  }
}

async function openSession(core: Core, wanted: OpenSession): Promise<EngineSession> {
  const user = core.store.current.user(wanted.user)
  if (!user) {
    throw new SqlError(
      `Access denied for user '${wanted.user}' (using password: YES)`,
      1045,
      '28000',
    )
  }
  if (core.sessions.has(wanted.id)) throw new SqlError(`Session ${wanted.id} is already open`, 1105)
  if (core.sessions.size >= SESSIONS_MAX) throw new SqlError('Too many connections', 1040, '08004')
  const state: SessionState = {
    id: wanted.id,
    user: user.name,
    host: wanted.remoteHost,
    connectedMs: core.clock.now(),
    database: undefined,
    authority: { user: user.name, activeRoles: defaultRoles(user) },
    variables: new Map(),
    userVariables: new Map(),
    warnings: [],
    lastQueryId: '',
  }
  const all = variableOf(
    { core, state, overrides: new Map() },
    'activate_all_roles_on_login',
    'global',
  )
  if (all === 'true') state.authority = { user: user.name, activeRoles: user.roles }
  if (wanted.database !== undefined && wanted.database !== '') {
    use({ core, state } as Run, undefined, wanted.database)
  }
  const session = engineSession(core, await core.duck.connect(), state)
  core.sessions.set(wanted.id, session)
  return session
}
