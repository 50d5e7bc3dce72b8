/**
 * Every refusal that the protocol itself makes (SQL's own come from the engine), with MySQL's number, SQLSTATE and
 * wording, and the two errors that never become an answer: a packet that cannot be read, and a peer that is gone.
 *
 * Source of numbers and states: MySQL's "Server Error Message Reference".
 */
import { SqlError } from '../session.ts'

/** A payload that ends early or contradicts itself. Answered with 1835; before authentication with 1043. */
export class MalformedPacket extends Error {
  constructor(what: string) {
    super(`Malformed communication packet: ${what}`)
    this.name = 'MalformedPacket'
  }
}

/** The packet stream itself cannot be followed any further: the answer is the last thing this peer gets. */
export class FramingError extends Error {
  readonly refusal: SqlError

  constructor(refusal: SqlError) {
    super(refusal.message)
    this.name = 'FramingError'
    this.refusal = refusal
  }
}

/** The peer is gone or was cut off; unwinds what still runs for it. */
export class ConnectionLost extends Error {
  constructor() {
    super('The connection is closed')
    this.name = 'ConnectionLost'
  }
}

export const refusal = {
  tooManyConnections: () => new SqlError('Too many connections', 1040, '08004'),
  outOfMemory: () =>
    new SqlError('Out of resources: too many large packets are in flight', 1041, 'HY000'),
  badHandshake: () => new SqlError('Bad handshake', 1043, '08S01'),
  accessDenied: (user: string, host: string, withPassword: boolean) =>
    new SqlError(
      `Access denied for user '${user}'@'${host}' (using password: ${withPassword ? 'YES' : 'NO'})`,
      1045,
      '28000',
    ),
  unknownCommand: () => new SqlError('Unknown command', 1047, '08S01'),
  emptyQuery: () => new SqlError('Query was empty', 1065, '42000'),
  internal: () => new SqlError('Internal error; the server log has the cause', 1105, 'HY000'),
  longDataTooLarge: (limit: number) =>
    new SqlError(
      `Parameter of prepared statement which is set through mysql_send_long_data() is longer than 'max_allowed_packet' (${limit}) bytes`,
      1105,
      'HY000',
    ),
  packetTooLarge: (limit: number) =>
    new SqlError(`Got a packet bigger than 'max_allowed_packet' (${limit}) bytes`, 1153, '08S01'),
  rowTooLarge: (limit: number) =>
    new SqlError(
      `A result row is bigger than 'max_allowed_packet' (${limit}) bytes`,
      1153,
      '08S01',
    ),
  outOfOrder: () => new SqlError('Got packets out of order', 1156, '08S01'),
  wrongArguments: (what: string) =>
    new SqlError(`Incorrect arguments to mysqld_stmt_execute: ${what}`, 1210, 'HY000'),
  unsupportedCursor: () =>
    new SqlError(
      'This engine does not support updatable and scrollable cursors yet',
      1235,
      '42000',
    ),
  unknownStatement: (id: number, command: string) =>
    new SqlError(`Unknown prepared statement handler (${id}) given to ${command}`, 1243, 'HY000'),
  oldClient: () =>
    new SqlError(
      'Client does not support authentication protocol requested by server; consider upgrading MySQL client',
      1251,
      '08004',
    ),
  invalidText: () =>
    new SqlError('Invalid utf8mb4 character string: the text is not UTF-8', 1300, 'HY000'),
  tooManyParameters: () =>
    new SqlError('Prepared statement contains too many placeholders', 1390, 'HY000'),
  noCursor: (id: number) =>
    new SqlError(`The statement (${id}) has no open cursor.`, 1421, 'HY000'),
  tooManyStatements: (limit: number) =>
    new SqlError(
      `Can't create more than max_prepared_stmt_count statements (current value: ${limit})`,
      1461,
      '42000',
    ),
  malformed: () => new SqlError('Malformed communication packet.', 1835, 'HY000'),
} as const
