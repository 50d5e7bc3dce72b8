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

export function textRowWriter(out: PacketOutput, columns: readonly Column[]): RowWriter {
  const single = columns.map((column) => column.type === 'float')
  return (row) => {
    beginPacket(out)
    for (let index = 0; index < row.length; index++) {
      writeValue(out, row[index] ?? null, single[index] === true)
    }
    endPacket(out)
  }
}

function writeValue(out: PacketOutput, value: WireValue, single: boolean): void {
  if (value === null) putU8(out, NULL)
  else if (typeof value === 'string') putLenencText(out, value)
  else if (typeof value === 'number') {
    putLenencText(out, single ? singlePrecision(value) : String(value))
  } else if (typeof value === 'bigint') putLenencText(out, value.toString())
  else putLenencBytes(out, value)
}

/** The shortest digits that give the same 32-bit number back: 0.1, not 0.10000000149011612. */
export function singlePrecision(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) return String(value)
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === Math.fround(value)) return String(Number(text))
  }
  return String(Number(value.toPrecision(9)))
}
