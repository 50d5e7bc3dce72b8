/**
 * Which scripts fail: simulated nodes run nothing, so whoever runs the server says what a script would end with. Decided when
 * a script starts; forgotten when the server restarts.
 */
import type { Script } from '../../domain/script.ts'
import { limits } from '../../limits.ts'

export interface ScriptFault {
  /** The name or the whole address of the script. */
  readonly script: string
  readonly exitCode: number
}

export interface ScriptFaults {
  scriptFaults(): readonly ScriptFault[]
  /** Replaces the one of the same script. */
  putScriptFault(it: ScriptFault): void
  /** Those of one script or all; returns how many there were. */
  removeScriptFaults(script?: string): number
}

export function scriptFaults(): ScriptFaults & {
  /** 0 unless the script is to fail. */
  exitCodeOf(script: Pick<Script, 'name' | 'uri'>): number
} {
  let faults: readonly ScriptFault[] = []
  const without = (script: string) => faults.filter((each) => each.script !== script)
  return {
    scriptFaults: () => faults,
    putScriptFault(it) {
      faults = [it, ...without(it.script)].slice(0, limits.faultSwitches)
    },
    removeScriptFaults(script) {
      const before = faults.length
      faults = script === undefined ? [] : without(script)
      return before - faults.length
    },
    exitCodeOf: ({ name, uri }) =>
      faults.find(({ script }) => script === name || script === uri)?.exitCode ?? 0,
  }
}
