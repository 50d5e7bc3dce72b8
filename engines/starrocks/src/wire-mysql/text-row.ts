/**
 * Rows of a text result: every value as its characters, NULL as 0xfb.
 * Source: MySQL protocol description, "Text Resultset Row".
 */
import { putU8, putLenencBytes, putLenencText } from './field-writer.ts'
import { beginPacket, endPacket } from './packet-output.ts'
import type { Column, WireValue } from '../session.ts'
import type { PacketOutput } from './packet-output.ts'
import type { RowWriter } from './result-writer.ts'

const NULL = 0xfb
/** Whole numbers up to here are exact in 32 bits, */
const SINGLE_INTEGER_MAX = 2 ** 24
/** and so many digits distinguish any two 32-bit numbers. */
const SINGLE_DIGITS_MAX = 9

type NumberText = (value: number) => string

export function textRowWriter(out: PacketOutput, columns: readonly Column[]): RowWriter {
  const numberTexts = columns.map(({ type }): NumberText => {
    if (type === 'float') return singlePrecision
    return type === 'double' ? doublePrecision : String
  })
  return (row) => {
    beginPacket(out)
    for (let index = 0; index < numberTexts.length; index++)
      writeValue(out, row[index] ?? null, numberTexts[index] ?? String)
    endPacket(out)
  }
}

function writeValue(out: PacketOutput, value: WireValue, numberText: NumberText): void {
  if (value === null) putU8(out, NULL)
  else if (typeof value === 'string') putLenencText(out, value)
  else if (typeof value === 'number') putLenencText(out, numberText(value))
  else if (typeof value === 'bigint') putLenencText(out, value.toString())
  else putLenencBytes(out, value)
}

/** The shortest digits that give the same number back. */
function doublePrecision(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/** The shortest digits that give the same 32-bit number back: 0.1, not 0.10000000149011612. */
export function singlePrecision(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (Number.isInteger(value) && Math.abs(value) <= SINGLE_INTEGER_MAX)
    return doublePrecision(value)
  for (let digits = 1; digits < SINGLE_DIGITS_MAX; digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === Math.fround(value)) return String(Number(text))
  }
  return String(Number(value.toPrecision(SINGLE_DIGITS_MAX)))
}
