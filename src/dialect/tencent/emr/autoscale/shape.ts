/** Autoscaling strategies as clients write them, and as they read them back (reference: api.json, TimeAutoScaleStrategy). */
import {
  choice,
  decimal,
  flag,
  integer,
  list,
  nullable,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { tag } from '../cluster/create-shape.ts'

const SECONDS_MAX = 86_400
const NODES_MAX = 1_000
const number = integer({ min: 0, max: 1_000_000 })
const timeOfDay = text({ trim: true, max: 32 })
/** Clients send empty texts for what they leave open. */
const left = { '': 'DEFAULT' } as const
const measure = choice(['DEFAULT', 'INSTANCE', 'CPU', 'MEMORYGB'], {
  default: 'DEFAULT',
  aliases: left,
})

const label = object({ Name: optional(text({ max: 128 })), Value: optional(text({ max: 128 })) })

const repeat = object({
  RepeatType: choice(['DAY', 'DOW', 'DOM', 'NONE']),
  DayRepeat: optional(
    object({ ExecuteAtTimeOfDay: timeOfDay, Step: integer({ min: 1, max: 365 }) }),
  ),
  WeekRepeat: optional(
    object({
      ExecuteAtTimeOfDay: timeOfDay,
      DaysOfWeek: list(integer({ min: 1, max: 7 }), { min: 1, max: 7 }),
    }),
  ),
  MonthRepeat: optional(
    object({
      ExecuteAtTimeOfDay: timeOfDay,
      DaysOfMonthRange: list(integer({ min: 1, max: 31 }), { min: 1, max: 2 }),
    }),
  ),
  NotRepeat: optional(object({ ExecuteAt: timeOfDay })),
  Expire: optional(timeOfDay),
  StartTime: optional(timeOfDay),
})

export const timeStrategy = object({
  StrategyName: text({ trim: true, min: 1, max: 64, code: 'InvalidParameter.InvalidStrategy' }),
  IntervalTime: integer({ min: 0, max: SECONDS_MAX }),
  ScaleAction: integer({ allowed: [1, 2], code: 'InvalidParameter.InvalidScaleAction' }),
  ScaleNum: integer({ min: 1, max: NODES_MAX, code: 'InvalidParameter.InvalidStrategy' }),
  StrategyStatus: integer({ allowed: [1, 2, 3], code: 'InvalidParameter.InvalidStrategy' }),
  Priority: integer({ min: 0, max: NODES_MAX, code: 'InvalidParameter.InvalidStrategyPriority' }),
  RetryValidTime: integer({ min: 0, max: SECONDS_MAX }),
  RepeatStrategy: repeat,
  StrategyId: optional(number),
  GraceDownFlag: flag({ default: false }),
  GraceDownTime: integer({ min: 0, max: 1_800, default: 0 }),
  GraceDownProtectFlag: flag({ default: false }),
  Tags: optional(list(tag, { max: 20 })),
  ConfigGroupAssigned: optional(text({ max: 1_024 })),
  MeasureMethod: measure,
  TerminatePolicy: choice(['DEFAULT', 'TIMING'], { default: 'DEFAULT', aliases: left }),
  MaxUse: integer({ min: 0, max: SECONDS_MAX, default: 0 }),
  SoftDeployInfo: optional(list(number, { max: 50 })),
  ServiceNodeInfo: optional(list(number, { max: 50 })),
  CompensateFlag: integer({ allowed: [0, 1], default: 0 }),
  GroupId: integer({ min: 0, default: 0 }),
  GraceDownLabel: optional(list(label, { max: 20 })),
  GraceDownProtectTime: integer({ min: 0, max: SECONDS_MAX, default: 0 }),
})

const condition = object({
  StatisticPeriod: integer(),
  TriggerThreshold: integer(),
  LoadMetrics: text({ trim: true, max: 256 }),
  MetricId: optional(integer()),
  Conditions: list(object({ CompareMethod: integer(), Threshold: decimal() }), { max: 10 }),
})

export const loadStrategy = object({
  StrategyName: text({ trim: true, min: 1, max: 64, code: 'InvalidParameter.InvalidStrategy' }),
  CalmDownTime: integer({ min: 0, max: SECONDS_MAX, default: 0 }),
  ScaleAction: integer({ allowed: [1, 2], code: 'InvalidParameter.InvalidScaleAction' }),
  ScaleNum: integer({ min: 1, max: NODES_MAX, code: 'InvalidParameter.InvalidStrategy' }),
  ProcessMethod: integer({
    allowed: [0, 1, 2, 3],
    default: 3,
    code: 'InvalidParameter.InvalidProcessMethod',
  }),
  StrategyStatus: integer({ allowed: [1, 2, 3], code: 'InvalidParameter.InvalidStrategy' }),
  Priority: integer({
    min: 0,
    max: NODES_MAX,
    default: 0,
    code: 'InvalidParameter.InvalidStrategyPriority',
  }),
  LoadMetricsConditions: object({
    LoadMetrics: list(condition, { max: 10 }),
    Match: integer({ allowed: [0, 1], default: 0 }),
  }),
  StrategyId: optional(number),
  YarnNodeLabel: optional(text({ max: 128 })),
  PeriodValid: optional(text({ max: 1_024 })),
  GraceDownFlag: flag({ default: false }),
  GraceDownTime: integer({ min: 0, max: 1_800, default: 0 }),
  GraceDownProtectFlag: flag({ default: false }),
  GraceDownProtectTime: integer({ min: 0, max: SECONDS_MAX, default: 0 }),
  Tags: optional(list(tag, { max: 20 })),
  ConfigGroupAssigned: optional(text({ max: 1_024 })),
  MeasureMethod: measure,
  SoftDeployDesc: optional(list(text({ max: 64 }), { max: 50 })),
  ServiceNodeDesc: optional(text({ max: 1_024 })),
  ServiceNodeInfo: optional(list(number, { max: 50 })),
  SoftDeployInfo: optional(list(number, { max: 50 })),
  GroupId: integer({ min: 0, default: 0 }),
  Soft: optional(text({ max: 64 })),
})

const tagView = object({ TagKey: text(), TagValue: text() })
const days = nullable(list(integer()))

const repeatView = object({
  RepeatType: text(),
  DayRepeat: object({ ExecuteAtTimeOfDay: text(), Step: integer() }),
  WeekRepeat: object({ ExecuteAtTimeOfDay: text(), DaysOfWeek: days }),
  MonthRepeat: object({ ExecuteAtTimeOfDay: text(), DaysOfMonthRange: days }),
  NotRepeat: object({ ExecuteAt: text() }),
  Expire: text(),
  StartTime: text(),
})

export const timeStrategyView = object({
  StrategyName: text(),
  IntervalTime: integer(),
  ScaleAction: integer(),
  ScaleNum: integer(),
  StrategyStatus: integer(),
  Priority: integer(),
  RetryValidTime: integer(),
  RepeatStrategy: repeatView,
  StrategyId: integer(),
  GraceDownFlag: flag(),
  GraceDownTime: integer(),
  GraceDownProtectFlag: flag(),
  Tags: list(tagView),
  ConfigGroupAssigned: text(),
  MeasureMethod: text(),
  TerminatePolicy: text(),
  MaxUse: integer(),
  SoftDeployInfo: days,
  ServiceNodeInfo: days,
  CompensateFlag: integer(),
  GroupId: integer(),
  GraceDownLabel: list(object({ Name: text(), Value: text() })),
  GraceDownProtectTime: integer(),
})

export const loadStrategyView = object({
  StrategyId: integer(),
  StrategyName: text(),
  CalmDownTime: integer(),
  ScaleAction: integer(),
  ScaleNum: integer(),
  ProcessMethod: integer(),
  Priority: integer(),
  StrategyStatus: integer(),
  YarnNodeLabel: text(),
  PeriodValid: text(),
  GraceDownFlag: flag(),
  GraceDownTime: integer(),
  GraceDownProtectFlag: flag(),
  GraceDownProtectTime: integer(),
  Tags: list(tagView),
  ConfigGroupAssigned: text(),
  MeasureMethod: text(),
  SoftDeployDesc: nullable(list(text())),
  ServiceNodeDesc: text(),
  ServiceNodeInfo: days,
  SoftDeployInfo: days,
  LoadMetricsConditions: object({
    LoadMetrics: list(
      object({
        StatisticPeriod: integer(),
        TriggerThreshold: integer(),
        LoadMetrics: text(),
        MetricId: integer(),
        Conditions: list(object({ CompareMethod: integer(), Threshold: decimal() })),
      }),
    ),
    Match: integer(),
  }),
  GroupId: integer(),
  Soft: text(),
})

export type LoadStrategyInput = Static<typeof loadStrategy>
export type LoadStrategyView = Static<typeof loadStrategyView>
export type TimeStrategyInput = Static<typeof timeStrategy>
export type TimeStrategyView = Static<typeof timeStrategyView>
