/**
 * How CAM says no (reference: tencent-emr.md 6.7 for the sentence, 6.8 for the codes).
 *
 * Which code an action uses is its own published list's choice; an action that lists none is refused by the gateway.
 */
import type { Decision } from '../../../domain/policy.ts'
import { canonicalAction } from './policy-language.ts'

export interface AccessDenied {
  readonly code: string
  readonly message: string
}

export interface DeniedRequest {
  readonly action: string
  /** The resource that was refused, six segments; used when the decision does not name one. */
  readonly resource: string
}

type Denial = Extract<Decision, { effect: 'deny' }>

export function accessDenied(denial: Denial, request: DeniedRequest): AccessDenied {
  const action = canonicalAction(request.action)
  const resource = denial.resource ?? request.resource
  return {
    code: denialCode(action),
    message: `you are not authorized to perform operation (${action}) resource (${resource}) has no permission`,
  }
}

function denialCode(action: string): string {
  const name = action.replace(/^emr:/, '')
  if (checkedByService.has(name)) return 'UnauthorizedOperation.CheckCamAuth'
  if (refusedByService.has(name)) return 'UnauthorizedOperation'
  return 'AuthFailure.UnauthorizedOperation'
}

/** Actions whose published list has the code of a failed CAM check (5.1 to 5.4, appendix B). */
const checkedByService: ReadonlySet<string> = new Set(
  `
    AddMetricScaleStrategy AddNodeResourceConfig CreateSLInstance DeleteAutoScaleStrategy
    DeleteGroupsSTD DeleteNodeResourceConfig DeleteUserManagerUserList DeployYarnConf
    DescribeAutoScaleGroupGlobalConf DescribeBootScript DescribeClusterFlowStatusDetail
    DescribeClusterNodes DescribeInstanceOplog DescribeInstances DescribeInstancesList
    DescribeSLInstance DescribeSLInstanceList DescribeServiceConfGroupInfos
    DescribeServiceNodeInfos DescribeUsersForUserManager DescribeYarnQueue InstallSoftware
    ModifyAutoScaleStrategy ModifyBootScript ModifyInstanceBasic ModifyResourcePools
    ModifyResourceScheduleConfig ModifySLInstance ModifySLInstanceBasic ModifyUserGroup
    ModifyUserManagerPwd ModifyUsersOfGroupSTD ModifyYarnQueueV2 ResetYarnConfig
    ResizeDataDisks SetNodeResourceConfigDefault StartStopServiceOrMonitor TerminateInstance
    TerminateSLInstance
  `
    .trim()
    .split(/\s+/),
)

/** Those that list the general code instead. */
const refusedByService: ReadonlySet<string> = new Set(['CreateCloudInstance', 'DescribeNodeSpec'])
