/**
 * Every name of the founding document of Tencent Cloud's CreateInstance (2019-01-03), spelled as there: its parameters with the
 * members of their objects, the common parameters that it refers to, what it answers, and its 67 error codes.
 */
export const commonParameters = words(`
  Action Version Region Timestamp Nonce SecretId Signature SignatureMethod Token Language
`)

export const parameters = words(`
  ProductId VPCSettings VPCSettings.VpcId VPCSettings.SubnetId Software.N ResourceSpec SupportHA InstanceName PayMode
  Placement Placement.Zone Placement.ProjectId TimeSpan TimeUnit
  LoginSettings LoginSettings.Password LoginSettings.PublicKeyId
  COSSettings COSSettings.CosSecretId COSSettings.CosSecretKey COSSettings.LogOnCosPath SgId
  PreExecutedFileSettings.N ${members(
    'PreExecutedFileSettings.N',
    'Path Args Bucket Region Domain RunOrder WhenRun CosFileName CosFileURI CosSecretId CosSecretKey AppId Remark',
  )}
  AutoRenew ClientToken NeedMasterWan RemoteLoginAtCreate CheckSecurity ExtendFsField
  Tags.N Tags.N.TagKey Tags.N.TagValue DisasterRecoverGroupIds.N CbsEncrypt
  MetaType UnifyMetaInstanceId MetaDBInfo
  ${members('MetaDBInfo', 'MetaDataJdbcUrl MetaDataUser MetaDataPass')} ApplicationRole
`)

export const resourceParameters = words(
  members(
    'ResourceSpec',
    `MasterResourceSpec CoreResourceSpec TaskResourceSpec CommonResourceSpec MasterCount CoreCount TaskCount CommonCount
     ${members(
       '*ResourceSpec',
       `Spec StorageType DiskType MemSize Cpu DiskSize RootSize MultiDisks.N MultiDisks.N.DiskType MultiDisks.N.Volume
        MultiDisks.N.Count Tags.N Tags.N.TagKey Tags.N.TagValue InstanceType LocalDiskNum DiskNum`,
     )}`,
  ),
)

export const answers = words('InstanceId RequestId')

export const errorCodes = words(`
  FailedOperation FailedOperation.DuplicateOrderNotAllowed InternalError
  ${members(
    'InternalError',
    `AccountCgwError CamCgwError CamError CbsCgwError CbsError CdbCgwError CdbError CheckQuotaErr ConfigCgwError CvmError
     KmsError ProjectCgwError SgError TagError TradeCgwError VpcCgwError VpcError`,
  )}
  InvalidParameter
  ${members(
    'InvalidParameter',
    `IncorrectCommonCount IncorrectMasterCount InvaildCoreCount InvalidAutoRenew InvalidClientToken InvalidComponent
     InvalidCoreCount InvalidDiskSize InvalidExtendField InvalidInstanceName InvalidLoginSetting InvalidMetaType
     InvalidPassword InvalidPaymode InvalidPreExecutedFile InvalidProductId InvalidProjectId InvalidResourceSpec
     InvalidSercurityGrpupId InvalidServiceName InvalidSoftDeployInfo InvalidSoftInfo InvalidSoftWare
     InvalidSoftWareVersion InvalidSubnetId InvalidSupportHA InvalidTimeSpan InvalidTimeUnit InvalidVpcId InvalidZone
     NotContainMustSelectSoftware PayModeResourceNotMatch SoftwareNotInProduct UngrantedPolicy UngrantedRole
     ZoneResourceNotMatch`,
  )}
  InvalidParameterValue MissingParameter ResourceInsufficient.DiskInsufficient
  ResourceInsufficient.InstanceInsufficient ResourceNotFound.TagsNotFound ResourcesSoldOut.
  ResourcesSoldOut.CbsSoldOut ResourcesSoldOut.CvmSoldOut UnknownParameter UnsupportedOperation
`)

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}

export function members(of: string, names: string): string {
  return words(names)
    .map((name) => `${of}.${name}`)
    .join(' ')
}
