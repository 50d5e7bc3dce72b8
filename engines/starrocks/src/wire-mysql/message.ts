/**
 * The generic answers of the protocol: OK, ERR, EOF and a column's definition.
 *
 * Source: MySQL protocol description, "OK_Packet", "ERR_Packet", "EOF_Packet", "Column Definition".
 */
import { putU8, putU16, putU32, putLenenc, putText, putLenencText } from './field-writer.ts'
import { beginPacket, endPacket } from './packet-output.ts'
import type { Column, SqlError, WireType } from '../session.ts'
import {
  CHARSET_BINARY,
  CHARSET_UTF8MB4,
  capability,
  columnCode,
  columnFlag,
  serverStatus,
} from './capability.ts'
import type { PacketOutput } from './packet-output.ts'

/** libmysqlclient keeps 512 bytes of a message; longer ones of SQL's are for drivers that keep more. */
const MESSAGE_CHARACTERS_MAX = 4_096
/** "The digits after the point vary", for floating point numbers. */
const DECIMALS_NOT_FIXED = 31

export interface Completion {
  readonly affectedRows: number
  readonly warnings: number
  readonly info: string
  readonly moreResults: boolean
}

const PLAIN: Completion = { affectedRows: 0, warnings: 0, info: '', moreResults: false }

export function writeOk(out: PacketOutput, completion: Completion = PLAIN): void {
  writeOkWithHeader(out, 0x00, completion)
}

/** Ends column definitions and rows; with CLIENT_DEPRECATE_EOF rows end in an OK packet that begins with 0xfe. */
export function writeEnd(out: PacketOutput, capabilities: number, moreResults = false): void {
  if (capabilities & capability.deprecateEof) {
    writeOkWithHeader(out, 0xfe, { ...PLAIN, moreResults })
  } else {
    writeEof(out, moreResults)
  }
}

export function writeEof(out: PacketOutput, moreResults = false): void {
  beginPacket(out)
  putU8(out, 0xfe)
  putU16(out, 0)
  putU16(out, statusFlags(moreResults))
  endPacket(out)
}

/** Before a client's capabilities are known (`early`), the packet carries no SQLSTATE. */
export function writeError(out: PacketOutput, error: SqlError, early = false): void {
  beginPacket(out)
  putU8(out, 0xff)
  putU16(out, error.errno)
  if (!early) {
    putU8(out, 0x23)
    putText(out, /^[0-9A-Z]{5}$/.test(error.sqlState) ? error.sqlState : 'HY000')
  }
  putText(out, error.message.slice(0, MESSAGE_CHARACTERS_MAX))
  endPacket(out)
}

/** `withDefault` is the form of COM_FIELD_LIST, which adds the column's default: NULL, as none is known. */
export function writeColumn(out: PacketOutput, column: Column, withDefault = false): void {
  beginPacket(out)
  putLenencText(out, 'def')
  putLenencText(out, column.database)
  putLenencText(out, column.table)
  putLenencText(out, column.table)
  putLenencText(out, column.name)
  putLenencText(out, column.name)
  putU8(out, 0x0c)
  putU16(out, isText(column.type) ? CHARSET_UTF8MB4 : CHARSET_BINARY)
  putU32(out, Math.min(column.length, 0xffff_ffff))
  putU8(out, columnCode[column.type])
  putU16(out, flagsOf(column))
  putU8(out, isFloat(column.type) && column.decimals === 0 ? DECIMALS_NOT_FIXED : column.decimals)
  putU16(out, 0)
  if (withDefault) putU8(out, 0xfb)
  endPacket(out)
}

function writeOkWithHeader(out: PacketOutput, header: number, completion: Completion): void {
  beginPacket(out)
  putU8(out, header)
  putLenenc(out, completion.affectedRows)
  putLenenc(out, 0)
  putU16(out, statusFlags(completion.moreResults))
  putU16(out, Math.min(completion.warnings, 0xffff))
  // As MySQL does: its own client library reads a length also where the protocol's description has none.
  if (completion.info !== '') putLenencText(out, completion.info)
  endPacket(out)
}

function statusFlags(moreResults: boolean): number {
  return serverStatus.autocommit | (moreResults ? serverStatus.moreResults : 0)
}

function flagsOf(column: Column): number {
  // StarRocks flags nothing. Connector/J takes a BOOLEAN flagged as binary for bytes, a VARBINARY that is not for text.
  const kind = column.type === 'blob' ? columnFlag.blob | columnFlag.binary : 0
  return kind | (column.nullable ? 0 : columnFlag.notNull)
}

function isText(type: WireType): boolean {
  return type === 'var_string' || type === 'string' || type === 'json'
}

function isFloat(type: WireType): boolean {
  return type === 'float' || type === 'double'
}
