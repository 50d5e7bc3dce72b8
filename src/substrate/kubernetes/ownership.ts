/**
 * Whose an object is, and what it is called. Names derive from ids, so that nothing is made twice; labels say which installation of this
 * program made it, so that two on one Kubernetes never take each other's for their own.
 */

export interface Installation {
  /** Of this server's data: another server has another one. */
  readonly id: string
  /** What its namespaces begin with. */
  readonly prefix: string
}

const labels = {
  manager: 'app.kubernetes.io/managed-by',
  installation: 'emrys.dev/installation',
  cluster: 'emrys.dev/cluster',
} as const

const MANAGER = 'emrys'

export function ownLabels({ id }: Installation, cluster: string): Readonly<Record<string, string>> {
  return { [labels.manager]: MANAGER, [labels.installation]: id, [labels.cluster]: cluster }
}
