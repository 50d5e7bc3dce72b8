/** What front ends say of the nodes of an instance, and which pod each is. Pure. */
import type { KubernetesObject } from '../resource.ts'
import type { Member } from './frontend.ts'
import { podAddress } from './look.ts'
import type { NotedNode } from './note.ts'

/** What the front ends that answer say, now. */
export interface Answers {
  /** By the name of a front end's pod: whether it takes the password of the instance. */
  readonly logins: ReadonlyMap<string, boolean>
  /** Absent where none of them says. */
  readonly members?: readonly Member[]
  /** Whether they know where data lie, where these lie in object storage. */
  readonly hasVolume?: boolean
  /** Whether they were given what the instance begins with, where there is any. */
  readonly hasObjects?: boolean
}

export const silence: Answers = { logins: new Map() }

const isFrontend = ({ role }: Member): boolean =>
  role === 'leader' || role === 'follower' || role === 'observer'

/** Pods say their own names, or their addresses. Undefined for one that is not among them. */
export function memberOf(
  members: readonly Member[],
  { group, pod: name }: NotedNode,
  pod: KubernetesObject | undefined,
): Member | undefined {
  const address = pod && podAddress(pod)
  return members.find((member) => {
    const isOfPart =
      group.part === 'fe' || group.part === 'observer'
        ? isFrontend(member)
        : member.role === group.part
    return isOfPart && (member.host.split('.')[0] === name || member.host === address)
  })
}

/** Whether nothing is lost with it. */
export function isSafe(
  members: readonly Member[] | undefined,
  noted: NotedNode,
  pod: KubernetesObject | undefined,
): boolean {
  if (!members) return false
  // Compute nodes keep nothing, and front ends keep what the others keep.
  if (noted.group.part !== 'be') return true
  const member = memberOf(members, noted, pod)
  return !member || (member.decommissioned && member.tablets === 0)
}

/** Of the front ends that elect one of them: whether most of the others answer when this one is gone. */
export function leavesMajority(members: readonly Member[], going: Member): boolean {
  const others = members.filter(
    (member) => (member.role === 'leader' || member.role === 'follower') && member !== going,
  )
  return others.filter(({ alive }) => alive).length > others.length / 2
}
