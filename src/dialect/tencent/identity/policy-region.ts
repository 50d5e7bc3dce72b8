/**
 * CAM writes regions in two spellings, `gz` and `ap-guangzhou`; requests carry the full one. The full names are those of
 * reference tencent-emr.md 6.5; the short ones are the region codes of the cloud's billing and CAM pages.
 */
import { hasWildcard, wildcardMatcher } from '../../../domain/wildcard-matcher.ts'

export function fullRegion(region: string): string {
  return fullNames.get(region) ?? region
}

/** The patterns that together match, in full spelling, every region that the given one matches in either. */
export function regionSpellings(pattern: string): readonly string[] {
  if (pattern === '*') return ['*']
  if (!hasWildcard(pattern)) return [fullRegion(pattern)]
  const matches = wildcardMatcher(pattern)
  const byShortName = [...fullNames].filter(([short]) => matches(short))
  return [pattern, ...byShortName.map(([, full]) => full)]
}

const fullNames: ReadonlyMap<string, string> = new Map([
  ['bj', 'ap-beijing'],
  ['bjjr', 'ap-beijing-fsi'],
  ['ca', 'na-toronto'],
  ['cd', 'ap-chengdu'],
  ['cq', 'ap-chongqing'],
  ['de', 'eu-frankfurt'],
  ['gz', 'ap-guangzhou'],
  ['gzopen', 'ap-guangzhou-open'],
  ['hk', 'ap-hongkong'],
  ['in', 'ap-mumbai'],
  ['jkt', 'ap-jakarta'],
  ['jp', 'ap-tokyo'],
  ['kr', 'ap-seoul'],
  ['nj', 'ap-nanjing'],
  ['ru', 'eu-moscow'],
  ['sao', 'sa-saopaulo'],
  ['sg', 'ap-singapore'],
  ['sh', 'ap-shanghai'],
  ['shjr', 'ap-shanghai-fsi'],
  ['szjr', 'ap-shenzhen-fsi'],
  ['th', 'ap-bangkok'],
  ['use', 'na-ashburn'],
  ['usw', 'na-siliconvalley'],
])
