/** What the demo does with each cloud: the same five things, by that cloud's own client. */

export interface Progress {
  readonly phase: 'coming' | 'running' | 'going' | 'gone' | 'failed'
  /** The state in the cloud's own words. */
  readonly said: string
  readonly done: number
  readonly all: number
}

export interface Act {
  readonly client: string
  readonly what: string
  create(): Promise<string>
  look(): Promise<Progress>
  /** Rows of: cloud, id, name, version, state, nodes, region. */
  describe(): Promise<readonly (readonly string[])[]>
  release(): Promise<void>
}
