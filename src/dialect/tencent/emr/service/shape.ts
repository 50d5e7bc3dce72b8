/** A process of a service as its clients read it (reference: api.json, ServiceNodeDetailInfo). */
import {
  flag,
  integer,
  list,
  nullable,
  object,
  text,
  type Static,
} from '../../../../shape/shape.ts'

const detection = object({
  DetectAlert: text(),
  DetetcFunctionKey: nullable(text()),
  DetetcFunctionValue: nullable(text()),
  DetetcTime: nullable(text()),
  DetectFunctionKey: text(),
  DetectFunctionValue: text(),
  DetectTime: text(),
})

const health = object({ Code: integer(), Text: text(), Desc: text() })

const stopPolicy = object({
  Name: text(),
  DisplayName: text(),
  Describe: text(),
  BatchSizeRange: list(integer()),
  IsDefault: text(),
})

export const processView = object({
  Ip: text(),
  NodeType: integer(),
  NodeName: text(),
  ServiceStatus: integer(),
  MonitorStatus: integer(),
  Status: integer(),
  PortsInfo: text(),
  LastRestartTime: text(),
  Flag: integer(),
  ConfGroupId: integer(),
  ConfGroupName: text(),
  ConfStatus: integer(),
  ServiceDetectionInfo: nullable(list(detection)),
  NodeFlagFilter: text(),
  HealthStatus: nullable(health),
  IsSupportRoleMonitor: flag(),
  StopPolicies: nullable(list(stopPolicy)),
  HAState: text(),
  NameService: text(),
  IsFederation: flag(),
  DataNodeMaintenanceState: integer(),
})

export type ProcessView = Static<typeof processView>
