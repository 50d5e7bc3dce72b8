/** ModifyNodeNumber: more nodes for a group, or fewer. Facts: reference alibaba-starrocks.md 3.2 (Resource change). */
import { integer, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceResources } from '../shape.ts'
import {
  changeAsks,
  changeFaults,
  groupMembers,
  numberTarget,
  orderMembers,
  orderOutput,
} from './change.ts'
import { modify } from './modification.ts'
import { nodeNumberOf } from './node-number.ts'

const NODES_MAX = 100
/** A day; no source says how long nodes may take. */
const GRACE_MAX = 86_400

export const modifyNodeNumber = action({
  name: 'ModifyNodeNumber',
  input: {
    ...groupMembers,
    ...orderMembers,
    ...numberTarget,
    Parallelism: optional(integer({ min: 1, max: NODES_MAX, label: 'Parallelism' })),
    TerminationGracePeriodSeconds: optional(
      integer({ min: 0, max: GRACE_MAX, label: 'Termination grace period seconds' }),
    ),
  },
  output: orderOutput,
  faults: [...changeFaults, 'ResourceFull'],
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  run: (core, call, input) => modify(core, call, nodeNumberOf(core, input)),
})
