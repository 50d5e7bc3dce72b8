/** ModifyAutoScaleStrategy: other members for strategies, all of them or none (reference: appendix B, api.json). */
import { Fault } from '../../../../domain/fault.ts'
import { integer, list, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { missing } from '../refusal.ts'
import { checkGroup, checkType, decide, strategyNotFound } from './rule.ts'
import { loadStrategy, timeStrategy } from './shape.ts'

const LIST = 'TimeAutoScaleStrategies'

export const modifyAutoScaleStrategy = action({
  name: 'ModifyAutoScaleStrategy',
  input: {
    InstanceId: clusterId('InvalidParameter.InvalidStrategy'),
    StrategyType: integer(),
    LoadAutoScaleStrategies: optional(list(loadStrategy, { max: 30 })),
    TimeAutoScaleStrategies: optional(list(timeStrategy, { max: 30 })),
    GroupId: optional(integer({ min: 0 })),
  },
  output: {},
  faults: ['ClusterNotFound', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id, StrategyType, TimeAutoScaleStrategies = [], GroupId }) {
    checkType(StrategyType)
    checkGroup(id, GroupId)
    if (TimeAutoScaleStrategies.length === 0) throw missing(LIST)
    const nowMs = core.clock.now()
    const requests = TimeAutoScaleStrategies.map((input, at) => {
      const path = `${LIST}.${at}`
      if (input.StrategyId === undefined) throw missing(`${path}.StrategyId`)
      return { number: input.StrategyId, decide: decide({ path, input, nowMs }) }
    })
    await core.scalingStrategies.put(call, id, requests).catch((problem: unknown) => {
      if (!(problem instanceof Fault) || problem.code !== 'ScalingRuleNotFound') throw problem
      const { id: number } = (problem as Fault<'ScalingRuleNotFound'>).facts
      const lost = requests.findIndex((each) => String(each.number) === number)
      throw strategyNotFound(`${LIST}.${lost}.StrategyId`, Number(number), id)
    })
    return {}
  },
})
