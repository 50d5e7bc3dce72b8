/** A strategy as it was written, with everything that its client left out (reference: examples.json). */
import type { ScalingStrategy } from '../../../../domain/scaling-strategy.ts'
import { groupIdOf } from './rule.ts'
import type {
  LoadStrategyInput,
  LoadStrategyView,
  TimeStrategyInput,
  TimeStrategyView,
} from './shape.ts'

const ENABLED = 1
const PAUSED = 3

/** One whose time is over is paused by itself. */
function statusOf(written: number, enabled: boolean): number {
  return written === ENABLED && !enabled ? PAUSED : written
}

export function viewTimeStrategy({
  written,
  number,
  enabled,
  cluster,
}: ScalingStrategy): TimeStrategyView {
  const {
    RepeatStrategy: repeat,
    Tags = [],
    GraceDownLabel = [],
    ...rest
  } = written as TimeStrategyInput
  const { DayRepeat, WeekRepeat, MonthRepeat, NotRepeat } = repeat
  return {
    ...rest,
    ConfigGroupAssigned: rest.ConfigGroupAssigned ?? '',
    SoftDeployInfo: rest.SoftDeployInfo ?? null,
    ServiceNodeInfo: rest.ServiceNodeInfo ?? null,
    StrategyStatus: statusOf(rest.StrategyStatus, enabled),
    StrategyId: number,
    GroupId: groupIdOf(cluster),
    Tags: Tags.map(({ TagKey, TagValue }) => ({ TagKey, TagValue })),
    GraceDownLabel: GraceDownLabel.map(({ Name = '', Value = '' }) => ({ Name, Value })),
    RepeatStrategy: {
      RepeatType: repeat.RepeatType,
      DayRepeat: DayRepeat ?? { ExecuteAtTimeOfDay: '', Step: 0 },
      WeekRepeat: WeekRepeat ?? { ExecuteAtTimeOfDay: '', DaysOfWeek: null },
      MonthRepeat: MonthRepeat ?? { ExecuteAtTimeOfDay: '', DaysOfMonthRange: null },
      NotRepeat: NotRepeat ?? { ExecuteAt: '' },
      Expire: repeat.Expire ?? '',
      StartTime: repeat.StartTime ?? '',
    },
  }
}

export function viewLoadStrategy({
  written,
  number,
  enabled,
  cluster,
}: ScalingStrategy): LoadStrategyView {
  const { LoadMetricsConditions: load, Tags = [], ...rest } = written as LoadStrategyInput
  return {
    ...rest,
    StrategyStatus: statusOf(rest.StrategyStatus, enabled),
    StrategyId: number,
    GroupId: groupIdOf(cluster),
    YarnNodeLabel: rest.YarnNodeLabel ?? '',
    PeriodValid: rest.PeriodValid ?? '',
    Soft: rest.Soft ?? 'yarn',
    ConfigGroupAssigned: rest.ConfigGroupAssigned ?? '',
    SoftDeployDesc: rest.SoftDeployDesc ?? null,
    ServiceNodeDesc: rest.ServiceNodeDesc ?? '',
    SoftDeployInfo: rest.SoftDeployInfo ?? null,
    ServiceNodeInfo: rest.ServiceNodeInfo ?? null,
    Tags: Tags.map(({ TagKey, TagValue }) => ({ TagKey, TagValue })),
    LoadMetricsConditions: {
      Match: load.Match,
      LoadMetrics: load.LoadMetrics.map(({ MetricId = 0, ...each }) => ({ MetricId, ...each })),
    },
  }
}
