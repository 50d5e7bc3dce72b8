/** ScaleOutInstance: more nodes of one role, of the role's specification (reference: tencent-emr.md 5.5, 7.1). */
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { checkToken } from '../cluster/option.ts'
import { addNodes, additionFaults, additionOutput, viewAddition } from './addition.ts'
import { refuseUnsupported } from './scale-out.ts'
import { scaleOut } from './scale-out-shape.ts'

export const scaleOutInstance = action({
  name: 'ScaleOutInstance',
  input: scaleOut,
  output: additionOutput,
  faults: additionFaults,
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, input) {
    const { ClientToken, ...parameters } = input
    refuseUnsupported(input)
    const token = checkToken(ClientToken)
    const key = { token, parameters: { ...parameters, Region: call.region } }
    const id = input.InstanceId
    const earlier = await core.clusters.started(call, key)
    const started = earlier ?? (await addNodes(core, call, { id, input, key }))
    return viewAddition({ id, token, started })
  },
})
