/**
 * Another kind of machine for the nodes of a group, with the memory that its CUs have. Machines with local disks are no choice: their
 * disks would have to be made of others, and no member says of which. Facts: reference alibaba-starrocks.md 3.2 (Resource change), 4.2.
 */
import { Fault } from '../../../../domain/fault.ts'
import { notIn } from '../../catalogue/problem.ts'
import { zoneOf } from '../../catalogue/region.ts'
import { hasLocalDisks, specTypesFor } from '../../catalogue/spec-type.ts'
import { shortText } from '../shape.ts'
import type { GroupResize } from './resize.ts'
import { refuseProblems, requireCloudDisks, type ChangeableGroup } from './rules.ts'

export const specTypeText = shortText('Target spec type', 'standard')

export const specTypeTarget = { TargetSpecType: specTypeText }

/** Without a target, whichever other type the group could have: a pre-check need not name one. */
export const specType: GroupResize<string | undefined> = {
  aspect: 'machine',
  what: 'Spec type',
  restarts: true,
  next(it, target) {
    const { now, label } = it
    requireCloudDisks(it, 'Changing the spec type')
    const sold = choicesOf(it)
    const chosen = target ?? sold.find((name) => name !== now.specType)
    if (chosen === undefined) {
      const detail = `${now.specType} is the only one that there is`
      throw new Fault('NotSupported', { what: `Another spec type of ${label}`, detail })
    }
    refuseProblems(notIn(`Spec type of ${label}`, chosen, sold))
    return { ...now, specType: chosen }
  },
  shown: (target = '') => target,
}

/** With cloud disks, and sold in the zone of the group. */
function choicesOf({ now, place }: ChangeableGroup): readonly string[] {
  const here = zoneOf(now.zoneId ?? '')?.zone.specTypes
  return specTypesFor(place.component, place.packageType)
    .map(({ name }) => name)
    .filter((name) => !hasLocalDisks(name) && (here?.includes(name) ?? true))
}
