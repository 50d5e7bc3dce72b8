/**
 * DescribeExportConfs: files of a cluster's configuration, to be brought to another one (reference: the Python SDK 3.1.192). What was set is
 * exported, as no source lists what a release begins with.
 */
import { integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { given, unsupported } from '../refusal.ts'
import { encodedProperties, exportedFile, filesInForce, placeOf } from './exported.ts'
import { serviceOf } from './rule.ts'

const context = object({
  ServiceType: optional(integer()),
  FileName: optional(text({ trim: true, max: 128 })),
  ServiceName: optional(text({ trim: true, max: 64 })),
})

const FILES_MAX = 100

export const describeExportConfs = action({
  name: 'DescribeExportConfs',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    ExportConfContexts: optional(list(context, { max: FILES_MAX })),
    ExportType: integer({ allowed: [0, 1], default: 0 }),
    Ip: optional(text({ trim: true, max: 64 })),
    ConfGroupName: optional(text({ trim: true, max: 128 })),
  },
  output: { ExportConfParamList: list(exportedFile) },
  faults: ['ClusterNotFound', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, ExportConfContexts = [], Ip, ConfGroupName }) {
    const cluster = await core.clusters.get(call, id)
    const ip = given(Ip)
    const addresses = ip === undefined ? [] : [ip]
    const files = filesInForce(cluster, placeOf(cluster, { group: ConfGroupName, addresses }))
    const chosen = ExportConfContexts.map(({ ServiceType = 0, FileName, ServiceName }, at) => {
      const path = `ExportConfContexts.${at}`
      if (ServiceType !== 0) throw unsupported(`${path}.ServiceType`, 'services are named')
      const name = given(ServiceName)
      const service =
        name === undefined ? undefined : serviceOf(cluster, `${path}.ServiceName`, name)
      return { service, file: given(FileName) }
    })
    const isMeant = (file: (typeof files)[number]) =>
      chosen.length === 0 ||
      chosen.some(
        (each) =>
          (each.service ?? file.service) === file.service && (each.file ?? file.file) === file.file,
      )
    return {
      ExportConfParamList: files.filter(isMeant).map((file) => ({
        ServiceName: file.service,
        Classification: file.file,
        ServiceVersion: file.version,
        Properties: encodedProperties(file.properties),
      })),
    }
  },
})
