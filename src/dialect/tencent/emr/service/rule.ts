/** Services, their processes and groups of configuration by the names that clients give. */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { listed } from '../../../../kernel/enumeration.ts'
import { componentOf } from '../../catalogue/component.ts'
import { invalid } from '../refusal.ts'
import { servicesOf } from './placement.ts'
import { configurationGroup } from './view.ts'

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

/** The id of the node group that a configuration group of one of these services is of. */
export function groupOfConfiguration(
  { spec }: Cluster,
  services: readonly string[],
  name: string,
): string {
  const all = spec.groups.flatMap((group) =>
    services.map((service) => [configurationGroup(service, group.role), group.id] as const),
  )
  const found = all.find(([known]) => known === name)
  if (found) return found[1]
  throw invalid({
    name: 'ConfGroupName',
    code: 'InvalidParameter',
    rule: `it must be a configuration group of the service: ${listed(all.map(([known]) => known))}`,
    value: name,
  })
}
