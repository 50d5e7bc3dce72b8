/**
 * Every name of the founding document of Alibaba Cloud's CreateInstanceV1 (E-MapReduce Serverless StarRocks, 2022-10-19),
 * spelled as there: its parameters with the members of their objects, what it answers, and how it refuses.
 */
const groupMembers =
  'cu storageSize storagePerformanceLevel diskNumber residentNodeNumber specType localStorageInstanceType zoneId'

export const parameters = words(`
  body InstanceName AdminPassword Version AutoRenew RunMode RegionId PackageType PayType VpcId PricingCycle
  VSwitches VSwitches.VswId VSwitches.ZoneId ZoneId OssAccessingRoleName Duration Tags Tags.Key Tags.Value
  ResourceGroupId ClientToken PromotionOptionNo Encrypted KmsKeyId GatewayType AgentNodeGroup AgentNodeGroup.cu AutoPay
  LinkedRamUserName DlfCatalogName DlfCatalogType PrincipalType RamUserId
`)

export const groupParameters = [
  'ObserverNodeGroups',
  'BackendNodeGroups',
  'FrontendNodeGroups',
].flatMap((group) => [group, ...words(groupMembers).map((member) => `${group}.${member}`)])

export const answers = words(`
  HttpStatusCode RequestId Success ErrCode ErrMessage Data Data.OrderId Data.InstanceId AccessDeniedDetail
  AccessDeniedDetail.PolicyType AccessDeniedDetail.AuthPrincipalOwnerId AccessDeniedDetail.EncodedDiagnosticMessage
  AccessDeniedDetail.AuthPrincipalType AccessDeniedDetail.AuthPrincipalDisplayName AccessDeniedDetail.NoPermissionType
  AccessDeniedDetail.AuthAction
`)

/** The document names `InvalidParams` and the permission; the other refusals are those of its list of error codes. */
export const refusals = words(`
  sr:CreateInstanceV1 InvalidParams Forbidden.RAM IdempotentParameterMismatch Throttling.User ServiceUnavailable
  creating_failed
`)

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}
