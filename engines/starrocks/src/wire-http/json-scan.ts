/**
 * Finds the rows in a body of JSON without reading it whole: documents one after the other (NDJSON or not), each a row, or
 * an array of rows (`strip_outer_array`), at the top or below a path of names (`json_root`). What it hands on is the text of
 * one row; whether that is JSON is for the parser to say. Memory: the row that is being read, at most `rowBytes`.
 *
 * Why no library: JSON.parse needs the whole body at once, which may be gigabytes, and streaming parsers make an event of
 * every token, where all that is wanted here is where a row begins and ends. Rows that are found then go through JSON.parse.
 */
import { SqlError } from '../session.ts'

export interface JsonScan {
  push(chunk: Buffer): void
  end(): void
  /** Nothing has begun that is not at its end. */
  isBetween(): boolean
}

export interface JsonScanOptions {
  readonly root: readonly string[]
  readonly stripOuterArray: boolean
  readonly rowBytes: number
  row(text: Buffer): void
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d]
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** Where the scan stands between values: what may come next. */
type Expectation =
  | 'document'
  | 'value'
  | 'element'
  | 'next element'
  | 'key'
  | 'next key'
  | 'colon'
  | 'next'

/** A value on its way through: a row, a name, or something to skip. */
interface OpenValue {
  readonly what: 'row' | 'key' | 'other'
  readonly shape: 'container' | 'string' | 'scalar'
  depth: number
  inString: boolean
  escaped: boolean
  /** What came in earlier chunks; nothing for a value to skip. */
  readonly pieces: Buffer[]
  bytes: number
}

interface State {
  readonly options: JsonScanOptions
  expected: Expectation
  /** How many objects of `root` are open. */
  level: number
  /** The array of rows is open. */
  inRows: boolean
  foundRoot: boolean
  key: string
  openValue: OpenValue | undefined
}

export function jsonScan(options: JsonScanOptions): JsonScan {
  const state: State = {
    options,
    expected: 'document',
    level: 0,
    inRows: false,
    foundRoot: false,
    key: '',
    openValue: undefined,
  }
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length;) {
        at = state.openValue ? pass(state, state.openValue, chunk, at) : step(state, chunk, at)
      }
    },
    end() {
      const { openValue } = state
      if (openValue?.shape === 'scalar' && state.level === 0 && !state.inRows) {
        finish(state, openValue, Buffer.alloc(0))
      }
      if (state.openValue || state.expected !== 'document') throw malformed('it ends too early')
    },
    isBetween: () => state.openValue === undefined && state.expected === 'document',
  }
}

const malformed = (why: string): SqlError =>
  new SqlError(`Failed to parse the body as JSON: ${why}`)

/** One byte between values; answers where to continue. */
function step(state: State, chunk: Buffer, at: number): number {
  const byte = chunk[at] ?? 0
  if (isSpace(byte)) return at + 1
  switch (state.expected) {
    case 'document':
    case 'value':
      return beginValue(state, byte, at)
    case 'element':
      if (byte === CLOSE_ARRAY) return closed(state, at)
      return begin(state, 'row', byte, at)
    case 'next element':
      return begin(state, 'row', byte, at)
    case 'key':
    case 'next key':
      if (byte === CLOSE_OBJECT && state.expected === 'key') return closed(state, at)
      if (byte !== QUOTE) throw malformed('a name is expected')
      return begin(state, 'key', byte, at)
    case 'colon':
      if (byte !== COLON) throw malformed("':' is expected")
      state.expected = 'value'
      return at + 1
    case 'next':
      if (byte === (state.inRows ? CLOSE_ARRAY : CLOSE_OBJECT)) return closed(state, at)
      if (byte !== COMMA) throw malformed("',' is expected")
      state.expected = state.inRows ? 'next element' : 'next key'
      return at + 1
  }
}

