/**
 * Decodes the parameters of COM_STMT_EXECUTE.
 *
 * Text that is valid UTF-8 becomes a string; bytes (the BLOB types, and text types that hold something else, as
 * drivers send buffers) become Uint8Array; DECIMAL stays text; dates are text as `Parameter` says; TIME is
 * `[-]hh:mm:ss[.ffffff]` with the days in the hours.
 *
 * Source: MySQL protocol description, "COM_STMT_EXECUTE", "Binary Protocol Value".
 */
import { isUtf8 } from 'node:buffer'
import type { Parameter } from '../session.ts'
import { payloadReader } from './payload-reader.ts'
import type { PayloadReader } from './payload-reader.ts'
import { MalformedPacket, refusal } from './protocol-error.ts'

/** A type code and its "unsigned" flag, 0x8000, as they are sent. */
export type ParameterType = number

const UNSIGNED = 0x8000
const NULL_TYPE = 0x06

export interface BoundParameters {
  readonly types: readonly ParameterType[]
  readonly values: readonly Parameter[]
}

export interface ParameterSource {
  readonly count: number
  /** Those of the last execution, for a client that does not send them again. */
  readonly types: readonly ParameterType[] | undefined
  /** Values that came ahead by COM_STMT_SEND_LONG_DATA, by parameter number. */
  readonly longData: ReadonlyMap<number, readonly Buffer[]>
}

/** `reader` stands at the NULL bitmap. */
export function readParameters(reader: PayloadReader, binding: ParameterSource): BoundParameters {
  const { count, longData } = binding
  if (count === 0) return { types: [], values: [] }
  const nulls = reader.bytes((count + 7) >> 3)
  const types = readTypes(reader, binding)
  const values = types.map((type, index): Parameter => {
    const long = longData.get(index)
    if (long) return valueOfBytes(Buffer.concat(long), type & 0xff)
    if (((nulls[index >> 3] ?? 0) >> (index & 7)) & 1) return null
    return readValue(reader, type)
  })
  if (reader.remaining > 0) throw new MalformedPacket('bytes after the last parameter')
  return { types, values }
}

function readTypes(reader: PayloadReader, binding: ParameterSource): readonly ParameterType[] {
  const bound = reader.u8()
  if (bound === 0) {
    if (!binding.types) throw refusal.wrongArguments('no parameter types were bound')
    return binding.types
  }
  if (bound !== 1) throw new MalformedPacket('new-params-bound flag')
  return Array.from({ length: binding.count }, () => reader.u16())
}

function readValue(reader: PayloadReader, type: ParameterType): Parameter {
  const unsigned = (type & UNSIGNED) !== 0
  const code = type & 0xff
  switch (code) {
    case 0x01:
      return unsigned ? reader.u8() : reader.i8()
    case 0x02:
      return unsigned ? reader.u16() : reader.i16()
    case 0x0d: // YEAR
      return reader.u16()
    case 0x03:
    case 0x09: // INT24 travels in 4 bytes
      return unsigned ? reader.u32() : reader.i32()
    case 0x08:
      return unsigned ? reader.u64() : reader.i64()
    case 0x04:
      return reader.f32()
    case 0x05:
      return reader.f64()
    case NULL_TYPE:
      return null
    case 0x0a:
      return readDate(reader, false)
    case 0x07: // TIMESTAMP
    case 0x0c:
      return readDate(reader, true)
    case 0x0b:
      return readTime(reader)
    default:
      if (!isStringCode(code)) throw refusal.wrongArguments(`parameter type ${code}`)
      return valueOfBytes(reader.lenencBytes(), code)
  }
}

/** DECIMAL, VARCHAR, BIT, JSON, NEWDECIMAL, ENUM, SET, the four BLOBs, VAR_STRING, STRING; not GEOMETRY (0xff). */
function isStringCode(code: number): boolean {
  return code === 0x00 || code === 0x0f || code === 0x10 || (code >= 0xf5 && code <= 0xfe)
}

function isBytesCode(code: number): boolean {
  return code === 0x10 || (code >= 0xf9 && code <= 0xfc)
}

function valueOfBytes(bytes: Buffer, code: number): Parameter {
  if (isBytesCode(code) || !isUtf8(bytes)) return new Uint8Array(bytes)
  return bytes.toString('utf8')
}

function readDate(reader: PayloadReader, withTime: boolean): string {
  const length = reader.u8()
  if (length !== 0 && length !== 4 && length !== 7 && length !== 11) {
    throw new MalformedPacket('length of a date')
  }
  const fields = payloadReader(reader.bytes(length))
  const [year, month, day] = length > 0 ? [fields.u16(), fields.u8(), fields.u8()] : [0, 0, 0]
  if (year > 9999 || month > 12 || day > 31) throw refusal.wrongArguments('not a date')
  const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`
  const time = length > 4 ? readClock(fields, 23, 0) : '00:00:00'
  return withTime || length > 4 ? `${date} ${time}` : date
}

function readTime(reader: PayloadReader): string {
  const length = reader.u8()
  if (length === 0) return '00:00:00'
  if (length !== 8 && length !== 12) throw new MalformedPacket('length of a time')
  const fields = payloadReader(reader.bytes(length))
  const sign = fields.u8() === 1 ? '-' : ''
  const days = fields.u32()
  if (days > 34) throw refusal.wrongArguments('not a time')
  return sign + readClock(fields, 23, days * 24)
}

function readClock(fields: PayloadReader, hourMax: number, addedHours: number): string {
  const [hour, minute, second] = [fields.u8(), fields.u8(), fields.u8()]
  const micros = fields.remaining > 0 ? fields.u32() : 0
  if (hour > hourMax || minute > 59 || second > 59 || micros > 999_999) {
    throw refusal.wrongArguments('not a time of day')
  }
  const fraction = micros > 0 ? `.${pad(micros, 6)}` : ''
  return `${pad(hour + addedHours)}:${pad(minute)}:${pad(second)}${fraction}`
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0')
}
