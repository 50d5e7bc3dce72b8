/** ModifyGlobalConfig: settings of the schedulers, for the next deployment; the switch is thrown at once (reference: api.json, appendix B). */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { list, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { clusterExtension, type ClusterExtension } from '../cluster/extension.ts'
import { invalid, unsupported } from '../refusal.ts'
import { defaultSettings, isFlag, mappingOverride, userMaxApps } from './global.ts'
import {
  fileOf,
  latest,
  requireYarn,
  withDraft,
  withEnabled,
  withScheduler,
  type Scheduler,
} from './schedule.ts'
import { yarnCluster } from './shape.ts'

interface Item {
  readonly Key: string
  readonly Value: string
}

export const modifyGlobalConfig = action({
  name: 'ModifyGlobalConfig',
  input: {
    InstanceId: yarnCluster,
    Items: list(object({ Key: text({ max: 128 }), Value: text({ max: 256 }) }), {
      min: 1,
      max: 20,
    }),
  },
  output: {},
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, Items }) {
    await core.clusters.setExtension(call, id, {
      verb: 'draft-schedule',
      extension(was) {
        requireYarn(was)
        const next = Items.reduce(
          (it, item, at) => ({ ...it, extension: applied(it, item, at) }),
          was,
        )
        return next.extension
      },
    })
    return {}
  },
})

const NULL = 'null'

function applied(cluster: Cluster, { Key, Value }: Item, at: number): ClusterExtension {
  const key = Key.toLowerCase()
  const name = `Items.${at}.Value`
  const check = (isRight: boolean, rule: string) => {
    if (!isRight) throw invalid({ name, code: 'InvalidParameter', rule, value: Value })
  }
  const set = (scheduler: Scheduler, property: string) => {
    const { [property]: _before, ...rest } = latest(cluster, fileOf[scheduler])
    const next = Value === NULL ? rest : { ...rest, [property]: Value }
    return withDraft(cluster, fileOf[scheduler], next)
  }
  switch (key) {
    case 'enableresourceschedule':
      check(isFlag(Value), 'it must be true or false')
      return withEnabled(cluster, Value === 'true')
    case 'sync':
      check(isFlag(Value), 'it must be true or false')
      // What is in force is the cluster's configuration: there are never two that differ.
      return clusterExtension(cluster)
    case 'scheduler':
      check(Value === 'capacity' || Value === 'fair', 'it must be capacity or fair')
      return withScheduler(cluster, Value as Scheduler)
    case 'enablelabel':
    case 'labeldir':
      throw unsupported(`Items.${at}`, 'nodes have no labels')
    case 'queuemappingoverride':
      check(isFlag(Value) || Value === NULL, 'it must be true, false or null')
      return set('capacity', mappingOverride)
    case 'usermaxappsdefault':
      check(/^\d{1,9}$/.test(Value) || Value === NULL, 'it must be a number or null')
      return set('fair', userMaxApps)
    default: {
      const known = defaultSettings.find((each) => each.name === key)
      if (!known) {
        const rule = 'there is no such setting'
        throw invalid({ name: `Items.${at}.Key`, code: 'InvalidParameter', rule, value: Key })
      }
      check(Value === NULL || known.isRight(Value), known.prompt)
      return set('capacity', known.key)
    }
  }
}
