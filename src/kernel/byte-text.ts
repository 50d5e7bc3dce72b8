/**
 * Bytes as a text that has one character for each of them: many pieces become one at no cost until they are sent, and a short one is sent
 * together with the head of its answer. Ordinary text must not be taken for it, so that it is a type of its own.
 */
export class ByteText {
  /** Each character stands for one byte. */
  readonly bytes: string

  constructor(bytes: string) {
    this.bytes = bytes
  }
}

/** UTF-8 of an ordinary text. */
export function utf8Bytes(text: string): string {
  return isAscii(text) ? text : Buffer.from(text).toString('latin1')
}

/** The ordinary text, of UTF-8. */
export function textOf({ bytes }: ByteText): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8')
}

const isAscii = (text: string): boolean => !BEYOND_ASCII.test(text)
// oxlint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\u0000-\u007f]/
