/**
 * `JSON.parse` misreads a name with an escape where another object of the process has a name with a backslash: `"\""` becomes `\`
 * (nodejs/node#63785). As strings of a list names are read as they are written, and tens of thousands of them in half the time.
 */

/** The same JSON with each object as `{"listed": [name, value, name, …]}`. What was no JSON may become one. */
export function withListedNames(text: string): string {
  let made = ''
  let from = 0
  eachMark(text, {
    brace(at) {
      made += `${text.slice(from, at)}${text[at] === '{' ? '{"listed":[' : ']}'}`
      from = at + 1
    },
    name(_start, colon) {
      made += `${text.slice(from, colon)},`
      from = colon + 1
    },
  })
  return made + text.slice(from)
}

/** As `JSON.parse`, with every name as it is written; `numberOf` makes something else of numbers. */
export function parseJson(
  text: string,
  numberOf?: (value: number, written: string) => unknown,
): unknown {
  const revive = numberOf && reviverOf(numberOf)
  const value = parse(text, revive)
  return hasEscapedName(text) ? withObjects(parse(withListedNames(text), revive)) : value
}

type Reviver = (name: string, value: unknown, context: { readonly source?: string }) => unknown

/** TypeScript's own library does not declare the source text of ECMAScript yet. */
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown

const reviverOf =
  (numberOf: (value: number, written: string) => unknown): Reviver =>
  (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined ? numberOf(value, source) : value

/** A reviver would look at every value, at ten times the cost. */
function withObjects(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const items: unknown[] = Array.isArray(value) ? value : (value as { listed: unknown[] }).listed
  for (let at = 0; at < items.length; at += 1)
    if (typeof items[at] === 'object') items[at] = withObjects(items[at])
  return items === value ? value : objectOf(items)
}

function objectOf(listed: readonly unknown[]): object {
  const entries: [string, unknown][] = []
  for (let at = 0; at < listed.length; at += 2) entries.push([String(listed[at]), listed[at + 1]])
  return Object.fromEntries(entries)
}

function hasEscapedName(text: string): boolean {
  if (!text.includes('\\')) return false
  let found = false
  eachMark(text, {
    brace: () => undefined,
    name: (start, colon) => (found ||= text.slice(start, colon).includes('\\')),
  })
  return found
}

interface Marks {
  /** Outside of strings. */
  brace(at: number): void
  name(start: number, colon: number): void
}

function eachMark(text: string, marks: Marks): void {
  const mark = /["{}]/g
  while (mark.test(text)) {
    const at = mark.lastIndex - 1
    if (text[at] !== '"') {
      marks.brace(at)
      continue
    }
    const end = stringEnd(text, at)
    const colon = afterSpace(text, end)
    if (text[colon] === ':') marks.name(at, colon)
    mark.lastIndex = end
  }
}

/** Behind the string that begins there. By search, not by a pattern: of megabytes one takes more stack than there is. */
export function stringEnd(text: string, start: number): number {
  for (let close = start; ;) {
    close = text.indexOf('"', close + 1)
    if (close < 0) return text.length
    let escapes = close
    while (text[escapes - 1] === '\\') escapes -= 1
    if ((close - escapes) % 2 === 0) return close + 1
  }
}

function afterSpace(text: string, from: number): number {
  let at = from
  while (' \t\n\r'.includes(text[at] ?? '.')) at += 1
  return at
}
