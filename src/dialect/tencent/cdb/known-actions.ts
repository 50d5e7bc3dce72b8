/** The names of all 179 actions of the MySQL service, 2017-03-20, as the vendor's Go SDK has them. */
export const knownActions: ReadonlySet<string> = new Set(
  `
    AddTimeWindow AdjustCdbProxy AdjustCdbProxyAddress AnalyzeAuditLogs AssociateSecurityGroups
    BalanceRoGroupLoad CheckMigrateCluster CloseAuditService CloseCDBProxy CloseCdbProxyAddress
    CloseSSL CloseWanService CreateAccounts CreateAuditLogFile CreateAuditPolicy CreateAuditRule
    CreateAuditRuleTemplate CreateBackup CreateCdbProxy CreateCdbProxyAddress CreateCloneInstance
    CreateDBImportJob CreateDBInstance CreateDBInstanceHour CreateDatabase CreateDeployGroup
    CreateParamTemplate CreateRoInstanceIp CreateRotationPassword DeleteAccounts
    DeleteAuditLogFile DeleteAuditPolicy DeleteAuditRule DeleteAuditRuleTemplates DeleteBackup
    DeleteDatabase DeleteDeployGroups DeleteParamTemplate DeleteRotationPassword DeleteTimeWindow
    DescribeAccountPrivileges DescribeAccounts DescribeAsyncRequestInfo DescribeAuditConfig
    DescribeAuditInstanceList DescribeAuditLogFiles DescribeAuditLogs DescribeAuditPolicies
    DescribeAuditRuleTemplateModifyHistory DescribeAuditRuleTemplates DescribeAuditRules
    DescribeBackupConfig DescribeBackupDecryptionKey DescribeBackupDownloadRestriction
    DescribeBackupEncryptionStatus DescribeBackupOverview DescribeBackupSummaries DescribeBackups
    DescribeBinlogBackupOverview DescribeBinlogs DescribeCPUExpandStrategyInfo
    DescribeCdbProxyInfo DescribeCdbZoneConfig DescribeCloneList DescribeClusterInfo
    DescribeCpuExpandHistory DescribeDBFeatures DescribeDBImportRecords DescribeDBInstanceCharset
    DescribeDBInstanceConfig DescribeDBInstanceGTID DescribeDBInstanceInfo
    DescribeDBInstanceLogToCLS DescribeDBInstanceRebootTime DescribeDBInstances DescribeDBPrice
    DescribeDBSecurityGroups DescribeDBSwitchRecords DescribeDataBackupOverview DescribeDatabases
    DescribeDefaultParams DescribeDeployGroupList DescribeDeviceMonitorInfo DescribeErrorLogData
    DescribeInstanceAlarmEvents DescribeInstanceParamRecords DescribeInstanceParams
    DescribeInstancePasswordComplexity DescribeInstanceUpgradeCheckJob DescribeInstanceUpgradeType
    DescribeLocalBinlogConfig DescribeParamTemplateInfo DescribeParamTemplates
    DescribeProjectSecurityGroups DescribeProxyCustomConf DescribeProxySupportParam
    DescribeRemoteBackupConfig DescribeRoGroups DescribeRoMinScale DescribeRollbackRangeTime
    DescribeRollbackTaskDetail DescribeSSLStatus DescribeSlowLogData DescribeSlowLogs
    DescribeSupportedPrivileges DescribeTableColumns DescribeTables DescribeTagsOfInstanceIds
    DescribeTasks DescribeTimeWindow DescribeUploadedFiles DisassociateSecurityGroups
    InquiryPriceUpgradeInstances IsolateDBInstance ModifyAccountDescription ModifyAccountHost
    ModifyAccountMaxUserConnections ModifyAccountPassword ModifyAccountPrivileges
    ModifyAuditConfig ModifyAuditRule ModifyAuditRuleTemplates ModifyAuditService
    ModifyAutoRenewFlag ModifyBackupConfig ModifyBackupDownloadRestriction
    ModifyBackupEncryptionStatus ModifyCdbProxyAddressDesc ModifyCdbProxyAddressVipAndVPort
    ModifyCdbProxyParam ModifyDBInstanceLogToCLS ModifyDBInstanceModes ModifyDBInstanceName
    ModifyDBInstanceProject ModifyDBInstanceReadOnlyStatus ModifyDBInstanceSecurityGroups
    ModifyDBInstanceVipVport ModifyInstanceChargeType ModifyInstanceDestroyProtect
    ModifyInstanceParam ModifyInstancePasswordComplexity ModifyInstanceTag ModifyLocalBinlogConfig
    ModifyNameOrDescByDpId ModifyParamTemplate ModifyProtectMode ModifyRemoteBackupConfig
    ModifyRoGroupInfo ModifyRoGroupVipVport ModifyTimeWindow OfflineIsolatedInstances
    OpenAuditService OpenDBInstanceEncryption OpenDBInstanceGTID OpenSSL OpenWanService
    ReleaseIsolatedDBInstances ReloadBalanceProxyNode RenewDBInstance ResetPassword
    ResetRootAccount RestartDBInstances StartBatchRollback StartCpuExpand StartReplication
    StopCpuExpand StopDBImportJob StopReplication StopRollback SubmitInstanceUpgradeCheckJob
    SwitchCDBProxy SwitchDBInstanceMasterSlave SwitchDrInstanceToMaster SwitchForUpgrade
    UpgradeCDBProxyVersion UpgradeDBInstance UpgradeDBInstanceEngineVersion UpgradeRoGroup
    VerifyRootAccount
  `
    .trim()
    .split(/\s+/),
)
