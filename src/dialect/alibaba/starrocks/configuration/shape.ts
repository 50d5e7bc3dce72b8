/** What the requests about an instance's configuration have in common. Facts: reference alibaba-starrocks.md 3.2 (Configuration), 6.4. */
import type { DependencyName } from '../../../../domain/dependency.ts'
import type { FaultCode } from '../../../../domain/fault.ts'
import { limits } from '../../../../limits.ts'
import { list, object, optional, text, type Static } from '../../../../shape/shape.ts'
import { nodeGroupId } from '../node-group/change.ts'
import { shortText } from '../shape.ts'

const VALUE_MAX = 255
const REASON_MAX = 1024

export const configKey = shortText('Config key', 'label_keep_max_second')

const itemInput = object({
  configKey,
  configType: shortText('Config type', 'FE'),
  configValue: optional(
    text({
      max: VALUE_MAX,
      message: `Config value should have at most ${VALUE_MAX} characters`,
      example: '86400',
    }),
  ),
  nodeGroupId: optional(nodeGroupId),
})

export type ItemInput = Static<typeof itemInput>

export const itemList = (label: string) =>
  optional(list(itemInput, { max: limits.configurationChanges, label: `Number of ${label}` }))

export const itemMembers = {
  configsToAdd: itemList('configs to add'),
  configsToDelete: itemList('configs to delete'),
  configsToUpdate: itemList('configs to update'),
}

export const reason = text({
  max: REASON_MAX,
  message: `Reason should have at most ${REASON_MAX} characters`,
  example: 'shorter retention',
})

/** Milliseconds from 1970 to the end of the year 9999. */
export const moments = { min: 0, max: 253_402_300_799_999 }

export const configurationFaults: readonly FaultCode[] = [
  'ClusterNotFound',
  'ClusterBusy',
  'ParametersRefused',
  'NotSupported',
]

export const configurationAsks: readonly DependencyName[] = ['identity', 'configuration']
