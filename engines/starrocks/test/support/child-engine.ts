/** An engine on the machine's own clock, for processes that tests kill. */
import { openEngine } from '../../src/engine/engine.ts'
import type { EngineOptions } from '../../src/engine/engine.ts'
import { systemClock } from '../../../../src/kernel/clock.ts'
import { silentLogger } from '../../../../src/kernel/log.ts'
import { identity, limits } from './open-engine.ts'

export const openChildEngine = (
  directory: string,
  more: Pick<EngineOptions, 'volume' | 'protection'> = {},
): ReturnType<typeof openEngine> =>
  openEngine({ directory, clock: systemClock(), log: silentLogger(), limits, identity, ...more })
