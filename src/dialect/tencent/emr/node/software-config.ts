/**
 * What a request says that runs on its nodes: it decides nothing, and lets a client's plan be checked against what the components place
 * there (reference: api.json, ServiceDeploy and NodeResourceSpec.SoftwareConfig).
 */
import type { DaemonPlacement } from '../../../../domain/cluster/daemon.ts'
import type { NodeResourceInput } from '../cluster/cluster-shape.ts'
import { given, invalid } from '../refusal.ts'
import { titleOfLabel } from '../service/placement.ts'

export interface Deployment {
  readonly daemons: readonly DaemonPlacement[]
  readonly role: string
}

const CODE = 'InvalidParameter.InvalidSoftDeployInfo'

/** Throws InvalidSoftDeployInfo for a process that does not run on such nodes. */
export function checkSoftwareConfig(
  name: string,
  { SoftwareConfig = [] }: Pick<NodeResourceInput, 'SoftwareConfig'>,
  { daemons, role }: Deployment,
): void {
  const here = daemons.filter(({ roles }) => roles.includes(role))
  for (const [at, { SoftwareName, Roles = [] }] of SoftwareConfig.entries()) {
    const path = `${name}.SoftwareConfig.${at}`
    const label = given(SoftwareName) ?? ''
    const own = here.filter(({ service }) => service === titleOfLabel(label))
    if (own.length === 0) {
      const rule = `nothing of it runs on ${role} nodes`
      throw invalid({ name: `${path}.SoftwareName`, code: CODE, rule, value: label })
    }
    const wrong = Roles.find((each) => own.every((daemon) => daemon.name !== each))
    if (wrong === undefined) continue
    const rule = `on ${role} nodes it has ${own.map((daemon) => daemon.name).join(', ')}`
    throw invalid({ name: `${path}.Roles`, code: CODE, rule, value: wrong })
  }
}
