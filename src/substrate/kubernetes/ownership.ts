/**
 * Whose an object is, and what it is called. Names derive from ids, so that nothing is made twice; labels say which installation of this
 * program made it, so that two on one Kubernetes never take each other's for their own.
 */
import { sha256Hex } from '../../kernel/digest.ts'
import type { KubernetesObject } from './resource.ts'

export interface Installation {
  /** Of this server's data: another server has another one. */
  readonly id: string
  /** What its namespaces begin with. */
  readonly prefix: string
}

export const labels = {
  manager: 'app.kubernetes.io/managed-by',
  installation: 'emrys.dev/installation',
  cluster: 'emrys.dev/cluster',
  group: 'emrys.dev/group',
  /** On a namespace: whose clusters' it is; absent for StarRocks'. */
  family: 'emrys.dev/family',
} as const

const MANAGER = 'emrys'

/** RFC 1123: what a namespace may be called. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** A namespace for each cluster. */
export function namespaceOf({ prefix }: Installation, id: string): string {
  const name = `${prefix}${id}`
  return LABEL.test(name) ? name : `${prefix}x-${sha256Hex(id).slice(0, 20)}`
}

export function ownLabels({ id }: Installation, cluster: string): Readonly<Record<string, string>> {
  return { [labels.manager]: MANAGER, [labels.installation]: id, [labels.cluster]: cluster }
}

export function isOwn({ id }: Installation, { metadata }: KubernetesObject): boolean {
  const found = metadata.labels ?? {}
  return found[labels.manager] === MANAGER && found[labels.installation] === id
}
