/**
 * Reading a policy document: bounded, and every refusal names the place (`Statement[1].Effect: must be …`).
 *
 * What the two languages have in common is here; their words are in the dialects. Members that a language does
 * not define are refused by name, since an ignored one could have been the restriction that its author relied on. For
 * the same reason a name that appears twice in one object is refused: JSON.parse would drop the first silently.
 */
import { valueProblem } from './policy-condition.ts'
import type { Condition, OperatorId } from './policy-condition.ts'
import { policyLimits } from './policy-limits.ts'

export class PolicyError extends Error {
  readonly path: string
  readonly problem: string

  constructor(path: string, problem: string) {
    super(path === '' ? problem : `${path}: ${problem}`)
    this.name = 'PolicyError'
    this.path = path
    this.problem = problem
  }
}

export type Members = ReadonlyMap<string, unknown>

export function readDocument(text: string): Members {
  if (text.length > policyLimits.documentCharacters) {
    throw new PolicyError('', `must have at most ${policyLimits.documentCharacters} characters`)
  }
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new PolicyError('', 'must be valid JSON')
  }
  const twice = repeatedName(text)
  if (twice !== undefined)
    throw new PolicyError('', `names ${JSON.stringify(twice)} twice in one object`)
  return readMembers(document, '')
}

export function readMembers(value: unknown, path: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PolicyError(path, 'must be an object')
  }
  return new Map(Object.entries(value))
}

export function refuseUnknown(members: Members, allowed: readonly string[], path: string): void {
  for (const name of members.keys()) {
    if (!allowed.includes(name)) throw new PolicyError(join(path, name), 'is not supported')
  }
}

export function readStatements(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new PolicyError(path, 'must be a list of statements')
  if (value.length === 0) throw new PolicyError(path, 'must have at least one statement')
  if (value.length > policyLimits.statements) {
    throw new PolicyError(path, `must have at most ${policyLimits.statements} statements`)
  }
  return value
}

/** A text of a document and its place in it. */
export interface PlacedText {
  readonly text: string
  readonly path: string
}

/** A text, or a list of texts with at least one. Each comes with its own path. */
export function readTexts(value: unknown, path: string): readonly PlacedText[] {
  if (value === undefined) throw new PolicyError(path, 'is required')
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0) throw new PolicyError(path, 'must not be empty')
  if (list.length > policyLimits.values) {
    throw new PolicyError(path, `must have at most ${policyLimits.values} items`)
  }
  return list.map((item, index) => {
    const at = Array.isArray(value) ? `${path}[${index}]` : path
    if (typeof item !== 'string') throw new PolicyError(at, 'must be a string')
    if (item === '') throw new PolicyError(at, 'must not be empty')
    refuseVariable(item, at)
    return { text: item, path: at }
  })
}

export interface ConditionWords {
  readonly operator: OperatorId
  readonly qualifier: Condition['qualifier']
  readonly ifExists: boolean
}

export interface ConditionReader {
  /** Undefined for a word that the language does not have. */
  readonly operator: (word: string) => ConditionWords | undefined
  /** The key in its canonical spelling, and whether requests ever carry it; undefined when malformed. */
  readonly key: (word: string) => { readonly key: string; readonly known: boolean } | undefined
}

/** `{ operator: { key: value or values } }`: all must hold. */
export function readConditions(value: unknown, path: string, reader: ConditionReader): Condition[] {
  if (value === undefined) return []
  const conditions: Condition[] = []
  for (const [word, block] of readMembers(value, path)) {
    const at = join(path, word)
    const operator = reader.operator(word)
    if (operator === undefined) throw new PolicyError(at, 'is not a condition operator')
    const keys = readMembers(block, at)
    if (keys.size === 0) throw new PolicyError(at, 'must name at least one condition key')
    for (const [name, values] of keys) {
      const key = reader.key(name)
      if (key === undefined) throw new PolicyError(join(at, name), 'is not a condition key')
      conditions.push({ ...operator, ...key, values: readValues(values, join(at, name), operator) })
    }
  }
  return conditions
}

function readValues(value: unknown, path: string, words: ConditionWords): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0) throw new PolicyError(path, 'must not be empty')
  if (list.length > policyLimits.values) {
    throw new PolicyError(path, `must have at most ${policyLimits.values} values`)
  }
  const single = words.operator === 'boolean' || words.operator === 'absent'
  if (single && list.length > 1) throw new PolicyError(path, 'must have one boolean value')
  return list.map((item, index) => {
    const at = Array.isArray(value) ? `${path}[${index}]` : path
    // Numbers and booleans may stand bare: the vendors' own examples write {"numeric_equal": {"mfa": 1}}.
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') {
      throw new PolicyError(at, 'must be a string, a number or a boolean')
    }
    const text = String(item)
    refuseVariable(text, at)
    const problem = valueProblem(words.operator, text)
    if (problem !== undefined) throw new PolicyError(at, problem)
    return text
  })
}

/** Taken literally, `${…}` would match nothing: harmless in an allow, but a deny would silently not deny. */
function refuseVariable(text: string, path: string): void {
  if (text.includes('${')) throw new PolicyError(path, 'policy variables are not supported')
}

export function join(path: string, name: string): string {
  const plain = /^[A-Za-z_]\w*$/.test(name)
  if (path === '') return plain ? name : JSON.stringify(name)
  return plain ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`
}

/** Walks text that JSON.parse has accepted: a string is a name exactly when a colon follows it. */
function repeatedName(text: string): string | undefined {
  const open: Set<string>[] = []
  for (const [token, name] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (name !== undefined) {
      const names = open.at(-1)
      // Compared decoded: "\u0041" and "A" are one name.
      const decoded = String(JSON.parse(name))
      if (names?.has(decoded)) return decoded
      names?.add(decoded)
    }
  }
  return undefined
}
