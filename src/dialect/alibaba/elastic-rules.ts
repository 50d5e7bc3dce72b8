/**
 * How nodes of this cloud's instances come and go by scaling rules: as further nodes of their group, up to what a group may have,
 * paid for by the hour. Facts: reference alibaba-starrocks.md 4.2, 5.2, 11.5.
 */
import type { ElasticRules } from '../../app/scaling-rule/scale-by-rule.ts'
import { Fault } from '../../domain/fault.ts'
import { nodeNumberRange } from './catalogue/node-group.ts'
import { notWithin } from './catalogue/problem.ts'
import { problemsRefused } from './faults.ts'
import { product } from './starrocks/action.ts'
import { instanceExtension } from './starrocks/instance/extension.ts'
import { furtherNodes } from './starrocks/node-group/new-group.ts'
import { termsOf } from './starrocks/node-group/terms.ts'
import { requireHourly } from './starrocks/scaling-rule/rule.ts'

export const elasticRules: ElasticRules = {
  product,
  newNodes({ cluster, group, count }, random) {
    requireHourly(cluster)
    const { packageType } = instanceExtension(cluster)
    const range = nodeNumberRange({ component: 'CN', packageType, defaultGroup: false })
    const total = group.nodes.length + count
    const problems = range ? notWithin('Number of be', total, range) : []
    if (problems.length > 0)
      throw new Fault('ParametersRefused', { refusals: problemsRefused(problems) })
    return furtherNodes(group, count, random)
  },
  termsOf: (parts) => termsOf(parts, undefined),
}
