/** UpdateBackup: another description of a backup; absent and empty are one. Facts: reference alibaba-starrocks.md 3.2. */
import { flag, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceResources, regionId } from '../shape.ts'
import { backupTaskId } from './shape.ts'

const DESCRIPTION_MAX = 256

export const updateBackup = action({
  name: 'UpdateBackup',
  input: {
    backupTaskId,
    description: optional(
      text({
        max: DESCRIPTION_MAX,
        message: `Description should have at most ${DESCRIPTION_MAX} characters`,
        example: 'before the move',
      }),
    ),
    RegionId: optional(regionId),
  },
  output: { Data: flag() },
  faults: ['BackupNotFound'],
  asks: ['identity'],
  listing: true,
  resources: (call) => instanceResources(call, []),
  async run(core, call, input) {
    await core.backups.describe(call, input.backupTaskId, input.description ?? '')
    return { Data: true }
  },
})
