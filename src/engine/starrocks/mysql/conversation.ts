/** What the commands of one logged-in client share. */
import type { Result, Session } from '../session.ts'
import type { Exchange } from './authentication.ts'
import type { ResultTarget } from './result-writer.ts'
import type { StatementStore } from './statement.ts'

/**
 * A session as this protocol uses it. `single` is set for a client that did not ask for CLIENT_MULTI_STATEMENTS (the
 * guard against injected statements): a text of several is then to be refused with 1064 before anything runs. A
 * session that does not know the option is asked for its first result only, so that nothing behind it runs either.
 */
export interface StatementRunner extends Omit<Session, 'execute'> {
  execute(text: string, options?: { readonly single: boolean }): AsyncIterable<Result>
}

export interface Conversation extends ResultTarget {
  readonly id: number
  readonly exchange: Exchange
  readonly statements: StatementStore
  readonly statistics: ServerStatistics
  session: StatementRunner
  /** False while COM_CHANGE_USER has closed one session and not opened the next. */
  sessionOpen: boolean
  multiStatements: boolean
  /** When the proof of a new user must be there. */
  readonly changeUserUntilMs: () => number
}

export interface ServerStatistics {
  readonly startedMs: number
  readonly nowMs: () => number
  readonly connections: () => number
  questions: number
}
