/** What a cluster's directory service is to keep, of its directory as it is recorded. Pure: the same record gives the same, to the salt. */
import { membersOf, type Directory, type DirectoryUser } from '../../domain/directory.ts'
import type { DirectoryContent } from '../../domain/directory-content.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { saltedSha1, saltOf } from '../../kernel/password-hash.ts'

/** Below it are the accounts of the machines themselves. */
const NUMBER_MIN = 10_000
/** Some systems take numbers for signed. */
const NUMBER_MAX = 2 ** 31 - 1

/** `open` opens the sealed password of a user. */
export function contentOf(
  directory: Directory,
  open: (user: DirectoryUser) => string,
): DirectoryContent {
  const { users, groups } = directory
  const numbers = numbersOf(users.map(({ name }) => name))
  // A group may be gone that is somebody's first one still.
  const all = [...groups.map(({ name }) => name), ...users.map(({ group }) => group)]
  const groupNumbers = numbersOf(all)
  return {
    users: users.map((user) => ({
      name: user.name,
      number: numbers.get(user.name) ?? 0,
      groupNumber: groupNumbers.get(user.group) ?? 0,
      remark: user.remark,
      // Sealed again, it has another salt: it is another password then.
      passwordHash: saltedSha1(open(user), saltOf(user.password)),
    })),
    groups: groups.map(({ name, description }) => ({
      name,
      number: groupNumbers.get(name) ?? 0,
      description,
      members: membersOf(directory, name).map((user) => user.name),
    })),
  }
}

/** By their names, so that nobody has to remember them; two whose names agree in it have different ones. */
function numbersOf(names: readonly string[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>()
  const taken = new Set<number>()
  for (const name of new Set(names)) {
    const span = NUMBER_MAX - NUMBER_MIN
    let number = NUMBER_MIN + (Number.parseInt(sha256Hex(name).slice(0, 12), 16) % span)
    while (taken.has(number)) number++
    numbers.set(name, number)
    taken.add(number)
  }
  return numbers
}
