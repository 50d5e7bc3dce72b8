/** The names of all 106 actions of the machine service, 2017-03-12, as the vendor's Go SDK has them. */
export const knownActions: ReadonlySet<string> = new Set(
  `
    AllocateHosts AssociateInstancesKeyPairs AssociateSecurityGroups ConfigureChcAssistVpc
    ConfigureChcDeployVpc ConvertOperatingSystems CreateDisasterRecoverGroup CreateHpcCluster
    CreateImage CreateKeyPair CreateLaunchTemplate CreateLaunchTemplateVersion
    DeleteDisasterRecoverGroups DeleteHpcClusters DeleteImages DeleteInstancesActionTimer
    DeleteInstancesDisasterRecoverGroups DeleteKeyPairs DeleteLaunchTemplate
    DeleteLaunchTemplateVersions DescribeAccountQuota DescribeChcDeniedActions DescribeChcHosts
    DescribeDisasterRecoverGroupQuota DescribeDisasterRecoverGroups DescribeHosts
    DescribeHpcClusters DescribeImageFromFamily DescribeImageQuota DescribeImageSharePermission
    DescribeImages DescribeImportImageOs DescribeInstanceFamilyConfigs
    DescribeInstanceInternetBandwidthConfigs DescribeInstanceTypeConfigs DescribeInstanceVncUrl
    DescribeInstances DescribeInstancesActionTimer DescribeInstancesAttributes
    DescribeInstancesModification DescribeInstancesOperationLimit DescribeInstancesStatus
    DescribeInternetChargeTypeConfigs DescribeKeyPairs DescribeLaunchTemplateVersions
    DescribeLaunchTemplates DescribeRegions DescribeResourcePoolPackInstances
    DescribeResourcePoolPackTypeConfigs DescribeResourcePoolPacks DescribeTaskInfo
    DescribeZoneInstanceConfigInfos DescribeZones DisassociateInstancesKeyPairs
    DisassociateSecurityGroups EnterRescueMode ExitRescueMode ExportImages ImportImage
    ImportInstancesActionTimer ImportKeyPair InquirePricePurchaseResourcePoolPacks
    InquiryPriceModifyInstancesChargeType InquiryPriceRenewHosts InquiryPriceRenewInstances
    InquiryPriceResetInstance InquiryPriceResetInstancesInternetMaxBandwidth
    InquiryPriceResetInstancesType InquiryPriceResizeInstanceDisks InquiryPriceRunInstances
    InquiryPriceTerminateInstances ModifyChcAttribute ModifyChcNetworkMode
    ModifyDisasterRecoverGroupAttribute ModifyHostsAttribute ModifyHpcClusterAttribute
    ModifyImageAttribute ModifyImageSharePermission ModifyInstanceDiskType
    ModifyInstancesAttribute ModifyInstancesChargeType ModifyInstancesDisasterRecoverGroup
    ModifyInstancesProject ModifyInstancesRenewFlag ModifyInstancesVpcAttribute
    ModifyKeyPairAttribute ModifyLaunchTemplateDefaultVersion ProgramFpgaImage
    PurchaseResourcePoolPacks RebootInstances RemoveChcAssistVpc RemoveChcDeployVpc RenewHosts
    RenewInstances RepairTaskControl ResetInstance ResetInstancesInternetMaxBandwidth
    ResetInstancesPassword ResetInstancesType ResizeInstanceDisks RunInstances StartInstances
    StopInstances SyncImages TerminateInstances TerminateResourcePoolPacks
  `
    .trim()
    .split(/\s+/),
)
