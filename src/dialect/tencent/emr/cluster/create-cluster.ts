/** CreateCluster: a cluster, by the newer schema: the same cluster as CreateInstance makes (reference: tencent-emr.md 1, 5.11). */
import { text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { renaming } from '../renaming.ts'
import { clusterCreation } from './cluster-shape.ts'
import { createFrom, creationFaults } from './creation.ts'
import { translate } from './translation.ts'

export const createCluster = action({
  name: 'CreateCluster',
  input: clusterCreation,
  output: { InstanceId: text() },
  faults: creationFaults,
  async run(core, call, input) {
    const { ClientToken: token, ...parameters } = input
    const earlier = await core.clusters.created(call, {
      parameters: { ...parameters, Region: call.region },
      token,
    })
    if (earlier) return { InstanceId: earlier.cluster }
    const { creation, names } = translate(input)
    const made = renaming({ names, codes: CODES }, () =>
      createFrom(core, call, { input: creation, parameters }),
    )
    return { InstanceId: await made }
  },
})

/** What this action's own list has in place of CreateInstance's codes (2.9). */
const SCRIPT = 'InvalidParameter.InvalidScriptBootstrapActionConfig'
const CODES: ReadonlyMap<string, string> = new Map([
  ['InvalidParameter.InvalidPreExecutedFile', SCRIPT],
  ['InvalidParameter.InvalidCosFileURI', SCRIPT],
  ['InvalidParameter.InvalidSecuritySupport', 'InvalidParameter.KerberosSupport'],
  ['InvalidParameter.InvalidProductId', 'InvalidParameter.InvalidProductVersion'],
])
