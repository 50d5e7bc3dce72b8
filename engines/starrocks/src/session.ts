/**
 * The contract between the protocols (MySQL on 9030, HTTP on 8030/8040) and SQL.
 *
 * A protocol authenticates a user through `Engine`, opens one `Session` per connection and hands it statement
 * texts; it never looks into SQL. The SQL half never looks at a socket. Every refusal is a
 * `SqlError` with MySQL's error number and SQLSTATE, which a protocol only has to write down.
 */

/** MySQL column type codes that a result may carry (protocol::ColumnType). */
export type WireType =
  | 'tiny'
  | 'short'
  | 'long'
  | 'longlong'
  | 'float'
  | 'double'
  | 'newdecimal'
  | 'date'
  | 'datetime'
  | 'time'
  | 'var_string'
  | 'string'
  | 'blob'
  | 'json'
  | 'null'

export interface Column {
  readonly name: string
  readonly type: WireType
  /** StarRocks' name of the type, as in `int(11)`. */
  readonly typeText: string
  readonly table: string
  readonly database: string
  /** Display length in bytes, as MySQL clients use it to size buffers. */
  readonly length: number
  /** Digits after the point; 6 for DATETIME, and 31 ("as many as there are") for FLOAT and DOUBLE, as MySQL counts. */
  readonly decimals: number
  readonly nullable: boolean
}

/** A value as it goes on the wire: text form for everything but numbers and bytes, TIME `[-]hh:mm:ss` with any number of hours; null is SQL NULL. */
export type WireValue = string | number | bigint | Uint8Array | null

type Rows = readonly (readonly WireValue[])[]

/**
 * Pulled chunk by chunk, so that a slow reader holds the engine back instead of filling memory; or all rows, few enough to be held: then the
 * statement is over.
 */
export type RowChunks = AsyncIterable<Rows> | readonly Rows[]

export const areComplete = (chunks: RowChunks): chunks is readonly Rows[] => Array.isArray(chunks)

export type Result =
  | {
      readonly kind: 'done'
      readonly affectedRows: number
      readonly warnings: number
      readonly info: string
    }
  | {
      readonly kind: 'rows'
      readonly columns: readonly Column[]
      readonly chunks: RowChunks
    }

/** A parameter of a prepared statement, already decoded from the binary protocol. Dates are `YYYY-MM-DD[ hh:mm:ss[.ffffff]]`. */
export type Parameter = string | number | bigint | boolean | Uint8Array | null

/** Holds a parsed text and no other resource, so that dropping it needs no call. */
export interface PreparedStatement {
  readonly parameterCount: number
  /** Empty when the statement returns no rows. */
  readonly columns: readonly Column[]
  execute(parameters: readonly Parameter[]): Promise<Result>
}

/** What a statement is to a protocol that takes some kinds only. SHOW is DESC too. */
export type StatementClass = 'query' | 'show' | 'explain' | 'kill' | 'other'

export interface Session {
  readonly id: number
  readonly user: string
  /** The current database, or undefined before `USE`. */
  readonly database: string | undefined
  use(database: string): Promise<void>
  /** wait_timeout: how long this client may ask nothing. */
  readonly idleSeconds: number
  /**
   * Runs every statement of a text in order; one result each. Stops at the first error, which is thrown. `single`: the
   * client did not ask for several statements, which guards it against injected ones: a text of several is refused with
   * 1064 before anything runs.
   */
  execute(text: string, options?: { readonly single: boolean }): AsyncIterable<Result>
  prepare(text: string): Promise<PreparedStatement>
  /** Of each statement of a text; throws what `execute` would for one that cannot be read. */
  classify(text: string): Promise<readonly StatementClass[]>
  /** Interrupts what runs now; the interrupted call throws SqlError 1317. Safe when nothing runs. */
  interrupt(): void
  /** COM_RESET_CONNECTION: session variables, user variables and prepared statements go; the database stays. */
  reset(): Promise<void>
  close(): Promise<void>
}

/** Users of one name on several hosts are several users. */
export interface UserIdentity {
  readonly user: string
  /** A pattern of addresses; `%` is all of them. */
  readonly host: string
}

export interface OpenSession {
  readonly id: number
  /** What the client was found to be. */
  readonly identity: UserIdentity
  readonly remoteHost: string
  /** The front end that serves it; the first one without it. */
  readonly frontend?: string | undefined
  readonly database: string | undefined
}

export interface NativeUser {
  readonly identity: UserIdentity
  /** For mysql_native_password: SHA1(SHA1(password)), 20 bytes; empty for an empty password. */
  readonly verifier: Uint8Array
}

export interface Engine {
  /** What the handshake announces, e.g. `5.1.0` (StarRocks' habit); the comment says that this is a compatible engine. */
  readonly serverVersion: string
  /** Who a client of this name and address has to prove to be; undefined when there is no such user (the protocol answers as for a wrong password). */
  findUser(user: string, remoteHost: string): Promise<NativeUser | undefined>
  /**
   * Checks a clear-text password (TLS-protected plugins, HTTP basic authentication). Constant-time. Undefined for a wrong one, as for a
   * user that is not there.
   */
  checkPassword(
    user: string,
    remoteHost: string,
    password: string,
  ): Promise<UserIdentity | undefined>
  openSession(options: OpenSession): Promise<Session>
  /** KILL and COM_PROCESS_KILL: ends a session (`connection`) or only its statement (`query`). False when unknown. */
  kill(sessionId: number, what: 'connection' | 'query'): boolean
  /** Called by the SQL half when a KILL statement ends a session; the protocol closes that socket. */
  onKilled(listener: (sessionId: number) => void): void
  close(): Promise<void>
}

/** A refusal with MySQL's error number and SQLSTATE. StarRocks answers 1064/42000 for everything it does not parse or support. */
export class SqlError extends Error {
  readonly errno: number
  readonly sqlState: string

  constructor(message: string, errno = 1064, sqlState = '42000') {
    super(message)
    this.name = 'SqlError'
    this.errno = errno
    this.sqlState = sqlState
  }
}
