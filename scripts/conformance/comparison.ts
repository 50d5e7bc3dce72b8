/** How an answer differs from the recorded one, by the suite's own rules of comparison. */
import type { Step } from './case-file.ts'

/** `near`: equal to nine digits. */
export type Verdict = 'same' | 'near' | 'wrong' | 'refused' | 'lenient'

/** What a statement answered, as the suite prints it; an error begins with `E: `. */
export function compareResult(step: Pick<Step, 'expected' | 'ordered'>, actual: string): Verdict {
  const { expected, ordered } = step
  const failed = actual.startsWith('E: ')
  if (expected.startsWith('[REGEX]')) {
    // The pattern is one of the suite's own files, not a client's text.
    if (new RegExp(expected.slice('[REGEX]'.length)).test(actual)) return 'same'
    return failed && !expected.includes('E:') ? 'refused' : 'wrong'
  }
  const refusal = expected.startsWith('E:')
  if (failed) return refusal ? 'same' : 'refused'
  if (refusal) return 'lenient'
  if (expected === '') return 'same'
  return compareRows(expected, actual, ordered)
}

function compareRows(expected: string, actual: string, ordered: boolean): Verdict {
  if (expected === actual) return 'same'
  if (expected.startsWith('{') && sameJson(expected, actual)) return 'same'
  const wanted = rowsOf(expected)
  const seen = rowsOf(actual)
  if (wanted.length !== seen.length) return 'wrong'
  const order = (rows: readonly string[]) => (ordered ? rows : rows.toSorted())
  const left = order(wanted)
  const right = order(seen)
  if (left.every((row, index) => row === right[index])) return 'same'
  return matchNear(left, right, ordered) ? 'near' : 'wrong'
}

/** One list alone is compared as a value, so its spaces do not count; NULL is None in both. */
function rowsOf(text: string): readonly string[] {
  const rows = text.split('\n')
  if (!text.startsWith('[')) return rows
  const named = rows.map((row) => row.replaceAll('null', 'None').replaceAll('NULL', 'None'))
  return rows.length === 1 ? named.map(closeUp) : named
}

function closeUp(list: string): string {
  const parts = list.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\s+|[^\s"']+|["']/g) ?? []
  return parts
    .filter((part) => part.trim() !== '')
    .map(numberForm)
    .join('')
}

/** In a list, 1 and 1.0 are equal. */
function numberForm(part: string): string {
  return part.replaceAll(/(?<=^|[[,:{])(-?\d{1,15})\.0(?=$|[\],}])/g, '$1')
}

/** Above this many rows, near ones are looked for in their sorted order only. */
const PAIRED_ROWS = 2000

function matchNear(left: readonly string[], right: readonly string[], ordered: boolean): boolean {
  if (ordered || left.length > PAIRED_ROWS)
    return left.every((row, index) => nearRows(row, right[index] ?? ''))
  const rest = [...right]
  for (const row of left) {
    const found = rest.findIndex((each) => nearRows(row, each))
    if (found < 0) return false
    rest.splice(found, 1)
  }
  return true
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g

function nearRows(left: string, right: string): boolean {
  if (left === right) return true
  if (left.replaceAll(NUMBER, '#') !== right.replaceAll(NUMBER, '#')) return false
  const wanted = left.match(NUMBER) ?? []
  const seen = right.match(NUMBER) ?? []
  return wanted.every((text, index) => nearNumbers(text, seen[index] ?? ''))
}

function nearNumbers(left: string, right: string): boolean {
  if (left === right) return true
  // Of whole numbers, and of dates, every digit counts.
  if (!/[.eE]/.test(left) && !/[.eE]/.test(right)) return false
  const [a, b] = [Number(left), Number(right)]
  return Math.abs(a - b) <= Math.max(Math.abs(a), Math.abs(b)) * 1e-9
}

function sameJson(left: string, right: string): boolean {
  try {
    return canonical(JSON.parse(left)) === canonical(JSON.parse(right))
  } catch {
    return false
  }
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** What a command of the shell answered: its exit code on the first line, then what it printed. */
export function compareShell(expected: string, code: number, printed: string): Verdict {
  if (expected === '') return code === 0 ? 'same' : 'refused'
  const [wantedCode = '', ...rest] = expected.split('\n')
  const wanted = rest.join('\n')
  if (Number(wantedCode) !== code) return 'wrong'
  if (wanted === printed || containsJson(wanted, printed)) return 'same'
  try {
    return new RegExp(`^(?:${wanted})`, 's').test(printed) ? 'same' : 'wrong'
  } catch {
    return 'wrong'
  }
}

function containsJson(wanted: string, printed: string): boolean {
  try {
    const seen = JSON.parse(printed) as Record<string, unknown>
    return Object.entries(JSON.parse(wanted) as Record<string, unknown>).every(
      ([key, value]) => canonical(seen[key]) === canonical(value),
    )
  } catch {
    return false
  }
}
