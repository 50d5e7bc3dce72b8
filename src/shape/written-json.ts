/**
 * Views of documents as JSON that is written once: a document does not change, a changed one is another, so its view can be sent again as
 * the bytes that it was. A view may have one member that moves with the time, which is written anew each time. What else it
 * depends on beside the document is in the name of its variant. Whether a caller may see it is not decided here.
 */

type Piece = Uint8Array | string

/** JSON in pieces. Whoever writes it as a part of something else gets its value. */
class WrittenJson {
  readonly pieces: readonly Piece[]
  readonly toJSON: () => unknown

  constructor(pieces: readonly Piece[], toJSON: () => unknown) {
    this.pieces = pieces
    this.toJSON = toJSON
  }
}

export interface WrittenViews<D extends object, V extends object> {
  /** `view` is asked only for what is not known; its member that moves counts for nothing, `moving` is its value now. */
  of(document: D, variant: string, view: () => V, moving: string | number): V
}

interface Around {
  readonly before: Uint8Array
  readonly after: Uint8Array
}

/** `moves` names the member of a view that is another one each time. At most about so many bytes are kept, as long as their documents are. */
export function writtenViews<D extends object, V extends object>(
  moves: string & keyof V,
  mostBytes: number,
): WrittenViews<D, V> {
  // Two generations: the elder is dropped when the younger has half of the bytes, and what is still asked for moves over.
  let younger = new WeakMap<D, Map<string, Around>>()
  let elder = younger
  let bytes = 0
  const keep = (document: D, variant: string, around: Around) => {
    bytes += around.before.length + around.after.length
    if (bytes > mostBytes / 2) {
      elder = younger
      younger = new WeakMap()
      bytes = around.before.length + around.after.length
    }
    const variants = younger.get(document) ?? new Map<string, Around>()
    younger.set(document, variants.set(variant, around))
  }
  return {
    of(document, variant, view, moving) {
      let around = younger.get(document)?.get(variant)
      if (!around) {
        around = elder.get(document)?.get(variant) ?? written(view(), moves)
        keep(document, variant, around)
      }
      const pieces = [around.before, JSON.stringify(moving), around.after]
      return new WrittenJson(pieces, () => ({ ...view(), [moves]: moving })) as unknown as V
    },
  }
}

function written(view: object, moves: string): Around {
  const members = Object.entries(view)
  const at = members.findIndex(([name]) => name === moves)
  if (at < 0) throw new Error(`a view has no member ${moves}`)
  const before = JSON.stringify(Object.fromEntries(members.slice(0, at)))
  const after = JSON.stringify(Object.fromEntries(members.slice(at + 1)))
  const open = before === '{}' ? '{' : `${before.slice(0, -1)},`
  return {
    before: Buffer.from(`${open}${JSON.stringify(moves)}:`),
    after: Buffer.from(after === '{}' ? '}' : `,${after.slice(1)}`),
  }
}

/**
 * The JSON of an object, or of one that has it `under` this name: bytes where one of its members was written before or is a list of such,
 * else a text.
 */
export function jsonOf(
  members: Readonly<Record<string, unknown>>,
  under?: string,
): string | Uint8Array {
  if (!Object.values(members).some(isWritten))
    return JSON.stringify(under === undefined ? members : { [under]: members })
  const pieces: Piece[] = [under === undefined ? '{' : `{${JSON.stringify(under)}:{`]
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) continue
    pieces.push(`${pieces.length === 1 ? '' : ','}${JSON.stringify(name)}:`)
    addValue(pieces, value)
  }
  pieces.push(under === undefined ? '}' : '}}')
  return joined(pieces)
}

function isWritten(value: unknown): boolean {
  return value instanceof WrittenJson || (Array.isArray(value) && value[0] instanceof WrittenJson)
}

function addValue(pieces: Piece[], value: unknown): void {
  if (value instanceof WrittenJson) return void pieces.push(...value.pieces)
  if (!Array.isArray(value) || !isWritten(value)) return void pieces.push(JSON.stringify(value))
  for (const [at, item] of value.entries()) {
    pieces.push(at === 0 ? '[' : ',')
    addValue(pieces, item)
  }
  pieces.push(']')
}

function joined(pieces: readonly Piece[]): Buffer {
  const sizes = pieces.map((piece) =>
    typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length,
  )
  const whole = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, 0))
  let at = 0
  for (const [index, piece] of pieces.entries()) {
    if (typeof piece === 'string') whole.write(piece, at)
    else whole.set(piece, at)
    at += sizes[index] ?? 0
  }
  return whole
}
