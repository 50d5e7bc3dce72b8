/**
 * Makes functions of the engine's own known to DuckDB, for all connections of a database. All sessions wait for what they compute, so that
 * two of a function's three names compute no more rows than a turn of the event loop has time for; the others are NULL, and are asked
 * for again (sql/emit/native.ts).
 */
import {
  BIGINT,
  BLOB,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBListVector,
  DuckDBScalarFunction,
  DuckDBUBigIntVector,
  LIST,
  UBIGINT,
} from '@duckdb/node-api'
import type { DuckDBConnection, DuckDBType, DuckDBValue, DuckDBVector } from '@duckdb/node-api'
import { MEMBERS_MAX } from '../native/bitmap-format.ts'
import { isOfSets, nativeFunctions } from '../native/native-function.ts'
import type { NativeFunction, NativeType, NativeValue } from '../native/native-function.ts'

const types: Readonly<Record<NativeType, DuckDBType>> = {
  bytes: BLOB,
  bigint: BIGINT,
  double: DOUBLE,
  members: LIST(UBIGINT),
}

export function registerNativeFunctions(connection: DuckDBConnection): void {
  const turn = turnOfLoop(TURN_MICROS)
  const last = refusing(turnOfLoop(LAST_MICROS))
  for (const native of nativeFunctions)
    for (const name of isOfSets(native) ? (['last'] as const) : NAMES)
      connection.registerScalarFunction(
        scalarOf(native, `${native.name}_${name}`, name === 'last' ? last : turn),
      )
}

/** The last one puts nothing off: it computes all, or refuses to. */
const NAMES = ['first', 'second', 'last'] as const

interface Turn {
  /** Before a row of so many bytes: whether this turn of the event loop has worked for long enough. */
  isSpent(bytes: number): boolean
}

const TURN_MICROS = 10_000
const LAST_MICROS = 1_000_000
/** The clock is looked at again after so many bytes, of which each row counts some. */
const LOOK_BYTES = 32_768
const ROW_BYTES = 2048

const refusing = ({ isSpent }: Turn): Turn => ({
  isSpent(bytes) {
    if (isSpent(bytes)) throw new Error('Functions of so many long values at once take too long')
    return false
  },
})

function turnOfLoop(micros: number): Turn {
  let endMicros: number | undefined
  let unlooked = 0
  let spent = false
  const usedMicros = (): number => {
    const { user, system } = process.threadCpuUsage()
    return user + system
  }
  return {
    isSpent(bytes) {
      if (endMicros === undefined) {
        endMicros = usedMicros() + micros
        unlooked = 0
        spent = false
        setImmediate(() => (endMicros = undefined))
      }
      unlooked += ROW_BYTES + bytes
      if (!spent && unlooked >= LOOK_BYTES) {
        unlooked = 0
        spent = usedMicros() >= endMicros
      }
      return spent
    },
  }
}

const sizeOf = (values: readonly NativeValue[]): number =>
  values.reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 0), 0)

const scalarOf = (
  { parameters, returns, nullable, compute }: NativeFunction,
  name: string,
  turn: Turn,
): DuckDBScalarFunction =>
  DuckDBScalarFunction.create({
    name,
    parameterTypes: [...parameters.map((type) => types[type]), BIGINT],
    returnType: nullable ? LIST(types[returns]) : types[returns],
    mainFunction(info, input, output) {
      try {
        const columns = parameters.map((_, at) => input.getColumnVector(at))
        let members = 0
        const counted = (value: NativeValue | null): NativeValue | null => {
          members += value instanceof BigUint64Array ? value.length : 0
          if (members > MEMBERS_MAX)
            throw new Error(`Bitmaps of more than ${MEMBERS_MAX} members at once are too many`)
          return value
        }
        let before = 0
        const answer = (row: number): NativeValue | null | undefined => {
          if (turn.isSpent(before)) return undefined
          const values = columns.map((column) => valueAt(column, row))
          if (values.includes(null)) return undefined
          const given = values.map(counted) as NativeValue[]
          before = sizeOf(given)
          return counted(compute(given))
        }
        const answers = Array.from({ length: input.rowCount }, (_, row) => answer(row))
        if (returns === 'members') writeSets(output as DuckDBListVector, answers)
        else writeValues(output, answers, nullable ?? false)
      } catch (error) {
        info.setError((error as Error).message)
      }
    },
  })

function valueAt(column: DuckDBVector, row: number): NativeValue | null {
  if (column instanceof DuckDBListVector) return membersAt(column, row)
  const value = column.getItem(row)
  if (value instanceof DuckDBBlobValue) return value.bytes
  return typeof value === 'bigint' || typeof value === 'number' ? value : null
}

/** As they lie there: a set may have a million, and has no NULLs. */
function membersAt(column: DuckDBListVector, row: number): BigUint64Array | null {
  const list = column.getItemVector(row)
  return list instanceof DuckDBUBigIntVector ? list['items'] : null
}

/** Undefined is NULL; where functions answer NULL, which is null, a value is a list of it. */
function writeValues(
  output: DuckDBVector,
  answers: readonly (NativeValue | null | undefined)[],
  nullable: boolean,
): void {
  for (const [row, answer] of answers.entries()) {
    const value = answer === undefined ? null : answerOf(answer)
    const isListed = nullable && answer !== undefined
    output.setItem(row, isListed ? new DuckDBListValue(value === null ? [] : [value]) : value)
  }
  output.flush()
}

function answerOf(value: NativeValue | null): DuckDBValue {
  if (value instanceof Uint8Array) return new DuckDBBlobValue(value)
  return typeof value === 'bigint' || typeof value === 'number' ? value : null
}

/** Members as they lie there: a set may have a million, and one by one they take as long as finding them. */
function writeSets(
  output: DuckDBListVector,
  answers: readonly (NativeValue | null | undefined)[],
): void {
  const sets = answers.map((answer) => (answer instanceof BigUint64Array ? answer : null))
  const before = output.childVector
  for (const [row, set] of sets.entries())
    output.setItem(row, set && new DuckDBListValue(roomFor(set)))
  output.flush()
  const room = output.childVector
  if (!(room instanceof DuckDBUBigIntVector)) throw new Error('members are whole numbers')
  let at = 0
  for (const set of sets) {
    if (set) room['items'].set(set, at)
    at += set?.length ?? 0
  }
  room.flush()

  /** `flush` makes room for so many items, in a new child vector, and asks for each of them then: it finds none. */
  function roomFor(set: BigUint64Array): readonly DuckDBValue[] {
    const items = {
      get length() {
        return output.childVector === before ? set.length : 0
      },
    }
    return items as unknown as readonly DuckDBValue[]
  }
}
