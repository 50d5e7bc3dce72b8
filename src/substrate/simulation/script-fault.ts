/**
 * Which scripts fail: simulated nodes run nothing, so the server's administrator says what a script would end with. Decided when
 * a script starts; forgotten when the server restarts.
 */
import type { Script } from '../../domain/script.ts'
import { limits } from '../../limits.ts'
import type { ScriptFault, ScriptFaults } from '../port.ts'

export interface ScriptFaultTable extends ScriptFaults {
  /** 0 unless the script is to fail. */
  exitCodeOf(script: Pick<Script, 'name' | 'uri'>): number
}

export function scriptFaultTable(): ScriptFaultTable {
  let faults: readonly ScriptFault[] = []
  const without = (script: string) => faults.filter((each) => each.script !== script)
  return {
    list: () => faults,
    put(fault) {
      faults = [fault, ...without(fault.script)].slice(0, limits.faultSwitches)
    },
    remove(script) {
      const before = faults.length
      faults = script === undefined ? [] : without(script)
      return before - faults.length
    },
    exitCodeOf: ({ name, uri }) =>
      faults.find(({ script }) => script === name || script === uri)?.exitCode ?? 0,
  }
}
