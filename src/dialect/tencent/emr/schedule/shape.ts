/** What the requests about the resource schedule have in common. */
import { choice } from '../../../../shape/shape.ts'
import { clusterId } from '../cluster/cluster-id.ts'

export const yarnCluster = clusterId('InvalidParameter.InvalidInstanceName')
export const schedulerName = choice(['capacity', 'fair'])
