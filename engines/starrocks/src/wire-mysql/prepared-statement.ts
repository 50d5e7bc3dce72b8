/** The prepared statements of one connection, with the parameter values that came ahead of their execution. */
import type { PreparedStatement, SqlError } from '../session.ts'
import type { MysqlLimits } from './mysql-limits.ts'
import type { ParameterType } from './binary-parameter.ts'
import { refusal } from './protocol-error.ts'

export interface StatementEntry {
  readonly id: number
  readonly prepared: PreparedStatement
  types: readonly ParameterType[] | undefined
  /** By parameter number, in the pieces in which they came. */
  readonly longData: Map<number, Buffer[]>
  /** COM_STMT_SEND_LONG_DATA has no answer: its refusal waits for the execution. */
  longDataRefusal: SqlError | undefined
}

export interface StatementStore {
  readonly size: number
  add(prepared: PreparedStatement): StatementEntry
  find(id: number): StatementEntry | undefined
  remove(id: number): void
  clear(): void
  /** Appends to a parameter; all values of the connection together stay below one packet's limit. */
  appendLongData(statement: StatementEntry, parameter: number, data: Buffer): void
  dropLongData(statement: StatementEntry): void
}

/** What a kept piece costs beside its bytes: a client may send them one by one. */
const PIECE_COST = 128

export function statementStore(
  limits: Pick<MysqlLimits, 'preparedStatements' | 'maxAllowedPacket'>,
): StatementStore {
  const statements = new Map<number, StatementEntry>()
  let nextId = 1
  let longBytes = 0
  const dropLongData = (statement: StatementEntry): void => {
    for (const pieces of statement.longData.values()) {
      for (const piece of pieces) longBytes -= piece.length + PIECE_COST
    }
    statement.longData.clear()
    statement.longDataRefusal = undefined
  }
  return {
    get size() {
      return statements.size
    },
    add(prepared) {
      if (statements.size >= limits.preparedStatements) {
        throw refusal.tooManyStatements(limits.preparedStatements)
      }
      while (statements.has(nextId)) nextId = (nextId % 0xffff_ffff) + 1
      const statement: StatementEntry = {
        id: nextId,
        prepared,
        types: undefined,
        longData: new Map(),
        longDataRefusal: undefined,
      }
      nextId = (nextId % 0xffff_ffff) + 1
      statements.set(statement.id, statement)
      return statement
    },
    find: (id) => statements.get(id),
    remove(id) {
      const statement = statements.get(id)
      if (statement) dropLongData(statement)
      statements.delete(id)
    },
    clear() {
      statements.clear()
      longBytes = 0
    },
    appendLongData(statement, parameter, data) {
      if (statement.longDataRefusal) return
      if (parameter >= statement.prepared.parameterCount) {
        statement.longDataRefusal = refusal.wrongArguments(`no parameter ${parameter}`)
      } else if (longBytes + data.length + PIECE_COST > limits.maxAllowedPacket) {
        dropLongData(statement)
        statement.longDataRefusal = refusal.longDataTooLarge(limits.maxAllowedPacket)
      } else {
        const pieces = statement.longData.get(parameter) ?? []
        pieces.push(Buffer.from(data))
        statement.longData.set(parameter, pieces)
        longBytes += data.length + PIECE_COST
      }
    },
    dropLongData,
  }
}
