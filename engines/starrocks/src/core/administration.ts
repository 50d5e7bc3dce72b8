/** What the parent process may do to a running engine: nodes, password and limits change without a restart. */
import type { Core, EngineLimits, EngineNode } from './core.ts'
import { ensureInstanceUsers } from './instance-user.ts'
import { internalRun } from './internal-run.ts'

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
  setNodes(nodes: readonly EngineNode[]): void
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

export function administration(core: Core): Administration {
  return {
    setNodes(nodes) {
      core.identity = { ...core.identity, nodes }
    },
    setPorts({ queryPort, httpPort }) {
      core.identity = { ...core.identity, queryPort, httpPort }
    },
    setVersion(version) {
      core.identity = { ...core.identity, version }
    },
    async setAdminVerifier(adminVerifier) {
      const { run, end } = await internalRun(core, { user: 'root' })
      try {
        await ensureInstanceUsers(core.store, run.link, { adminVerifier })
      } finally {
        end()
      }
      core.identity = { ...core.identity, adminVerifier }
    },
    async setLimits(limits) {
      await core.duck.setLimits(limits)
      core.limits = limits
    },
    async status() {
      const entries = [...core.store.current.entries.values()]
      const sessions = [...core.sessions.values()]
      return {
        sessions: sessions.length,
        running: sessions.filter((session) => session.running).length,
        usedBytes: await core.duck.usedBytes().catch(() => core.duck.fileBytes()),
        storageBytes: core.limits.storageBytes,
        databases: entries.filter((entry) => entry.kind === 'database').length,
        tables: entries.filter((entry) => entry.kind === 'table').length,
        startedMs: core.startedMs,
        failure: core.duck.failure(),
      }
    },
  }
}
