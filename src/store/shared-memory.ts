/**
 * What the servers of one store remember together for a short time. It is lost when the store's engine crashes, as what a server
 * remembers by itself is lost with the server, and by nothing else. Times are the engine's own, so that servers whose clocks differ agree.
 */
export interface SharedMemory {
  /** False when somebody has claimed the key already, within the time that they asked for. */
  claim(key: string, keepMs: number): Promise<boolean>
  /** Counts in the second that passes now; returns how often the key was counted in it. */
  tick(key: string): Promise<number>
  note(key: string, value: number, keepMs: number): Promise<void>
  noted(key: string): Promise<number | undefined>
}
