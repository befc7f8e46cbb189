import { BUSINESS_DASHBOARD } from './business.ts';
import { EDGE_ROUTER_DASHBOARD } from './edge-router.ts';
import { OBJECTIVES_DASHBOARD } from './objectives.ts';
import { ORDERS_DASHBOARD } from './orders.ts';
import { ANALYTICS_DASHBOARD, PERFORMANCE_DASHBOARD, RESOURCES_DASHBOARD } from './original.ts';
import { PROCESSES_DASHBOARD } from './processes.ts';
import { QUEUES_DASHBOARD } from './queues.ts';
import { SERVICES_DASHBOARD } from './services.ts';
import { VERSIONS_DASHBOARD } from './versions.ts';
import type { DashboardSource } from './panel.ts';

/** Every dashboard, in the order in which a reader meets them. */
export const DASHBOARDS: readonly DashboardSource[] = [
  OBJECTIVES_DASHBOARD,
  SERVICES_DASHBOARD,
  ORDERS_DASHBOARD,
  BUSINESS_DASHBOARD,
  QUEUES_DASHBOARD,
  VERSIONS_DASHBOARD,
  EDGE_ROUTER_DASHBOARD,
  PROCESSES_DASHBOARD,
  PERFORMANCE_DASHBOARD,
  ANALYTICS_DASHBOARD,
  RESOURCES_DASHBOARD,
];
