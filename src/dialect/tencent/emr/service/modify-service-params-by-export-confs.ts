/**
 * ModifyServiceParamsByExportConfs: properties come to the files of a cluster's services, beside those that were set there already; whatever
 * reads such a file starts again (reference: the Python SDK 3.1.192).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { ConfigurationFile } from '../../../../domain/cluster/spec.ts'
import { recordOf } from '../../../../kernel/json.ts'
import { readJson } from '../../../../shape/json-text.ts'
import { integer, list, object, optional, text, type Static } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { readConfiguration } from '../cluster/configuration.ts'
import { invalid, missing, unsupported } from '../refusal.ts'
import { renaming } from '../renaming.ts'
import { encodedProperties, exportedFile, placeOf } from './exported.ts'
import { componentsOf } from './placement.ts'

const FILES_MAX = 100
const LIST = 'ExportConfParamList'

export const modifyServiceParamsByExportConfs = action({
  name: 'ModifyServiceParamsByExportConfs',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
    ExportConfParamList: list(exportedFile, { min: 1, max: FILES_MAX }),
    IpList: optional(list(text({ trim: true, max: 64 }), { max: 1_000 })),
    ConfGroupName: optional(text({ trim: true, max: 128 })),
  },
  output: {
    FlowId: integer(),
    WaitModifyConfList: list(object({ FileName: text(), Params: text() })),
  },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, ExportConfParamList, IpList = [], ConfGroupName }) {
    let files: readonly ConfigurationFile[] = []
    const { flow } = await core.clusters.configure(call, id, (was) => {
      const group = placeOf(was, { group: ConfGroupName, addresses: IpList })
      if (IpList.length > 0) requireWhole(was, group, IpList.length)
      files = read(was, ExportConfParamList).map((file) => ({ ...file, ...(group && { group }) }))
      return {
        configuration: files.reduce(withFile, was.spec.configuration),
        restart: [],
        rolling: true,
        values: { after: files.map(({ file }) => file).join() },
      }
    })
    const WaitModifyConfList = files.map(({ file, properties }) => ({
      FileName: file,
      Params: encodedProperties(properties),
    }))
    return { FlowId: flow, WaitModifyConfList }
  },
})

/** Settings are those of a group, or of all nodes. */
function requireWhole({ spec }: Cluster, group: string | undefined, count: number): void {
  const nodes = spec.groups.find(({ id }) => id === group)?.nodes.length ?? 0
  if (count === nodes) return
  throw unsupported('IpList', 'settings of single nodes are not kept: name all nodes of one role')
}

type Sent = readonly Static<typeof exportedFile>[]

/** Judged as those of a new cluster. */
function read(cluster: Cluster, sent: Sent): readonly ConfigurationFile[] {
  const items = sent.map(({ ServiceName, Classification, ServiceVersion, Properties }, at) => {
    const path = `${LIST}.${at}`
    if (ServiceName === undefined) throw missing(`${path}.ServiceName`, 'HDFS')
    if (Classification === undefined) throw missing(`${path}.Classification`, 'hdfs-site.xml')
    const found = readJson(Buffer.from(Properties ?? '', 'base64'))
    const properties = 'value' in found ? recordOf(found.value) : {}
    if (Object.keys(properties).length === 0) {
      const rule = 'it must be a JSON object of properties, in base64'
      throw invalid({ name: `${path}.Properties`, code: 'InvalidParameterValue', rule })
    }
    return {
      serviceName: ServiceName,
      classification: Classification,
      properties,
      ...(ServiceVersion && { serviceVersion: ServiceVersion }),
    }
  })
  const components = componentsOf(cluster)
  const chosen = cluster.spec.software.components.map((label, at) => {
    const component = components[at] ?? label
    return { component, name: component, label, version: label.slice(label.lastIndexOf('-') + 1) }
  })
  const words = {
    names: [['ExtendFsField', LIST]] as const,
    codes: new Map([
      ['InvalidParameter.InvalidExtendField', 'InvalidParameterValue'],
      ['InvalidParameter.InvalidServiceName', 'InvalidParameterValue'],
    ]),
  }
  return renaming(words, () => readConfiguration(JSON.stringify(items), chosen))
}

function withFile(
  all: readonly ConfigurationFile[],
  file: ConfigurationFile,
): readonly ConfigurationFile[] {
  const isOwn = (each: ConfigurationFile) =>
    each.service === file.service && each.file === file.file && each.group === file.group
  const before = all.find(isOwn)
  if (!before) return [...all, file]
  const properties = { ...before.properties, ...file.properties }
  return all.map((each) => (isOwn(each) ? { ...before, properties } : each))
}
