/** Values of a result as texts: as wide as a terminal shows them, and without what would move its cursor. */

/** A value as the server sent it in its text form; null is SQL's NULL. */
export type Cell = string | null

export interface Field {
  readonly name: string
  readonly numeric: boolean
}

/** Columns that a terminal needs for it: two for East Asian and emoji, none for what combines with the sign before. */
export function widthOf(text: string): number {
  let width = 0
  for (const sign of text) {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(sign)) continue
    width += WIDE.test(sign) ? 2 : 1
  }
  return width
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u

const CONTROL_NAMES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
}

/** Control signs as they would be written in SQL: data of others must not steer a terminal. */
export function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (sign) => {
    const code = (sign.codePointAt(0) ?? 0).toString(16).padStart(2, '0')
    return CONTROL_NAMES[sign] ?? `\\x${code}`
  })
}
