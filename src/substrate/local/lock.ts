/** What the engines of this machine need beside what is installed, as their folders pin it. */
import objectStore from '../../../engines/object-store/lock.json' with { type: 'json' }
import starrocks from '../../../engines/starrocks/lock.json' with { type: 'json' }
import type { EngineLock } from '../../artifact/lock.ts'

export const starrocksLock = starrocks as EngineLock
export const objectStoreLock = objectStore as EngineLock

export const engineLocks: readonly EngineLock[] = [starrocksLock, objectStoreLock]
