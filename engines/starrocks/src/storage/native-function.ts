/** Makes functions of the engine's own known to DuckDB, for all connections of a database. */
import {
  BIGINT,
  BLOB,
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBScalarFunction,
  LIST,
  UBIGINT,
} from '@duckdb/node-api'
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import { MEMBERS_MAX } from '../native/bitmap-format.ts'
import { nativeFunctions } from '../native/native-function.ts'
import type { NativeFunction, NativeType, NativeValue } from '../native/native-function.ts'

const types: Readonly<Record<NativeType, DuckDBType>> = {
  bytes: BLOB,
  bigint: BIGINT,
  members: LIST(UBIGINT),
}

export function registerNativeFunctions(connection: DuckDBConnection): void {
  for (const native of nativeFunctions) connection.registerScalarFunction(scalarOf(native))
}

const scalarOf = ({ name, parameters, returns, compute }: NativeFunction): DuckDBScalarFunction =>
  DuckDBScalarFunction.create({
    name,
    parameterTypes: parameters.map((type) => types[type]),
    returnType: types[returns],
    mainFunction(info, input, output) {
      try {
        const columns = parameters.map((_, at) => input.getColumnVector(at))
        let members = 0
        const counted = (value: NativeValue | null): NativeValue | null => {
          members += Array.isArray(value) ? value.length : 0
          if (members > MEMBERS_MAX)
            throw new Error(`Bitmaps of more than ${MEMBERS_MAX} members at once are too many`)
          return value
        }
        for (let row = 0; row < input.rowCount; row += 1) {
          const values = columns.map((column) => valueOf(column.getItem(row) ?? null))
          output.setItem(
            row,
            values.includes(null)
              ? null
              : answerOf(counted(compute(values.map(counted) as NativeValue[]))),
          )
        }
        output.flush()
      } catch (error) {
        info.setError((error as Error).message)
      }
    },
  })

function valueOf(value: DuckDBValue): NativeValue | null {
  if (value instanceof DuckDBBlobValue) return value.bytes
  if (value instanceof DuckDBListValue) return value.items as bigint[]
  return typeof value === 'bigint' ? value : null
}

function answerOf(value: NativeValue | null): DuckDBValue {
  if (value instanceof Uint8Array) return new DuckDBBlobValue(value)
  if (value === null || typeof value === 'bigint') return value
  return new DuckDBListValue(value)
}
