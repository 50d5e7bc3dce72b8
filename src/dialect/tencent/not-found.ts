/**
 * The code for a cluster that is not there is each action's own: those whose published list has another one than most (reference:
 * tencent-emr.md appendix B).
 */

const usual = 'ResourceNotFound.InstanceNotFound'

const others: readonly (readonly [code: string, actions: string])[] = [
  [
    'ResourceNotFound.ClusterNotFound',
    `CreateDynamicInstance CreateGroupsSTD DescribeEmrOverviewMetrics DescribeHBaseTableOverview DescribeHBaseTableRequestMetric
    DescribeHBaseTableStoreSizeMetric DescribeHDFSStorageInfo DescribeHiveQueries DescribeImpalaQueries DescribeInsightList
    DescribeInspectionTaskResult DescribeJobFlow DescribeKyuubiQueryInfo DescribeSparkApplications DescribeTrinoQueryInfo
    DescribeYarnApplications ModifyDynamicInstance ModifyPodNum TerminateDynamicInstances`,
  ],
  [
    'InvalidParameter.InvalidClusterId',
    'DescribeDAGInfo DescribeDynamicInstanceDetail DescribeDynamicInstanceList DescribeSparkQueries DescribeStarRocksQueryInfo',
  ],
  ['InvalidParameter', 'ModifyInspectionSettings'],
]

const codes = new Map(
  others.flatMap(([code, actions]) => actions.split(/\s+/).map((name) => [name, code] as const)),
)

export function clusterNotFoundCode(action: string | undefined): string {
  return codes.get(action ?? '') ?? usual
}
