/**
 * The rules of a cluster's users and groups. No source has those of the service: names are those of accounts of its machines, passwords
 * have at least eight characters, as in the documents' examples.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { groupIn, isSameName, userIn, type Directory } from '../../../../domain/directory.ts'
import { text } from '../../../../shape/shape.ts'
import { invalid } from '../refusal.ts'
import { componentsOf } from '../service/placement.ts'

export const usersMax = 500
export const groupsMax = 200
export const namesMax = 100
const FAILED = 'FailedOperation'

const NAME = {
  trim: true,
  pattern: /^[A-Za-z_][\w.-]{0,31}$/,
  rule: 'it must have up to 32 letters, digits, _, - or ., and begin with a letter or _',
}

export const userName = text(NAME)
export const groupName = text(NAME)
export const remark = text({ max: 256 })
export const password = text({
  secret: true,
  pattern: /^[\x21-\x7e]{8,64}$/,
  rule: 'it must have 8 to 64 printable characters without spaces',
})

/** Throws FailedOperation for a cluster that has no directory. */
export function requireDirectory(cluster: Cluster): void {
  if (componentsOf(cluster).includes('openldap')) return
  const rule = 'it has no OpenLDAP, which keeps users'
  throw invalid({ name: 'InstanceId', code: FAILED, rule, value: cluster.id })
}

/** Throws FailedOperation for the first one that there is not. */
export function requireUsers(
  directory: Directory,
  { name, users }: { readonly name: string; readonly users: readonly string[] },
): void {
  const lost = users.findIndex((user) => !userIn(directory, user))
  if (lost < 0) return
  const rule = 'there is no such user'
  throw invalid({ name: `${name}.${lost}`, code: FAILED, rule, value: users[lost] })
}

export function requireUser(directory: Directory, user: string): void {
  if (userIn(directory, user)) return
  throw invalid({ name: 'UserName', code: FAILED, rule: 'there is no such user', value: user })
}

export function requireGroup(directory: Directory, group: string): void {
  if (groupIn(directory, group)) return
  throw invalid({ name: 'Group', code: FAILED, rule: 'there is no such group', value: group })
}

/** Throws FailedOperation when the directory has more groups than it may, or two that LDAP takes for one. */
export function checkGroups(directory: Directory, name: string): Directory {
  const { groups } = directory
  const { length } = groups
  const twice = groups.find((group, at) =>
    groups.slice(0, at).some((before) => isSameName(before.name, group.name)),
  )
  if (twice) {
    const rule = 'groups have names that differ by more than case'
    throw invalid({ name, code: FAILED, rule, value: twice.name })
  }
  if (length <= groupsMax) return directory
  throw invalid({ name, code: FAILED, rule: `at most ${groupsMax} groups are kept`, value: length })
}

/** Each once, without the first one. */
export function besides(group: string, groups: readonly string[] = []): readonly string[] {
  return [...new Set(groups)].filter((each) => each !== group)
}
