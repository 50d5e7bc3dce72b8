/** Members that requests about backups share. */
import { shortText } from '../shape.ts'

export const backupTaskId = shortText('Backup task id', 'bt-0123456789abcdef')
