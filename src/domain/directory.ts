/** A directory: the users of a cluster's services with their groups, as its owner keeps them. Passwords are sealed. Pure. */

/** The step of a change that a service of the cluster has to follow. */
export const DIRECTORY_STEP = 'sync-users'

/** Where the password of a user is sealed for. */
export function passwordContext(cluster: string, user: string): string {
  return `directory/${cluster}/${user}`
}

export interface DirectoryUser {
  readonly name: string
  /** The one that its files are of. */
  readonly group: string
  /** Those that it is in besides. */
  readonly groups: readonly string[]
  readonly remark: string
  readonly password: string
  readonly createdMs: number
}

export interface DirectoryGroup {
  readonly name: string
  readonly description: string
  readonly createdMs: number
}

export interface Directory {
  /** Of its cluster. */
  readonly id: string
  readonly account: string
  /** In the order in which they came. */
  readonly users: readonly DirectoryUser[]
  readonly groups: readonly DirectoryGroup[]
}

export function emptyDirectory({ id, account }: Pick<Directory, 'id' | 'account'>): Directory {
  return { id, account, users: [], groups: [] }
}

/** Whether a directory service takes two names for one. */
export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

export function userIn({ users }: Directory, name: string): DirectoryUser | undefined {
  return users.find((user) => user.name === name)
}

export function groupIn({ groups }: Directory, name: string): DirectoryGroup | undefined {
  return groups.find((group) => group.name === name)
}

/** Those that are in the group, first or besides. */
export function membersOf({ users }: Directory, group: string): readonly DirectoryUser[] {
  return users.filter((user) => user.group === group || user.groups.includes(group))
}

/** With users of names that it does not have yet; groups that there are not come with them. */
export function withUsers(was: Directory, users: readonly DirectoryUser[]): Directory {
  const all: Directory = { ...was, users: [...was.users, ...users] }
  return users.reduce((next, user) => withGroupsOf(next, user, user.createdMs), all)
}

export function withoutUsers(was: Directory, names: readonly string[]): Directory {
  return { ...was, users: was.users.filter(({ name }) => !names.includes(name)) }
}

/** The user as `change` makes it; groups that there are not come with it. */
export function withUser(
  was: Directory,
  name: string,
  it: { readonly change: (user: DirectoryUser) => DirectoryUser; readonly nowMs: number },
): Directory {
  const users = was.users.map((user) => (user.name === name ? it.change(user) : user))
  const user = users.find((each) => each.name === name)
  return user ? withGroupsOf({ ...was, users }, user, it.nowMs) : was
}

export function withGroup(was: Directory, group: DirectoryGroup): Directory {
  const others = was.groups.filter(({ name }) => name !== group.name)
  const known = others.length < was.groups.length
  const groups = known
    ? was.groups.map((each) => (each.name === group.name ? group : each))
    : [...was.groups, group]
  return { ...was, groups }
}

/** Its members are not in it any more; who has it as the first one keeps it. */
export function withoutGroup(was: Directory, name: string): Directory {
  return withMembers(
    { ...was, groups: was.groups.filter((group) => group.name !== name) },
    name,
    [],
  )
}

/** These users are in the group besides their first one, and no others. */
export function withMembers(was: Directory, group: string, names: readonly string[]): Directory {
  const users = was.users.map((user): DirectoryUser => {
    const others = user.groups.filter((each) => each !== group)
    if (!names.includes(user.name))
      return others.length === user.groups.length ? user : { ...user, groups: others }
    return user.groups.includes(group) ? user : { ...user, groups: [...user.groups, group] }
  })
  return { ...was, users }
}

function withGroupsOf(was: Directory, user: DirectoryUser, nowMs: number): Directory {
  const names = [user.group, ...user.groups].filter((name) => !groupIn(was, name))
  return [...new Set(names)].reduce(
    (next, name) => withGroup(next, { name, description: '', createdMs: nowMs }),
    was,
  )
}
