/**
 * From the text of a JSON row to a load's values. Numbers keep their digits: what a double cannot hold is passed on as it
 * was written, for LARGEINT and DECIMAL columns can.
 * reference: StarRocks documentation, STREAM LOAD, "Load JSON data": members by name, or by `jsonpaths` in order.
 */
import { isUtf8 } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { parseJson, stringEnd } from '../../../../src/kernel/json-name.ts'
import type { LoadRow } from '../load-sink.ts'
import type { JsonPath } from './json-path.ts'

export interface JsonRowOptions {
  readonly fields: readonly string[]
  /** Which fields feed a JSON column: a string in it stays JSON. */
  readonly jsonFields: ReadonlySet<string>
  /** By position; undefined takes members by the fields' names. */
  readonly paths: readonly JsonPath[] | undefined
}

export type JsonRow = { readonly row: LoadRow } | { readonly problem: string }

export function jsonRows(options: JsonRowOptions): (text: Buffer) => JsonRow {
  const getters = options.fields.map((field, index) => {
    const path: JsonPath = options.paths ? (options.paths[index] ?? []) : [field]
    const isJson = options.jsonFields.has(field)
    return (document: unknown) => textOf(valueAt(document, path), isJson)
  })
  return (text) => {
    if (!isUtf8(text)) return { problem: 'Error: Invalid UTF-8 row' }
    try {
      const document = parse(text.toString('utf8'))
      if (typeof document !== 'object' || document === null || Array.isArray(document))
        return { problem: 'Error: The row is no JSON object' }
      return { row: getters.map((get) => get(document)) }
    } catch (error) {
      if (error instanceof SyntaxError) return { problem: `Error: ${error.message}` }
      // A value is written down by calls inside of calls.
      if (error instanceof RangeError) return { problem: 'Error: The row is nested too deep' }
      throw error
    }
  }
}

/**
 * A number that a double would not return as it is written: minus zero, an exponent, a zero at its end, more than 15 digits, or so
 * small that it would get an exponent. In a row a number follows `:`, `,` or `[`; what looks so in a string costs only time.
 */
const MAY_LOSE = /[:,[]\s*(?:-0|-?(?:0\.00000|\d[\d.]{15}|\d+(?:\.\d+)?[eE]|\d+\.\d*0(?!\d)))/

/** Before the digits of a number that is kept in a string; no client knows it. */
const MARK = `\ufdd0${randomBytes(6).toString('base64url')}`

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
/** Which a double returns. */
const SHORT = /^(?:0|-?[1-9]\d{0,14})$/

function parse(text: string): unknown {
  if (!MAY_LOSE.test(text)) return parseJson(text)
  try {
    return parseJson(withMarkedNumbers(text))
  } catch {
    // It says where in the text that came.
    return parseJson(text)
  }
}

/** With numbers that a double may not return as strings. A reviver would take ten times as long. */
function withMarkedNumbers(text: string): string {
  let made = ''
  let from = 0
  const token = /"|-?\d[\d.eE+-]*/g
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [written] = found
    if (written === '"') token.lastIndex = stringEnd(text, found.index)
    else if (!SHORT.test(written) && NUMBER.test(written)) {
      made += `${text.slice(from, found.index)}"${MARK}${written}"`
      from = token.lastIndex
    }
  }
  return made + text.slice(from)
}

function valueAt(document: unknown, path: JsonPath): unknown {
  let value = document
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return null
    if (typeof step === 'number' ? !Array.isArray(value) : !Object.hasOwn(value, step)) return null
    value = (value as Record<JsonPath[number], unknown>)[step]
  }
  return value
}

function textOf(value: unknown, isJson: boolean): string | null {
  if (value === null || value === undefined) return null
  if (typeof value !== 'string') return withoutMarks(JSON.stringify(value))
  if (value.startsWith(MARK)) return value.slice(MARK.length)
  return isJson ? JSON.stringify(value) : value
}

function withoutMarks(json: string): string {
  const [first = '', ...marked] = json.split(`"${MARK}`)
  return first + marked.map((rest) => rest.replace('"', '')).join('')
}
