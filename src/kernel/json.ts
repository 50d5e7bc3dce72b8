/** JSON values, and the canonical text that two equal values share. */

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined }

type Members = Readonly<Record<string, unknown>>

/** The value as JSON with members in the order of their names: equal values give equal texts, whatever order they came in. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const members = value as Members
  let text = ''
  for (const name of Object.keys(members).sort()) {
    const member = members[name]
    if (member === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`
  }
  return `{${text}}`
}

/** Whether their canonical texts are the same, without writing them. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return canonicalJson(one) === canonicalJson(other)
  if (!Array.isArray(one) && !Array.isArray(other)) {
    const [members, others] = [one, other] as readonly [Members, Members]
    return hasSameMembers(members, others)
  }
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false
  return one.every((item, at) => isSameJson(item, other[at]))
}

function hasSameMembers(one: Members, other: Members): boolean {
  const names = definedIn(one)
  return (
    names.length === definedIn(other).length &&
    names.every(
      (name) =>
        Object.hasOwn(other, name) &&
        other[name] !== undefined &&
        isSameJson(one[name], other[name]),
    )
  )
}

function definedIn(value: Members): readonly string[] {
  return Object.keys(value).filter((name) => value[name] !== undefined)
}

/** The members of what should be an object; none of anything else. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {}
}

/** The items of what should be a list; none of anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
