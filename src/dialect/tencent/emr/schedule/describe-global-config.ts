/** DescribeGlobalConfig: whether YARN's resource schedule is on, and the settings of its schedulers (reference: examples.json). */
import { flag, integer, list, nullable, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { defaultSettings, mappingOverride, userMaxApps } from './global.ts'
import {
  activeScheduler,
  fileOf,
  isEnabled,
  latest,
  latestScheduler,
  requireYarn,
} from './schedule.ts'
import { yarnCluster } from './shape.ts'

const setting = object({
  Name: text(),
  Desc: text(),
  Prompt: text(),
  Key: text(),
  Value: nullable(text()),
})

export const describeGlobalConfig = action({
  name: 'DescribeGlobalConfig',
  input: { InstanceId: yarnCluster },
  output: {
    EnableResourceSchedule: flag(),
    ActiveScheduler: text(),
    CapacityGlobalConfig: object({
      EnableLabel: flag(),
      LabelDir: nullable(text()),
      QueueMappingOverride: nullable(flag()),
      DefaultSettings: list(setting),
    }),
    FairGlobalConfig: object({ UserMaxAppsDefault: nullable(integer()) }),
    Scheduler: text(),
  },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id }) {
    const cluster = await core.clusters.get(call, id)
    requireYarn(cluster)
    const capacity = latest(cluster, fileOf.capacity)
    const apps = latest(cluster, fileOf.fair)[userMaxApps]
    const override = capacity[mappingOverride]
    return {
      EnableResourceSchedule: isEnabled(cluster),
      ActiveScheduler: activeScheduler(cluster),
      CapacityGlobalConfig: {
        EnableLabel: false,
        LabelDir: null,
        QueueMappingOverride: override === undefined ? null : override === 'true',
        DefaultSettings: defaultSettings.map(({ name, desc, prompt, key }) => ({
          Name: name,
          Desc: desc,
          Prompt: prompt,
          Key: key,
          Value: capacity[key] ?? null,
        })),
      },
      FairGlobalConfig: { UserMaxAppsDefault: apps === undefined ? null : Number(apps) },
      Scheduler: latestScheduler(cluster),
    }
  },
})
