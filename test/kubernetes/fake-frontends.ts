/**
 * Front ends of instances whose pods run nothing: they know each pod of their namespace from when it first ran until it is dropped, but
 * observers only when they are registered, and take a few looks to move what a back end keeps.
 */
import type { Frontends, Member } from '../../src/substrate/kubernetes/starrocks/frontend.ts'
import type { StorageVolume } from '../../src/substrate/kubernetes/starrocks/storage-volume.ts'
import type { Kubelet } from './kubelet.ts'

/** How often they are asked before a decommissioned back end keeps nothing. */
const LOOKS = 3
const POD = /^sr-(fe|be|cn|observer)(?:-g\d+)?-\d+$/

interface Known {
  readonly uid: string
  readonly role: Member['role']
  left: number
  decommissioned: boolean
}

interface FakeOptions {
  readonly any?: boolean
  /** What they were sent, by namespace. */
  readonly volumes?: Map<string, StorageVolume>
}

/** Each instance begins without a password, as StarRocks does; with `any`, it takes all. */
export function fakeFrontends(
  { pods }: Kubelet,
  { any = false, volumes }: FakeOptions = {},
): Frontends {
  const passwords = new Map<string, string>()
  const instances = new Map<string, Map<string, Known>>()
  const dropped = new Set<string>()
  const namespaceAt = (host: string) =>
    [...pods].find(([, pod]) => pod.host === host)?.[0].split('/')[0] ?? ''
  const knownIn = (namespace: string): Map<string, Known> => {
    const known = instances.get(namespace) ?? new Map<string, Known>()
    instances.set(namespace, known)
    const all = [...pods].sort(([one], [other]) => (one < other ? -1 : 1))
    for (const [place, { uid }] of all) {
      const [of, name = ''] = place.split('/')
      const [, part] = POD.exec(name) ?? []
      if (of !== namespace || part === undefined || dropped.has(uid)) continue
      const isLeading = ![...known.values()].some(({ role }) => role === 'leader')
      const was = known.get(name)
      if (part === 'observer' && !was) continue
      const role =
        part === 'fe' ? (isLeading ? 'leader' : 'follower') : (part as 'be' | 'cn' | 'observer')
      if (was?.uid !== uid)
        known.set(name, { left: 1, decommissioned: false, ...was, uid, role: was?.role ?? role })
    }
    return known
  }
  return {
    async login(host, password) {
      const namespace = namespaceAt(host)
      if (namespace === '') return 'silent'
      return any || (passwords.get(namespace) ?? '') === password ? 'accepted' : 'refused'
    },
    async setPassword(host, _password, next) {
      passwords.set(namespaceAt(host), next)
    },
    async setVolume({ host }, volume) {
      volumes?.set(namespaceAt(host), volume)
    },
    async giveObjects() {},
    async members({ host }) {
      const namespace = namespaceAt(host)
      return [...knownIn(namespace)].map(([name, known]): Member => {
        if (known.decommissioned && known.left > 0) known.left -= 1 / LOOKS
        const isFrontend = known.role !== 'be' && known.role !== 'cn'
        return {
          host: `${name}.${name.replace(/-\d+$/, '')}-search.${namespace}.svc.cluster.local`,
          port: isFrontend ? 9010 : 9050,
          role: known.role,
          alive: pods.get(`${namespace}/${name}`)?.uid === known.uid,
          decommissioned: known.decommissioned,
          tablets: Math.ceil(known.left),
        }
      })
    },
    async change({ host }, verb, member) {
      const namespace = namespaceAt(host)
      const known = knownIn(namespace)
      const [name = ''] = member.host.split('.')
      if (verb === 'add') {
        const uid = pods.get(`${namespace}/${name}`)?.uid ?? ''
        known.set(name, { uid, role: member.role, left: 0, decommissioned: false })
        return
      }
      const node = known.get(name)
      if (!node) throw new Error(`nobody knows ${name}`)
      if (verb === 'drop') {
        dropped.add(node.uid)
        known.delete(name)
      } else {
        node.decommissioned = verb === 'decommission'
        node.left = 1
      }
    },
  }
}
