import type { ServiceName } from '@sockshop/parts';
import { type BackendLines, CHECK, MAPS, type Slot } from './configuration.ts';
import type { Instance, ServiceState } from './router-state.ts';

/** The server lines of a version: a start has at once what was added while an earlier process ran. */
export function backendLines(state: ServiceState | undefined, slot: Slot): BackendLines {
  const version = [...(state?.versions.values() ?? [])].find((each) => each.slot === slot);
  const instances = [...(version?.instances.values() ?? [])].filter(
    ({ name }) => version?.draining.has(name) !== true,
  );
  return {
    checked: instances.map((each) => `server ${serverLine(each)} ${CHECK}`),
    unchecked: instances.map((each) => `server ${serverLine(each)}`),
  };
}

/** As both a configuration and the command `add server` take it. */
export function serverLine({ name, host, port }: Instance): string {
  return `${name} ${host}:${port}`;
}

/** The text of each map file. */
export function mapTexts(
  services: ReadonlyMap<ServiceName, ServiceState>,
): readonly (readonly [string, string])[] {
  const lines = (of: (state: ServiceState) => string | undefined): string =>
    [...services.values()]
      .map(of)
      .filter((line) => line !== undefined)
      .map((line) => `${line}\n`)
      .join('');
  return [
    [MAPS.shares, lines((state) => `${state.service} ${state.sharesValue()}`)],
    [MAPS.limits, lines((state) => `${state.service} ${state.limit ?? 0}`)],
    [
      MAPS.breakers,
      lines((state) => {
        const value = state.breakerValue();
        return value === undefined ? undefined : `${state.service} ${value}`;
      }),
    ],
    [MAPS.variants, lines((state) => (state.variant ? `${state.service} 1` : undefined))],
    [
      MAPS.variantRules,
      lines((state) => {
        const rule = state.variantRule();
        return rule && `${rule.pattern} ${rule.slot}`;
      }),
    ],
  ];
}
