/**
 * The commands of a logged-in client, one handler each. A handler writes its whole answer or throws; only three
 * commands have no answer by the protocol: QUIT, COM_STMT_SEND_LONG_DATA and COM_STMT_CLOSE.
 *
 * COM_PROCESS_KILL and COM_PROCESS_INFO become the statements they stand for, so that the privileges of KILL and SHOW
 * PROCESSLIST hold for them; COM_FIELD_LIST prepares a SELECT and answers its columns.
 *
 * Source: MySQL protocol description, "Command Phase".
 */
import { putText } from './field-writer.ts'
import { beginPacket, endPacket } from './packet-output.ts'
import { likeMatcher } from '../like-pattern.ts'
import type { Result } from '../session.ts'
import { command } from './capability.ts'
import { readText } from './command-text.ts'
import type { Conversation } from './conversation.ts'
import { readChangeUser } from './handshake.ts'
import { openProven, proveClaim } from './login.ts'
import { writeColumn, writeEnd, writeOk } from './message.ts'
import { payloadReader } from './payload-reader.ts'
import { ConnectionLost, refusal } from './protocol-error.ts'
import { writeResults } from './result-writer.ts'
import {
  closeStatement,
  executePrepared,
  fetchRows,
  prepareStatement,
  resetStatement,
  sendLongData,
} from './statement-command.ts'
import { textRowWriter } from './text-row.ts'

type Handler = (client: Conversation, payload: Buffer) => Promise<void> | void

const handlers: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [command.query, query],
  [command.statementExecute, executePrepared],
  [command.statementPrepare, prepareStatement],
  [command.statementClose, closeStatement],
  [command.statementReset, resetStatement],
  [command.statementSendLongData, sendLongData],
  [command.statementFetch, fetchRows],
  [command.ping, ping],
  [command.initDatabase, initDatabase],
  [command.fieldList, fieldList],
  [command.changeUser, changeUser],
  [command.resetConnection, resetConnection],
  [command.setOption, setOption],
  [command.statistics, statistics],
  [command.processInfo, processInfo],
  [command.processKill, processKill],
  [
    command.quit,
    () => {
      throw new ConnectionLost()
    },
  ],
])

export function runCommand(client: Conversation, payload: Buffer): Promise<void> | void {
  const handler = handlers.get(payload[0] ?? -1)
  if (!handler) throw payload.length === 0 ? refusal.malformed() : refusal.unknownCommand()
  return handler(client, payload)
}

/** The commands after whose failure client and server would no longer agree on who waits for whom, or on who is who. */
export function isFatalToRefuse(payload: Buffer): boolean {
  const code = payload[0]
  return (
    code === command.changeUser ||
    code === command.statementClose ||
    code === command.statementSendLongData
  )
}

function query(client: Conversation, payload: Buffer): Promise<void> | void {
  const text = readText(payload)
  // StarRocks' grammar has an empty statement, which is a semicolon and does nothing.
  if (/^\s*;\s*$/.test(text)) return ping(client)
  const single = !client.multiStatements
  const results = client.session.execute(text, { single })
  return writeResults(client, results, { format: textRowWriter, single })
}

function ping(client: Conversation): void {
  writeOk(client.channel.out)
}

async function initDatabase(client: Conversation, payload: Buffer): Promise<void> {
  await client.session.use(readText(payload))
  writeOk(client.channel.out)
}

async function resetConnection(client: Conversation): Promise<void> {
  client.statements.clear()
  await client.session.reset()
  writeOk(client.channel.out)
}

async function changeUser(client: Conversation, payload: Buffer): Promise<void> {
  const claim = readChangeUser(payload, client.capabilities)
  const exchange = { ...client.exchange, untilMs: client.changeUserUntilMs() }
  const identity = await proveClaim(exchange, claim)
  client.statements.clear()
  client.sessionOpen = false
  await client.session.close()
  client.session = await openProven(exchange, {
    id: client.id,
    identity,
    database: claim.database,
  })
  client.sessionOpen = true
  writeOk(client.channel.out)
}

/** 0 and 1: MYSQL_OPTION_MULTI_STATEMENTS_ON and _OFF. */
function setOption(client: Conversation, payload: Buffer): void {
  const option = payloadReader(payload, 1).u16()
  if (option > 1) throw refusal.unknownCommand()
  client.multiStatements = option === 0
  writeEnd(client.channel.out, client.capabilities)
}

/** The table's columns by name pattern; deprecated since MySQL 5.7, yet what command lines complete names with. */
async function fieldList(client: Conversation, payload: Buffer): Promise<void> {
  const reader = payloadReader(payload, 1)
  const table = reader.nulBytes().toString('utf8')
  const pattern = reader.rest().toString('utf8').replace(/\0$/, '')
  const prepared = await client.session.prepare(`SELECT * FROM \`${table.replaceAll('`', '``')}\``)
  const matches = likeMatcher(pattern === '' ? '%' : pattern, false)
  for (const column of prepared.columns) {
    if (matches(column.name)) {
      writeColumn(client.channel.out, column, true)
    }
  }
  writeEnd(client.channel.out, client.capabilities)
}

/** A bare line of text, in MySQL's words: monitoring programs split it. */
function statistics(client: Conversation): void {
  const { startedMs, nowMs, connections, questions } = client.statistics
  const seconds = Math.max(0, Math.floor((nowMs() - startedMs) / 1000))
  const rate = (questions / Math.max(1, seconds)).toFixed(3)
  const { out } = client.channel
  beginPacket(out)
  putText(
    out,
    `Uptime: ${seconds}  Threads: ${connections()}  Questions: ${questions}  Slow queries: 0  ` +
      `Opens: 0  Flush tables: 0  Open tables: 0  Queries per second avg: ${rate}`,
  )
  endPacket(out)
}

function processInfo(client: Conversation): Promise<void> {
  return writeResults(client, client.session.execute('SHOW PROCESSLIST'), TEXT_SINGLE)
}

async function processKill(client: Conversation, payload: Buffer): Promise<void> {
  const id = payloadReader(payload, 1).u32()
  await completed(client.session.execute(`KILL CONNECTION ${id}`))
  writeOk(client.channel.out)
}

const TEXT_SINGLE = { format: textRowWriter, single: true } as const

async function completed(results: AsyncIterable<Result>): Promise<void> {
  for await (const result of results) {
    if (result.kind === 'rows') throw new Error('a KILL statement answered rows')
  }
}
