/**
 * Numbers of the MySQL client/server protocol that several files need: capability flags, server status flags,
 * column type codes, character sets and command bytes.
 *
 * Source: MySQL's published protocol description, "Capabilities Flags", "Server Status", "Column Type" and
 * "Command Phase" (dev.mysql.com/doc/dev/mysql-server).
 */
import type { WireType } from '../session.ts'

export const capability = {
  longPassword: 0x1,
  longFlag: 0x4,
  connectWithDatabase: 0x8,
  protocol41: 0x200,
  interactive: 0x400,
  tls: 0x800,
  ignoreSigpipe: 0x1000,
  transactions: 0x2000,
  secureConnection: 0x8000,
  multiStatements: 0x1_0000,
  multiResults: 0x2_0000,
  preparedMultiResults: 0x4_0000,
  pluginAuthentication: 0x8_0000,
  connectionAttributes: 0x10_0000,
  lenencAuthentication: 0x20_0000,
  sessionTrack: 0x80_0000,
  deprecateEof: 0x100_0000,
} as const

/**
 * What the greeting offers. Deliberately absent: compression, LOCAL INFILE (a server could read the client's files),
 * FOUND_ROWS (the engine counts changed rows) and query attributes. SESSION_TRACK is offered for the form of an OK's text
 * alone: drivers that did not agree to it disagree on whether a length stands before the text.
 */
export const OFFERED_CAPABILITIES =
  capability.longPassword |
  capability.longFlag |
  capability.connectWithDatabase |
  capability.protocol41 |
  capability.interactive |
  capability.ignoreSigpipe |
  capability.transactions |
  capability.secureConnection |
  capability.multiStatements |
  capability.multiResults |
  capability.preparedMultiResults |
  capability.pluginAuthentication |
  capability.connectionAttributes |
  capability.lenencAuthentication |
  capability.sessionTrack |
  capability.deprecateEof

export const serverStatus = { autocommit: 0x2, moreResults: 0x8 } as const

/** utf8mb4_general_ci; every text on the wire is UTF-8, whatever character set a client names. */
export const CHARSET_UTF8MB4 = 45
/** The pseudo character set of bytes, numbers and dates. */
export const CHARSET_BINARY = 63

export const columnFlag = { notNull: 0x1, blob: 0x10, binary: 0x80 } as const

export const columnCode: { readonly [type in WireType]: number } = {
  tiny: 0x01,
  short: 0x02,
  long: 0x03,
  float: 0x04,
  double: 0x05,
  null: 0x06,
  longlong: 0x08,
  date: 0x0a,
  time: 0x0b,
  datetime: 0x0c,
  json: 0xf5,
  newdecimal: 0xf6,
  blob: 0xfc,
  var_string: 0xfd,
  string: 0xfe,
}

export const command = {
  quit: 0x01,
  initDatabase: 0x02,
  query: 0x03,
  fieldList: 0x04,
  statistics: 0x09,
  processInfo: 0x0a,
  processKill: 0x0c,
  ping: 0x0e,
  changeUser: 0x11,
  statementPrepare: 0x16,
  statementExecute: 0x17,
  statementSendLongData: 0x18,
  statementClose: 0x19,
  statementReset: 0x1a,
  setOption: 0x1b,
  statementFetch: 0x1c,
  resetConnection: 0x1f,
} as const
