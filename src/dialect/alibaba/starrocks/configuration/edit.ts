/**
 * What a request wants of an instance's configuration. It is kept as far as it differs from the defaults: a setting that is deleted, or
 * set to its default, is gone. Facts: reference alibaba-starrocks.md 6.4, 7.
 */
import type { ConfigurationRequest } from '../../../../app/cluster/configure.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import type { ConfigurationFile } from '../../../../domain/cluster/spec.ts'
import { Fault } from '../../../../domain/fault.ts'
import type { ChangedSetting, ConfigurationRecord } from '../../../../domain/operation.ts'
import { limits } from '../../../../limits.ts'
import {
  itemNamed,
  valueProblem,
  type ConfigurationItem,
  type ItemType,
} from '../../catalogue/configuration-item.ts'
import { groupExtension, instanceExtension } from '../instance/extension.ts'
import type { ItemInput } from './shape.ts'

export interface Edit {
  readonly kind: 'add' | 'update' | 'delete'
  readonly item: ItemInput
}

export interface EditRequest {
  readonly edits: readonly Edit[]
  /** Without it, what needs a restart gets one. */
  readonly restart?: boolean | undefined
  readonly rolling: boolean
  readonly reason: string
  readonly operator: string
  readonly rollbackOf?: number
}

/** Whose nodes an item is for. */
export function groupsOf({ spec }: Cluster, type: ItemType): readonly NodeGroup[] {
  const components = type === 'FE' ? ['FE'] : ['BE', 'CN']
  return spec.groups.filter((group) => components.includes(groupExtension(group).component))
}

/** The value in force. */
export function valueOf(instance: Cluster, { type, name, default: standard }: ConfigurationItem) {
  if (name === 'run_mode') return instanceExtension(instance).runMode
  const file = instance.spec.configuration.find((each) => each.file === type)
  const own = file && Object.hasOwn(file.properties, name) ? file.properties[name] : undefined
  return own ?? standard
}

/** What is wanted throws ParametersRefused with everything that is wrong with it. */
export function configurationRequest(it: EditRequest): ConfigurationRequest {
  return (was) => {
    requireChangeable(was, it.edits)
    const judged = it.edits.map((edit, at) => judge(was, edit, it.edits.slice(0, at)))
    const problems = judged.flatMap((each) => ('problem' in each ? [each.problem] : []))
    const settings = judged.flatMap((each) => ('setting' in each ? [each] : []))
    const needing = settings.filter(({ item }) => item.restart)
    if (it.restart === false)
      problems.push(
        ...needing.map(
          ({ item }) => `${item.name} takes effect after a restart, which is not wanted`,
        ),
      )
    if (problems.length > 0) throw refused(problems)
    const nodesOf = (types: readonly ItemType[]) => nodesFor(was, [...new Set(types)])
    const nodes = nodesOf(settings.map(({ item }) => item.type))
    const fresh = it.restart === true ? nodes : nodesOf(needing.map(({ item }) => item.type))
    const record: ConfigurationRecord = {
      settings: settings.map(({ setting }) => setting),
      nodes,
      reason: it.reason,
      operator: it.operator,
      ...(it.rollbackOf === undefined ? {} : { rollbackOf: it.rollbackOf }),
    }
    return {
      configuration: configurationAfter(was, settings),
      restart: fresh.map(({ node }) => node),
      rolling: it.rolling,
      values: { ...shownValues(record), configuration: record },
    }
  }
}

export function refused(messages: readonly string[]): Fault<'ParametersRefused'> {
  const refusals = messages.map(
    (message) => ({ name: 'Config', problem: 'value', message }) as const,
  )
  return new Fault('ParametersRefused', { refusals })
}

function requireChangeable(was: Cluster, edits: readonly Edit[]): void {
  if (instanceExtension(was).packageType === 'trial')
    throw refused(['Invalid configuration change'])
  if (edits.length === 0) throw refused(['No configuration is changed'])
  if (edits.length > limits.configurationChanges)
    throw refused([`Number of configs should be in range [1, ${limits.configurationChanges}]`])
}

type Judged =
  | { readonly problem: string }
  | { readonly item: ConfigurationItem; readonly setting: ChangedSetting }

function judge(was: Cluster, { kind, item: input }: Edit, earlier: readonly Edit[]): Judged {
  const { configKey: key, configType: type, configValue, nodeGroupId } = input
  const item = itemNamed(type, key)
  if (!item) return { problem: `Config [${key}] of type [${type}] not exists` }
  if (!item.modifiable) return { problem: `Config [${key}] can not be modified` }
  if (earlier.some((each) => each.item.configKey === key && each.item.configType === type))
    return { problem: `Config [${key}] is given twice` }
  const elsewhere = groupProblem(groupsOf(was, item.type), key, nodeGroupId)
  if (elsewhere !== undefined) return { problem: elsewhere }
  const before = valueOf(was, item)
  if (kind === 'delete')
    return before === item.default
      ? { problem: `Config [${key}] has its default value already` }
      : { item, setting: { file: type, key, before } }
  if (kind === 'add' && before !== item.default)
    return { problem: `Config [${key}] exists already` }
  if (configValue === undefined) return { problem: `Config [${key}] has no value` }
  const wrong = valueProblem(item, configValue)
  if (wrong !== undefined) return { problem: wrong }
  if (configValue === before) return { problem: `Config [${key}] is ${before} already` }
  const shown = kind === 'add' ? {} : { before }
  return { item, setting: { file: type, key, ...shown, after: configValue } }
}

/** All nodes of a kind work with the same settings. */
function groupProblem(
  groups: readonly NodeGroup[],
  key: string,
  wanted: string | undefined,
): string | undefined {
  if (wanted === undefined || wanted === '') return undefined
  if (!groups.some(({ id }) => id === wanted))
    return `Node group [${wanted}] has no config [${key}]`
  if (groups.length === 1) return undefined
  return `Config [${key}] can not be set for one of several node groups`
}

function nodesFor(was: Cluster, types: readonly ItemType[]): ConfigurationRecord['nodes'] {
  return types
    .flatMap((type) => groupsOf(was, type))
    .flatMap(({ id: group, nodes }) => nodes.map(({ id: node }) => ({ group, node })))
}

function configurationAfter(
  { spec }: Cluster,
  changes: readonly { readonly item: ConfigurationItem; readonly setting: ChangedSetting }[],
): readonly ConfigurationFile[] {
  return (['FE', 'BE'] as const).flatMap((type): ConfigurationFile[] => {
    const was = spec.configuration.find(({ file }) => file === type)?.properties ?? {}
    const properties = new Map(Object.entries(was))
    for (const { item, setting } of changes) {
      if (item.type !== type) continue
      if (setting.after === undefined || setting.after === item.default)
        properties.delete(item.name)
      else properties.set(item.name, setting.after)
    }
    if (properties.size === 0) return []
    const { family: service, version } = spec.software
    return [{ service, version, file: type, properties: Object.fromEntries(properties) }]
  })
}

/** `FE label_keep_max_second = 100`, as the history of operations has them. */
function shownValues({ settings }: ConfigurationRecord) {
  const shown = (of: 'before' | 'after') =>
    settings
      .flatMap(({ file, key, [of]: value }) =>
        value === undefined ? [] : [`${file} ${key} = ${value}`],
      )
      .join(', ')
  return { before: shown('before'), after: shown('after') }
}
