/** What the parent process may do to a running engine: nodes, password and limits change without a restart. */
import type { EngineContext, EngineLimits, NodeDescription } from '../execution/engine-context.ts'
import { ensureInstanceUsers } from './instance-user.ts'
import { internalExecution } from '../execution/internal-execution.ts'

export interface EngineStatus {
  readonly sessions: number
  readonly running: number
  readonly usedBytes: number
  readonly storageBytes: number
  readonly databases: number
  readonly tables: number
  readonly startedMs: number
  /** Why the engine must be started anew, if it must. */
  readonly failure: string | undefined
}

export interface Administration {
  /** Replaces the list that SHOW FRONTENDS, BACKENDS and COMPUTE NODES print. */
  setNodes(nodes: readonly NodeDescription[]): void
  /** Where the instance answers, once that is known. */
  setPorts(ports: { readonly queryPort: number; readonly httpPort: number }): void
  /** The StarRocks version that the instance is said to have. */
  setVersion(version: string): void
  /** Gives root and admin a new password: SHA1(SHA1(password)), 20 bytes, or empty. Durable when it resolves. */
  setAdminVerifier(verifier: Uint8Array): Promise<void>
  /** Memory, threads and quota take effect for what runs next; a lower quota than is used refuses writes only. */
  setLimits(limits: EngineLimits): Promise<void>
  status(): Promise<EngineStatus>
}

export function administration(engine: EngineContext): Administration {
  return {
    setNodes(nodes) {
      engine.identity = { ...engine.identity, nodes }
    },
    setPorts({ queryPort, httpPort }) {
      engine.identity = { ...engine.identity, queryPort, httpPort }
    },
    setVersion(version) {
      engine.identity = { ...engine.identity, version }
    },
    async setAdminVerifier(adminVerifier) {
      const { execution, end } = await internalExecution(engine, { user: 'root' })
      try {
        await ensureInstanceUsers(engine.store, execution.link, { adminVerifier })
      } finally {
        end()
      }
      engine.identity = { ...engine.identity, adminVerifier }
    },
    async setLimits(limits) {
      await engine.duck.setLimits(limits)
      engine.limits = limits
    },
    async status() {
      const entries = [...engine.store.current.entries.values()]
      const sessions = [...engine.sessions.values()]
      return {
        sessions: sessions.length,
        running: sessions.filter((session) => session.running).length,
        usedBytes: await engine.duck.usedBytes().catch(() => engine.duck.fileBytes()),
        storageBytes: engine.limits.storageBytes,
        databases: entries.filter((entry) => entry.kind === 'database').length,
        tables: entries.filter((entry) => entry.kind === 'table').length,
        startedMs: engine.startedMs,
        failure: engine.duck.failure(),
      }
    },
  }
}
