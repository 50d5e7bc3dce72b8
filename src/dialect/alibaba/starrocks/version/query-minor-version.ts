/**
 * QueryMinorVersion: the newest minor version of a major one, which new instances run; of the default one when none is named.
 * Facts: reference alibaba-starrocks.md 3.2 (Versions), 11.1.
 */
import { optional, text } from '../../../../shape/shape.ts'
import { checkVersion, defaultVersion, newestMinorOf } from '../../catalogue/version.ts'
import { action } from '../action.ts'
import { refuseProblems } from '../node-group/rules.ts'
import { regionId, shortText } from '../shape.ts'

export const queryMinorVersion = action({
  name: 'QueryMinorVersion',
  input: { RegionId: optional(regionId), Version: optional(shortText('Version', '3.3')) },
  output: { Data: text() },
  faults: ['ParametersRefused'],
  async run(_core, _call, { Version = defaultVersion }) {
    const newest = newestMinorOf(Version)
    if (!newest) refuseProblems(checkVersion(Version))
    return { Data: newest?.text ?? '' }
  },
})
