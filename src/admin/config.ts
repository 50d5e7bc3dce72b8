/** The configuration that is in force, and where each setting came from. */
import { json, type Page } from './page.ts'

export interface ConfigPageOptions {
  readonly inForce: readonly {
    readonly name: string
    readonly value: string
    readonly from: string
  }[]
}

export function configPage({ inForce }: ConfigPageOptions): Page {
  return {
    method: 'GET',
    path: '/_emrys/config',
    does: 'the configuration in force, and from where',
    run: async () => json({ settings: inForce }),
  }
}
