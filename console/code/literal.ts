/** Values as literals of languages, on several lines where they are long. Each text is quoted so that it stays a text. */
import type { Value } from '../value.ts'

interface Style {
  readonly text: (text: string) => string
  readonly flag: (flag: boolean) => string
  readonly list: readonly [open: string, close: string]
  readonly object: readonly [open: string, close: string]
  readonly member: (name: string, value: string) => string
  /** Whether a comma stands after the last one. */
  readonly trailing: boolean
}

const LINE = 88

/** A text in double quotes, as JSON, Python, Go, Java and JavaScript read it. */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

function written(style: Style, value: Value, indent: string): string {
  if (typeof value === 'string') return style.text(value)
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return style.flag(value)
  const isList = Array.isArray(value)
  const [open, close] = isList ? style.list : style.object
  const inner = `${indent}    `
  const parts = (at: string): string[] =>
    isList
      ? (value as readonly Value[]).map((item) => written(style, item, at))
      : Object.entries(value).map(([name, member]) =>
          style.member(name, written(style, member, at)),
        )
  const short = parts(indent)
  if (short.length === 0) return `${open}${close}`
  const flat = `${open}${short.join(', ')}${close}`
  if (flat.length + indent.length <= LINE && !flat.includes('\n')) return flat
  const lines = parts(inner).map((part) => `${inner}${part}`)
  return `${open}\n${lines.join(',\n')}${style.trailing ? ',' : ''}\n${indent}${close}`
}

const plain = {
  text: quoted,
  flag: String,
  member: (name: string, value: string) => `${quoted(name)}: ${value}`,
}

const styles = {
  python: {
    ...plain,
    flag: (flag: boolean) => (flag ? 'True' : 'False'),
    list: ['[', ']'],
    object: ['{', '}'],
    trailing: true,
  },
  node: {
    ...plain,
    member: (name: string, value: string) =>
      `${/^[A-Za-z_]\w*$/.test(name) && name !== '__proto__' ? name : `[${quoted(name)}]`}: ${value}`,
    list: ['[', ']'],
    object: ['{', '}'],
    trailing: true,
  },
  go: { ...plain, list: ['[]any{', '}'], object: ['map[string]any{', '}'], trailing: true },
  java: {
    ...plain,
    member: (name: string, value: string) => `Map.entry(${quoted(name)}, ${value})`,
    list: ['List.of(', ')'],
    object: ['Map.ofEntries(', ')'],
    trailing: false,
  },
} as const satisfies Readonly<Record<string, Style>>

export function literal(style: keyof typeof styles, value: Value, indent = ''): string {
  return written(styles[style], value, indent)
}

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
