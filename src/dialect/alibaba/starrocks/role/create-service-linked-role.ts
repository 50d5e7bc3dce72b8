/**
 * CreateServiceLinkedRole: the role without which an account can create no instance. One that is there already is as good.
 * Facts: reference alibaba-starrocks.md 3.2, 4.3 (X16).
 */
import { flag, integer } from '../../../../shape/shape.ts'
import { SERVICE_ROLE } from '../../identity/identity-rules.ts'
import { action } from '../action.ts'
import { instanceResources } from '../shape.ts'

export const createServiceLinkedRole = action({
  name: 'CreateServiceLinkedRole',
  input: {},
  output: { Data: flag(), Total: integer() },
  faults: ['LimitReached'],
  asks: ['identity'],
  resources: (call) => instanceResources(call, []),
  async run(core, call) {
    await core.identity.ensureServiceRole(call, SERVICE_ROLE)
    return { Data: true, Total: 1 }
  },
})
