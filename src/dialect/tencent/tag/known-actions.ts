/** The names of all 31 actions of the tag service, 2018-08-13, as the vendor's Go SDK has them. */
export const knownActions: ReadonlySet<string> = new Set(
  `
    AddProject AddResourceTag AttachResourcesTag CreateTag CreateTags DeleteResourceTag DeleteTag
    DeleteTags DescribeProjects DescribeResourceTags DescribeResourceTagsByResourceIds
    DescribeResourceTagsByResourceIdsSeq DescribeResourceTagsByTagKeys DescribeResourcesByTags
    DescribeResourcesByTagsUnion DescribeTagKeys DescribeTagValues DescribeTagValuesSeq
    DescribeTags DescribeTagsSeq DetachResourcesTag GetResources GetTagKeys GetTagValues GetTags
    ModifyResourceTags ModifyResourcesTagValue TagResources UnTagResources UpdateProject
    UpdateResourceTagValue
  `
    .trim()
    .split(/\s+/),
)
