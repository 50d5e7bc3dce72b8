/**
 * What the history of operations calls each operation. The service records what takes its time; renaming, tagging and moving are
 * done with their answer and have no word. Facts: reference alibaba-starrocks.md 5.3 (OperationType), 14 (10).
 */

/** Every type that the service has; a filter may name any of them. Families are spelled out as its clients know them. */
export const operationTypes: readonly string[] = [
  ...singleTypes(),
  ...resourceChanges('fe', 'disk_performance_level'),
  ...resourceChanges('be', 'disk_performance_level'),
  // Compute nodes leave the `_level` out.
  ...resourceChanges('cn', 'disk_performance'),
]

const typeOfVerb: ReadonlyMap<string, string> = new Map([
  ['create', 'create_cluster'],
  ['delete', 'delete_cluster'],
  ['isolate', 'disable_cluster'],
  ['restore', 'enable_cluster'],
  ['renew', 'renew_cluster'],
])

/** The verbs that the history shows. */
export const recordedVerbs: readonly string[] = [...typeOfVerb.keys()]

export function operationType(verb: string): string {
  return typeOfVerb.get(verb) ?? ''
}

/** The verbs that have this type; none for types of operations that are not built. */
export function verbsOf(type: string): readonly string[] {
  return recordedVerbs.filter((verb) => typeOfVerb.get(verb) === type)
}

function singleTypes(): readonly string[] {
  return `
  trial_to_official upgrade_version rollback_upgrade_version update_configuration
  update_public_network_status create_cluster delete_cluster disable_cluster enable_cluster
  restart_cluster migrate_cluster renew_cluster modify_charge_type UPGRADE DOWNGRADE
  create_node_group delete_node_group disable_node_group enable_node_group restart_node_group
  restart_node sre_operation resource_change disable_postpaid_resource
  enable_postpaid_resource enable_ha_cluster backup delete_backup cancel_backup_task restore
  modify_timezone switch_az create_agent upgrade_agent_cu upgrade_be_spec_type
  downgrade_be_spec_type upgrade_cn_spec_type downgrade_cn_spec_type elastic_scale_out_cn
  elastic_scale_in_cn
  `
    .trim()
    .split(/\s+/)
}

function resourceChanges(component: string, performance: string): readonly string[] {
  return [
    `scale_out_${component}`,
    `scale_in_${component}`,
    `upgrade_${component}_cu`,
    `downgrade_${component}_cu`,
    `increase_${component}_disk_size`,
    `decrease_${component}_disk_size`,
    `increase_${component}_disk_number`,
    `decrease_${component}_disk_number`,
    `upgrade_${component}_${performance}`,
    `downgrade_${component}_${performance}`,
  ]
}
