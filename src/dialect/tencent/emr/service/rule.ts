/** Services and their processes by the names that clients give. */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { listed } from '../../../../kernel/enumeration.ts'
import { componentOf } from '../../catalogue/component.ts'
import { invalid } from '../refusal.ts'
import { servicesOf } from './placement.ts'

const CODE = 'UnsupportedOperation.ServiceNotSupport'

/** `HDFS`, however it is written. Throws ServiceNotSupport for one that the cluster has not. */
export function serviceOf(cluster: Cluster, parameter: string, name: string): string {
  const wanted = componentOf(name.trim().toLowerCase())?.title ?? name.trim()
  const services = servicesOf(cluster)
  if (services.includes(wanted)) return wanted
  const rule = `it must be a service of the cluster: ${listed(services)}`
  throw invalid({ name: parameter, code: CODE, rule, value: name })
}

export function unknownProcess(parameter: string, name: string, known: readonly string[]) {
  const rule = `it must be a process of the service: ${listed(known)}`
  return invalid({ name: parameter, code: CODE, rule, value: name })
}
