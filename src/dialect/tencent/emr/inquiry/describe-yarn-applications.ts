/**
 * DescribeYarnApplications: the applications of YARN that were begun in a time of at most a day, the newest first. Where none of it runs,
 * the cloud answers with an empty list (reference: api.json, appendix B).
 */
import { integer, list } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { pageOf } from '../cluster/listing.ts'
import { applicationView, viewApplication } from './application-view.ts'
import { unanswered } from './unanswered.ts'
import { checkDay, offsetWindow, rangeOf } from './window.ts'

/** The only one that it has for a question that could not be answered. */
const CODE = 'InvalidParameter.ImpalaQueryException'

export const describeYarnApplications = action({
  name: 'DescribeYarnApplications',
  input: {
    InstanceId: clusterId('InvalidParameterValue'),
    ...offsetWindow,
  },
  output: { Total: integer(), Results: list(applicationView) },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    checkDay(asked, CODE)
    const { can } = await core.inquiries.of(call, asked.InstanceId)
    const all = (await can.applications?.(rangeOf(asked)).catch(unanswered(CODE))) ?? []
    const { offset, limit } = pageOf(asked.Offset, asked.Limit)
    const page = [...all]
      .sort((one, other) => other.startedMs - one.startedMs)
      .slice(offset, offset + limit)
    const jobs = await can.jobs?.(page).catch(unanswered(CODE))
    return {
      Total: all.length,
      Results: page.map((each) => viewApplication(each, jobs?.get(each.id))),
    }
  },
})
