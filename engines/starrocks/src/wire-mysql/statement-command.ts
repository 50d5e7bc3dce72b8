/**
 * The COM_STMT_ commands: prepare, execute, long data, reset, close, fetch.
 * Source: MySQL protocol description, "Prepared Statements".
 */
import { putU8, putU16, putU32 } from './field-writer.ts'
import { beginPacket, endPacket } from './packet-output.ts'
import type { Column } from '../session.ts'
import { binaryRowWriter } from './binary-row.ts'
import type { Conversation } from './conversation.ts'
import { writeOk } from './message.ts'
import { readParameters } from './binary-parameter.ts'
import { payloadReader } from './payload-reader.ts'
import { readText } from './command-text.ts'
import { refusal } from './protocol-error.ts'
import { writeColumns, writeResult } from './result-writer.ts'
import type { StatementEntry } from './prepared-statement.ts'

/** The counts of a prepared statement travel in two bytes. */
const COUNT_MAX = 0xffff
const CURSOR_READ_ONLY = 0x01

const PLACEHOLDER: Column = {
  name: '?',
  type: 'var_string',
  typeText: 'varchar',
  table: '',
  database: '',
  length: 0,
  decimals: 0,
  nullable: true,
}

export async function prepareStatement(client: Conversation, payload: Buffer): Promise<void> {
  const prepared = await client.session.prepare(readText(payload))
  if (prepared.parameterCount > COUNT_MAX) throw refusal.tooManyParameters()
  const statement = client.statements.add(prepared)
  const { out } = client.channel
  beginPacket(out)
  putU8(out, 0)
  putU32(out, statement.id)
  putU16(out, prepared.columns.length)
  putU16(out, prepared.parameterCount)
  putU8(out, 0)
  putU16(out, 0)
  endPacket(out)
  const parameters = Array.from({ length: prepared.parameterCount }, () => PLACEHOLDER)
  if (parameters.length > 0) await writeColumns(client, parameters)
  if (prepared.columns.length > 0) await writeColumns(client, prepared.columns)
}

/** A read-only cursor that was asked for is not opened, which the protocol allows: all rows follow at once. */
export async function executePrepared(client: Conversation, payload: Buffer): Promise<void> {
  const reader = payloadReader(payload, 1)
  const statement = known(client, reader.u32(), 'mysqld_stmt_execute')
  const cursor = reader.u8()
  reader.u32()
  const late = statement.longDataRefusal
  try {
    if (late) throw late
    if (cursor & ~CURSOR_READ_ONLY) throw refusal.unsupportedCursor()
    const { types, values } = readParameters(reader, {
      count: statement.prepared.parameterCount,
      types: statement.types,
      longData: statement.longData,
    })
    statement.types = types
    client.statements.dropLongData(statement)
    await writeResult(client, await statement.prepared.execute(values), binaryRowWriter)
  } finally {
    client.statements.dropLongData(statement)
  }
}

/** Has no answer; an unknown statement is ignored, as its preparation was refused before. */
export function sendLongData(client: Conversation, payload: Buffer): void {
  const reader = payloadReader(payload, 1)
  const statement = client.statements.find(reader.u32())
  const parameter = reader.u16()
  if (statement) client.statements.appendLongData(statement, parameter, reader.rest())
}

/** Has no answer. */
export function closeStatement(client: Conversation, payload: Buffer): void {
  client.statements.remove(payloadReader(payload, 1).u32())
}

export function resetStatement(client: Conversation, payload: Buffer): void {
  const statement = known(client, payloadReader(payload, 1).u32(), 'mysqld_stmt_reset')
  client.statements.dropLongData(statement)
  writeOk(client.channel.out)
}

/** No cursor is ever opened. */
export function fetchRows(client: Conversation, payload: Buffer): void {
  const statement = known(client, payloadReader(payload, 1).u32(), 'mysqld_stmt_fetch')
  throw refusal.noCursor(statement.id)
}

function known(client: Conversation, id: number, command: string): StatementEntry {
  const statement = client.statements.find(id)
  if (!statement) throw refusal.unknownStatement(id, command)
  return statement
}
