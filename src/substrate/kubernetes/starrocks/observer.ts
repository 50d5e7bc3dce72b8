/** Observers join when a front end adds them, by SQL: nobody else does it (own-set.ts). */
import type { StarrocksDriver } from './driver.ts'
import type { Member } from './frontend.ts'
import type { Conversation } from './leave.ts'
import type { Look } from './look.ts'
import { memberOf } from './member.ts'
import { notedNodes } from './note.ts'
import { searchName } from './part.ts'

const EDIT_LOG_PORT = 9010

/** Those whose pods are there, and that no front end knows. One that goes is not added again. */
export async function joinObservers(
  { frontends }: Pick<StarrocksDriver, 'frontends'>,
  look: Look,
  { members, access }: Conversation,
): Promise<void> {
  if (!members || !access) return
  for (const noted of notedNodes(look.note)) {
    const pod = look.pods.get(noted.pod)
    if (noted.group.part !== 'observer' || noted.node.going || !pod) continue
    if (memberOf(members, noted, pod)) continue
    const host = hostBeside(members, noted.pod, noted.group.set)
    if (host === undefined) continue
    await frontends.change(access, 'add', { role: 'observer', host, port: EDIT_LOG_PORT })
  }
}

/** As it calls itself: the domain of the cluster stands in the names of those that joined by themselves. */
function hostBeside(members: readonly Member[], pod: string, set: string): string | undefined {
  const leading = members.find(({ role }) => role === 'leader')
  const [, , ...domain] = leading?.host.split('.') ?? []
  // An address has no such parts.
  return domain.length < 2 || /^\d+$/.test(domain[0] ?? '')
    ? undefined
    : [pod, searchName(set), ...domain].join('.')
}
