/**
 * DescribeServiceConfGroupInfos: what was set of a service's configuration on the nodes of a role. Names and values are in base64, as
 * the documents' example has them; files that nobody set anything in are not listed (reference: api.json, examples.json).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { listed } from '../../../../kernel/enumeration.ts'
import { integer, list, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageSizeMax } from '../cluster/listing.ts'
import { invalid } from '../refusal.ts'
import { servicesOf } from './placement.ts'
import { groupOfConfiguration } from './rule.ts'

export const describeServiceConfGroupInfos = action({
  name: 'DescribeServiceConfGroupInfos',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidInstanceName'),
    ServiceName: text({ trim: true, min: 1, max: 64, code: 'InvalidParameter.InvalidServiceName' }),
    ConfGroupName: text({ trim: true, min: 1, max: 128, code: 'InvalidParameter' }),
    PageNo: integer({ min: 1, code: 'InvalidParameter' }),
    PageSize: integer({ min: 1, max: pageSizeMax, code: 'InvalidParameter' }),
  },
  output: {
    TotalCount: integer(),
    ConfItemKVList: list(object({ Name: text(), Value: text(), InFile: text() })),
  },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, ServiceName, ConfGroupName, PageNo, PageSize }) {
    const cluster = await core.clusters.get(call, id)
    const service = serviceIn(cluster, ServiceName)
    const group = groupOfConfiguration(cluster, [service], ConfGroupName)
    const items = cluster.spec.configuration
      .filter((file) => file.service === service)
      .filter((file) => file.group === undefined || file.group === group)
      .flatMap(({ file, properties }) =>
        Object.entries(properties).map(([name, value]) => ({
          Name: encoded(name),
          Value: encoded(value),
          InFile: file,
        })),
      )
    const from = (PageNo - 1) * PageSize
    return { TotalCount: items.length, ConfItemKVList: items.slice(from, from + PageSize) }
  },
})

function serviceIn(cluster: Cluster, name: string): string {
  const services = servicesOf(cluster)
  const service = name.toUpperCase()
  if (services.includes(service)) return service
  throw invalid({
    name: 'ServiceName',
    code: 'InvalidParameter.InvalidServiceName',
    rule: `it must be a service of the cluster: ${listed(services)}`,
    value: name,
  })
}

function encoded(plain: string): string {
  return Buffer.from(plain).toString('base64')
}
