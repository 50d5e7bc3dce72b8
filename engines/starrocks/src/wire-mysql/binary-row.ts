/**
 * Rows of a prepared statement's result: a NULL bitmap and each value in its type's binary form.
 * Source: MySQL protocol description, "Binary Protocol Resultset Row" and "Binary Protocol Value".
 *
 * A value that its column cannot hold (an integer out of range, a date that is none) throws: a wrong value is
 * never written.
 */
import {
  putU8,
  putU16,
  putU32,
  putI64,
  putF32,
  putF64,
  putZeros,
  setBits,
  putLenencBytes,
  putLenencText,
} from './field-writer.ts'
import { beginPacket, endPacket } from './packet-output.ts'
import type { Column, WireType, WireValue } from '../session.ts'
import type { PacketOutput } from './packet-output.ts'
import type { RowWriter } from './result-writer.ts'

type NonNullValue = Exclude<WireValue, null>
type ValueWriter = (out: PacketOutput, value: NonNullValue) => void

/** The NULL bitmap of result rows leaves two bits free. */
const BITMAP_OFFSET = 2
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const TIME = /^(-?)(\d+):(\d\d):(\d\d)$/
const DATETIME = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/

const valueWriters: { readonly [type in WireType]: ValueWriter } = {
  tiny: (out, value) => putU8(out, integer(value, 8) & 0xff),
  short: (out, value) => putU16(out, integer(value, 16) & 0xffff),
  long: (out, value) => putU32(out, integer(value, 32) >>> 0),
  longlong: (out, value) => putI64(out, wideInteger(value)),
  float: (out, value) => putF32(out, number(value)),
  double: (out, value) => putF64(out, number(value)),
  newdecimal: writeText,
  date: writeDate,
  datetime: writeDateTime,
  time: writeTime,
  var_string: writeText,
  string: writeText,
  blob: writeText,
  json: writeText,
  null: (_out, value) => {
    throw new TypeError(`a column of type null holds a ${typeof value}`)
  },
}

export function binaryRowWriter(out: PacketOutput, columns: readonly Column[]): RowWriter {
  const writers = columns.map((column) => valueWriters[column.type])
  const bitmapBytes = (columns.length + BITMAP_OFFSET + 7) >> 3
  return (row) => {
    beginPacket(out)
    putU8(out, 0)
    putZeros(out, bitmapBytes)
    for (const [index, write] of writers.entries()) {
      const value = row[index] ?? null
      const bit = index + BITMAP_OFFSET
      if (value === null) setBits(out, 1 + (bit >> 3), 1 << (bit & 7))
      else write(out, value)
    }
    endPacket(out)
  }
}

function writeText(out: PacketOutput, value: NonNullValue): void {
  if (typeof value === 'string') putLenencText(out, value)
  else if (typeof value === 'object') putLenencBytes(out, value)
  else putLenencText(out, String(value))
}

function integer(value: NonNullValue, bits: number): number {
  const whole = typeof value === 'number' ? value : number(value)
  const bound = 2 ** (bits - 1)
  if (!Number.isInteger(whole) || whole < -bound || whole >= bound) {
    throw new RangeError(`a value does not fit a ${bits}-bit integer`)
  }
  return whole
}

function wideInteger(value: NonNullValue): bigint {
  if (typeof value === 'object') throw new TypeError('bytes in an integer column')
  const whole = BigInt(value)
  if (BigInt.asIntN(64, whole) !== whole) throw new RangeError('a value does not fit 64 bits')
  return whole
}

function number(value: NonNullValue): number {
  if (typeof value === 'number') return value
  if (typeof value === 'object' || value === '') throw new TypeError('not a number')
  const parsed = Number(value)
  if (Number.isNaN(parsed) && value !== 'NaN') throw new TypeError('not a number')
  return parsed
}

function writeDate(out: PacketOutput, value: NonNullValue): void {
  const match = DATE.exec(dateText(value))
  if (!match) throw new TypeError('not a date')
  putU8(out, 4)
  writeDay(out, match)
}

function writeDateTime(out: PacketOutput, value: NonNullValue): void {
  const match = DATETIME.exec(dateText(value))
  if (!match) throw new TypeError('not a date and time')
  const [hour, minute, second] = [
    Number(match[4] ?? 0),
    Number(match[5] ?? 0),
    Number(match[6] ?? 0),
  ]
  const micros = Number((match[7] ?? '').padEnd(6, '0'))
  const length = micros > 0 ? 11 : hour + minute + second > 0 ? 7 : 4
  putU8(out, length)
  writeDay(out, match)
  if (length === 4) return
  putU8(out, hour)
  putU8(out, minute)
  putU8(out, second)
  if (length === 11) putU32(out, micros)
}

function writeTime(out: PacketOutput, value: NonNullValue): void {
  const match = TIME.exec(dateText(value))
  if (!match) throw new TypeError('not a time')
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4])]
  putU8(out, 8)
  putU8(out, match[1] === '-' ? 1 : 0)
  putU32(out, Math.floor(hours / 24))
  putU8(out, hours % 24)
  putU8(out, minutes)
  putU8(out, seconds)
}

function writeDay(out: PacketOutput, match: RegExpExecArray): void {
  putU16(out, Number(match[1]))
  putU8(out, Number(match[2]))
  putU8(out, Number(match[3]))
}

function dateText(value: NonNullValue): string {
  if (typeof value !== 'string') throw new TypeError('a date must be text')
  return value
}
