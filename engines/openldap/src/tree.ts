/** Where what is kept in the directory (reference: local-engines.md, appendix C). */
import type { DirectoryContent } from '../../../src/substrate/local/service.ts'

export const BASE = 'dc=emr,dc=cloud,dc=tencent,dc=com'
export const PEOPLE = `ou=People,${BASE}`
export const GROUPS = `ou=Group,${BASE}`
export const ADMINISTRATOR = `cn=admin,${BASE}`

/** By name; without those that are empty, in the order in which they are written. */
export type Entry = Readonly<Record<string, readonly string[]>>

/**
 * What shall be there below people and groups, by its whole name. Names of users and groups need no escape; of two that differ by case
 * alone, which are one here, the first is meant.
 */
export function entriesOf({ users, groups }: DirectoryContent): ReadonlyMap<string, Entry> {
  const people = users.map((user): [string, Entry] => [
    `uid=${user.name},${PEOPLE}`,
    {
      objectClass: ['inetOrgPerson', 'posixAccount'],
      uid: [user.name],
      cn: [user.name],
      sn: [user.name],
      uidNumber: [String(user.number)],
      gidNumber: [String(user.groupNumber)],
      homeDirectory: [`/home/${user.name}`],
      userPassword: [user.passwordHash],
      ...described(user.remark),
    },
  ])
  const memberships = groups.map((group): [string, Entry] => [
    `cn=${group.name},${GROUPS}`,
    {
      objectClass: ['posixGroup'],
      cn: [group.name],
      gidNumber: [String(group.number)],
      ...(group.members.length > 0 && { memberUid: group.members }),
      ...described(group.description),
    },
  ])
  const seen = new Set<string>()
  const isFirst = ([name]: [string, Entry]) =>
    !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase())
  return new Map([...memberships, ...people].filter(isFirst))
}

/** An attribute without a value is none. */
function described(text: string): Entry {
  return text.trim() === '' ? {} : { description: [text] }
}

export type Difference =
  | { readonly kind: 'add'; readonly name: string; readonly entry: Entry }
  /** With the attributes that are not as they shall be; without values, one that shall not be there. */
  | { readonly kind: 'change'; readonly name: string; readonly attributes: Entry }
  | { readonly kind: 'remove'; readonly name: string }

/** What brings the entries that are there to those that shall be. Names are compared as the directory does, whatever their case. */
export function differences(
  there: ReadonlyMap<string, Entry>,
  wanted: ReadonlyMap<string, Entry>,
): readonly Difference[] {
  const known = new Map([...there].map(([name, entry]) => [name.toLowerCase(), entry]))
  const kept = new Set([...wanted.keys()].map((name) => name.toLowerCase()))
  const removed = [...there.keys()]
    .filter((name) => !kept.has(name.toLowerCase()))
    // What lies below another one goes before it.
    .toSorted((one, other) => other.length - one.length)
    .map((name): Difference => ({ kind: 'remove', name }))
  const written = [...wanted].flatMap(([name, entry]): readonly Difference[] => {
    const before = known.get(name.toLowerCase())
    if (!before) return [{ kind: 'add', name, entry }]
    const names = new Set([...Object.keys(before), ...Object.keys(entry)])
    const changed = [...names].filter((each) => !isSame(before[each], entry[each]))
    if (changed.length === 0) return []
    const attributes = Object.fromEntries(changed.map((each) => [each, entry[each] ?? []]))
    return [{ kind: 'change', name, attributes }]
  })
  return [...removed, ...written]
}

/** In any order. */
function isSame(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted())
}
