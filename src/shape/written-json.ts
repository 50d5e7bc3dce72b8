/**
 * Views of documents as JSON that is written once: a document does not change, a changed one is another, so its view can be sent again as
 * the bytes that it was. A view may have one member that moves with the time, which is rewritten each time. What else it
 * depends on beside the document is in the name of its variant. Whether a caller may see it is not decided here.
 */
import { ByteText, utf8Bytes } from '../kernel/byte-text.ts'

/** JSON as bytes. Whoever writes it as a part of something else gets its value. */
class WrittenJson {
  readonly bytes: string
  readonly toJSON: () => unknown

  constructor(bytes: string, toJSON: () => unknown) {
    this.bytes = bytes
    this.toJSON = toJSON
  }
}

export interface WrittenViews<D extends object, V extends object> {
  /** `view` is asked only for what is not known; its member that moves counts for nothing, `moving` is its value now. */
  of(document: D, variant: string, view: () => V, moving: string | number): V
}

interface Around {
  readonly before: string
  readonly after: string
  /** What moves, as it was last, and as bytes: more often than not it did not move. */
  moving: string | number
  movingBytes: string
}

/** `moves` names the member of a view that is another one each time. At most about so many bytes are kept, as long as their documents are. */
export function writtenViews<D extends object, V extends object>(
  moves: string & keyof V,
  mostBytes: number,
): WrittenViews<D, V> {
  // Two generations: the older is dropped when the younger has half of the bytes, and what is still asked for moves over.
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
      if (around.moving !== moving) {
        around.moving = moving
        around.movingBytes = bytesOf(moving)
      }
      const json = around.before + around.movingBytes + around.after
      return new WrittenJson(json, () => ({ ...view(), [moves]: moving })) as unknown as V
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
    before: kept(`${open}${JSON.stringify(moves)}:`),
    after: kept(after === '{}' ? '}' : `,${after.slice(1)}`),
    moving: '',
    movingBytes: '""',
  }
}

/** In one piece, which keeps nothing else alive. */
const kept = (text: string): string => Buffer.from(text).toString('latin1')

/**
 * The JSON of an object, or of one that has it `under` this name: bytes where one of its members was written before or is a list of such,
 * else a text.
 */
export function jsonOf(
  members: Readonly<Record<string, unknown>>,
  under?: string,
): string | ByteText {
  if (!hasWritten(members))
    return JSON.stringify(under === undefined ? members : { [under]: members })
  let bytes = under === undefined ? '{' : `{${bytesOf(under)}:{`
  let before = ''
  for (const name of Object.keys(members)) {
    const value = members[name]
    if (value === undefined) continue
    bytes += `${before}${bytesOf(name)}:${bytesOf(value)}`
    before = ','
  }
  return new ByteText(bytes + (under === undefined ? '}' : '}}'))
}

function hasWritten(members: Readonly<Record<string, unknown>>): boolean {
  for (const name of Object.keys(members)) if (isWritten(members[name])) return true
  return false
}

function isWritten(value: unknown): boolean {
  return value instanceof WrittenJson || (Array.isArray(value) && value[0] instanceof WrittenJson)
}

function bytesOf(value: unknown): string {
  if (value instanceof WrittenJson) return value.bytes
  if (!Array.isArray(value) || !isWritten(value)) return utf8Bytes(JSON.stringify(value))
  let bytes = ''
  for (const item of value) bytes += `${bytes === '' ? '[' : ','}${bytesOf(item)}`
  return `${bytes}]`
}
