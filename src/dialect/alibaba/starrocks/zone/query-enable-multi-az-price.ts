/** QueryEnableMultiAzPrice: what EnableMultiAz would cost more. Facts: reference alibaba-starrocks.md 3.2 (Multi-AZ), 6.11. */
import { action } from '../action.ts'
import { changeAsks } from '../node-group/change.ts'
import { inquire } from '../price/inquiry.ts'
import { priceView, viewModule } from '../price/view.ts'
import { instanceResources } from '../shape.ts'
import { multiZoneFaults, multiZoneMembers, observersAdded } from './observer.ts'

export const queryEnableMultiAzPrice = action({
  name: 'QueryEnableMultiAzPrice',
  input: multiZoneMembers,
  output: { Data: priceView },
  faults: multiZoneFaults,
  asks: changeAsks,
  resources: (call, input) => instanceResources(call, [input.instanceId]),
  async run(core, call, input) {
    const { Data } = await inquire(core, call, await observersAdded(core, call, input))
    const modules = Data.ComponentPrices.map(({ ComponentName, OriginalAmount }) =>
      viewModule(ComponentName, OriginalAmount),
    )
    return { Data: { ...Data, ModuleInstance: modules } }
  },
})