/** A value begins: the document, or a member of an object on the way to the root. */
function beginValue(state: State, byte: number, at: number): number {
  const { root, stripOuterArray } = state.options
  if (state.level > 0 && state.key !== root[state.level - 1]) return begin(state, 'other', byte, at)
  if (state.level < root.length) {
    if (byte !== OPEN_OBJECT) throw malformed(`json_root leads through a value that is no object`)
    if (state.level === 0) state.foundRoot = false
    state.level++
    state.expected = 'key'
    return at + 1
  }
  state.foundRoot = true
  if (!stripOuterArray) {
    if (byte === OPEN_ARRAY) {
      throw malformed('the value is an array; set strip_outer_array=true to load its elements')
    }
    return begin(state, 'row', byte, at)
  }
  if (byte !== OPEN_ARRAY) throw malformed('the value is no array, but strip_outer_array=true')
  state.inRows = true
  state.expected = 'element'
  return at + 1
}

function begin(state: State, what: OpenValue['what'], byte: number, at: number): number {
  const opens = byte === OPEN_OBJECT || byte === OPEN_ARRAY
  if (!opens && (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte === COMMA)) {
    throw malformed('a value is expected')
  }
  const shape = opens ? 'container' : byte === QUOTE ? 'string' : 'scalar'
  state.openValue = {
    what,
    shape,
    depth: 0,
    inString: false,
    escaped: false,
    pieces: [],
    bytes: 0,
  }
  return at
}

/** An array of rows or an object on the way to the root ends. */
function closed(state: State, at: number): number {
  if (state.inRows) state.inRows = false
  else state.level--
  valueEnded(state)
  return at + 1
}

function valueEnded(state: State): void {
  if (state.inRows || state.level > 0) {
    state.expected = 'next'
    return
  }
  if (!state.foundRoot) throw malformed('json_root is not found in it')
  state.expected = 'document'
}

/** Goes through a value up to its end or the chunk's. */
function pass(state: State, openValue: OpenValue, chunk: Buffer, from: number): number {
  const end =
    openValue.shape === 'scalar' ? scalarEnd(chunk, from) : nestedEnd(openValue, chunk, from)
  const stop = end < 0 ? chunk.length : end
  openValue.bytes += stop - from
  const keeps = openValue.what !== 'other'
  if (keeps && openValue.bytes > state.options.rowBytes) {
    throw new SqlError(`A JSON row is longer than ${state.options.rowBytes} bytes`)
  }
  if (end < 0) {
    if (keeps) openValue.pieces.push(chunk.subarray(from))
  } else finish(state, openValue, keeps ? chunk.subarray(from, end) : chunk.subarray(0, 0))
  return stop
}

function scalarEnd(chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at] ?? 0
    if (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT || isSpace(byte)) return at
  }
  return -1
}

/** The hot loop: brackets outside of strings, and where strings end. */
function nestedEnd(openValue: OpenValue, chunk: Buffer, from: number): number {
  let { depth, inString, escaped } = openValue
  let end = -1
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at] ?? 0
    if (inString) {
      if (escaped) escaped = false
      else if (byte === BACKSLASH) escaped = true
      else if (byte === QUOTE) inString = false
      if (inString || depth > 0) continue
    } else if (byte === QUOTE) {
      inString = true
      continue
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth++
      continue
    } else if (byte !== CLOSE_OBJECT && byte !== CLOSE_ARRAY) continue
    else if (--depth > 0) continue
    end = at + 1
    break
  }
  Object.assign(openValue, { depth, inString, escaped })
  return end
}

function finish(state: State, openValue: OpenValue, last: Buffer): void {
  state.openValue = undefined
  const text = Buffer.concat([...openValue.pieces, last])
  if (openValue.what === 'key') {
    state.key = keyOf(text.toString('utf8'))
    state.expected = 'colon'
    return
  }
  if (openValue.what === 'row') state.options.row(text)
  valueEnded(state)
}

function keyOf(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch {
    throw malformed('a name is no string')
  }
}
