/** What the thread that reads long statements and its owner tell each other. */
import type { MessagePort } from 'node:worker_threads'
import { SqlError } from '../../session.ts'
import type { SessionScope } from '../scope.ts'
import type { ParseOptions } from '../parse.ts'

export interface ThreadPorts {
  /** Trees, in pieces, both ways. */
  readonly trees: MessagePort
  /** Questions to the scope. The thread stands still until one is answered: then `answered` is 1. */
  readonly questions: MessagePort
  readonly answered: Int32Array
}

/** What a scope says without being asked; all else is asked. */
export interface ScopeHead {
  readonly database: string | undefined
  readonly session: Omit<
    SessionScope,
    'hasRole' | 'sessionId' | 'wait' | 'files' | 'systemVariable' | 'userVariable' | 'parameter'
  >
  readonly mayWait: boolean
}

export type Job =
  /** The tree is `{ text }`. */
  | { readonly kind: 'parse'; readonly options: ParseOptions }
  /** The tree is `{ query, text }`, with the text of the whole statement. */
  | { readonly kind: 'query'; readonly head: ScopeHead }
  /** The tree is `{ expression, sources, text }`. */
  | { readonly kind: 'expression'; readonly head: ScopeHead }

export interface Question {
  readonly name: string
  readonly args: readonly unknown[]
}

export type Outcome<T> =
  | { readonly error: undefined; readonly value: T }
  | { readonly error: ErrorText; readonly value?: undefined }

export interface ErrorText {
  readonly message: string
  /** Of a SqlError. */
  readonly errno?: number
  readonly sqlState?: string
}

export interface ScopeAnswer {
  readonly value: unknown
  /** What planning it took. */
  readonly work: number
}

export const errorText = (error: unknown): ErrorText =>
  error instanceof SqlError
    ? { message: error.message, errno: error.errno, sqlState: error.sqlState }
    : { message: error instanceof Error ? error.message : String(error) }

export const errorOf = ({ message, errno, sqlState }: ErrorText): Error =>
  errno === undefined ? new Error(message) : new SqlError(message, errno, sqlState)
