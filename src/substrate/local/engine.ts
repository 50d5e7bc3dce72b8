/**
 * What the local substrate needs of an engine: a program to start and a way to talk to it. The substrate decides where and with
 * how much; the engine decides what its files hold and how it is asked.
 */
import type { Endpoint } from '../../domain/cluster/status.ts'

/** One instance as the substrate wants it to run. Sizes are what the machine may give it, not what the cloud would have. */
export interface EngineWanted {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly generation: number
  /** A directory of its own, which it alone writes to; made and removed by the substrate. */
  readonly directory: string
  /** The address that is its own, and its ports there, in the order of `standardPorts`. */
  readonly host: string
  readonly ports: readonly number[]
  /** What clients are told instead of `host`, if anything. */
  readonly advertisedHost: string | undefined
  readonly threads: number
  readonly memoryMib: number
  readonly quotaBytes: number
  readonly nodes: readonly EngineNode[]
  /** Opens a secret of the cluster by name. */
  readonly reveal: (secret: string) => string | undefined
}

export interface EngineNode {
  readonly id: string
  readonly role: string
  readonly group: string
  readonly zone: string
  readonly host: string
}

export interface EngineHealth {
  /** The program's own process id: how one is found again whose starter died before it could write it down. */
  readonly pid: number
  readonly answering: boolean
  readonly generation: number
  readonly endpoints: readonly Endpoint[]
}

export interface EngineCommand {
  readonly program: string
  readonly args: readonly string[]
  /** What its process must find in its environment before it starts. */
  readonly env?: Readonly<Record<string, string>>
}

export interface LocalEngine {
  readonly family: string
  /** The roles whose size decides how much of the machine an instance gets. */
  readonly workers: readonly string[]
  /** Where its clients look for it. */
  readonly standardPorts: readonly number[]
  /** Writes what the program needs into the directory, all or nothing. */
  prepare(wanted: EngineWanted): void
  /** What starts a prepared one. Not remembered: a newer Emrys, or one in another place, starts its own program. */
  command(directory: string): EngineCommand
  /** Whether the directory holds exactly this; if so nothing needs to be written. */
  isPrepared(wanted: EngineWanted): boolean
  /** Applies a changed preparation to the running program without a restart. False when it has to be restarted. */
  update(directory: string): Promise<boolean>
  /** Asks the program; undefined when nobody answers. Bounded in time. */
  health(directory: string): Promise<EngineHealth | undefined>
  /** The program's own figures in Prometheus' text form; empty when nobody answers within seconds, or at too great length. */
  metrics(directory: string): Promise<string>
  /** The name of its log in the directory; older parts of it end in `.1`, `.2` and so on. */
  readonly logFile: string
}
