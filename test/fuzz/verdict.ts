/**
 * What a second pair of eyes says of a request. The checkers are written from the documents' tables and share nothing with the
 * validators: a mistake made in both would hide itself. Where the documents leave a value open, a checker says so instead of
 * guessing: then either answer is right.
 */
export interface Verdict {
  readonly says: 'valid' | 'invalid' | 'open'
  readonly why: readonly string[]
}

export interface Notes {
  /** It breaks a rule of the documents. */
  wrong(why: string): void
  /** The documents do not decide it. */
  open(why: string): void
  verdict(): Verdict
}

export function notes(): Notes {
  const wrong: string[] = []
  const open: string[] = []
  return {
    wrong: (why) => void wrong.push(why),
    open: (why) => void open.push(why),
    verdict() {
      if (wrong.length > 0) return { says: 'invalid', why: wrong }
      return open.length > 0 ? { says: 'open', why: open } : { says: 'valid', why: [] }
    },
  }
}

export type Fields = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
