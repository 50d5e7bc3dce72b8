/** What DescribeClusterFlowStatusDetail answers (reference: tencent-emr.md 5.9). */
import {
  decimal,
  flag,
  integer,
  list,
  nullable,
  object,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'

const pair = object({ PKey: text(), PValue: text() })

const stage = object({
  Stage: text(),
  Name: text(),
  IsShow: flag(),
  IsSubFlow: flag(),
  SubFlowFlag: text(),
  Status: integer(),
  Desc: text(),
  Progress: decimal(),
  Starttime: text(),
  Endtime: text(),
  HadWoodDetail: flag(),
  WoodJobId: integer(),
  LanguageKey: text(),
  FailedReason: text(),
  TimeConsuming: text(),
  Id: integer(),
})

export const flowOutput = {
  StageDetails: nullable(list(stage)),
  FlowDesc: nullable(list(pair)),
  FlowName: text(),
  FlowTotalProgress: decimal(),
  FlowTotalStatus: integer(),
  FlowExtraDetail: nullable(list(object({ Title: text(), Detail: list(pair) }))),
  FlowInfo: text(),
}

export type FlowView = Static<TObject<typeof flowOutput>>
