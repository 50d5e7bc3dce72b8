/** The configuration that is in force, and where each setting came from. */
import type { AdminContext } from './context.ts'
import { json, type Page } from './page.ts'

export function configPage({ inForce }: Pick<AdminContext, 'inForce'>): Page {
  return {
    method: 'GET',
    path: '/_emrys/config',
    does: 'the configuration in force, and from where',
    run: async () => json({ settings: inForce }),
  }
}
