/** What the commands of one logged-in client share. */
import type { Session } from '../session.ts'
import type { AuthenticationExchange } from './authentication.ts'
import type { ResultTarget } from './result-writer.ts'
import type { StatementStore } from './prepared-statement.ts'

export interface Conversation extends ResultTarget {
  readonly id: number
  readonly exchange: AuthenticationExchange
  readonly statements: StatementStore
  readonly statistics: ServerStatistics
  session: Session
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
