/** What services that use HDFS and YARN need to know of them: the files that their clients are configured with, and how they are asked. */
import type { DaemonPlan } from '../../src/substrate/local/service.ts'
import { bucketFiles } from './src/bucket.ts'
import { clientSite, coreSite } from './src/hdfs.ts'
import { yarnClientSite } from './src/yarn.ts'

export { bucketPreparation } from './src/bucket.ts'
export { fileSystemOf } from './src/hdfs.ts'
export { shippedClass } from './src/shipped-class.ts'
export { taggedApplications } from './src/yarn.ts'
export { ELSEWHERE, jobMark } from './src/map-reduce-job.ts'
export {
  bean,
  beans,
  type Bean,
  findJson,
  findText,
  restJson,
  siteXml,
  type Properties,
} from './src/site.ts'

export function clientFiles(plan: DaemonPlan): Readonly<Record<string, string>> {
  return {
    ...bucketFiles(plan),
    'core-site.xml': coreSite(plan),
    'hdfs-site.xml': clientSite(plan),
    'yarn-site.xml': yarnClientSite(plan),
  }
}
