import type { Attributes } from '@opentelemetry/api';
import { readFileSync } from 'node:fs';
import { arch, hostname, platform, release, version } from 'node:os';
import { basename } from 'node:path';
import type { ResourceDetectorName, TracingConfig } from './tracing-config.ts';

/** What the process can find out about where it runs; `env` and `serviceinstance` belong to a service. */
type Detector = (config: TracingConfig) => Attributes;

const DETECTORS: Readonly<Partial<Record<ResourceDetectorName, Detector>>> = {
  container: () =>
    defined({
      'container.id': containerId(text('/proc/self/cgroup'), text('/proc/self/mountinfo')),
    }),
  host: () =>
    defined({
      'host.name': hostname(),
      'host.arch': ARCHITECTURES[arch()] ?? arch(),
      'host.id': firstLine('/etc/machine-id'),
    }),
  k8s: ({ kubernetes }) => kubernetes,
  os: () => ({
    'os.type': SYSTEMS[platform()] ?? platform(),
    'os.version': release(),
    'os.description': version(),
  }),
  // Not its arguments: they may hold a password.
  process: () =>
    defined({
      'process.pid': process.pid,
      'process.command': process.argv[1],
      'process.executable.name': basename(process.execPath),
      'process.executable.path': process.execPath,
      'process.runtime.name': 'nodejs',
      'process.runtime.version': process.versions.node,
      'process.runtime.description': 'Node.js',
    }),
};

/** Node's names for what the conventions name otherwise. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: 'x86', arm: 'arm32' };
const SYSTEMS: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris' };

/** The attributes that the detectors of `config` find. */
export function detected(config: TracingConfig): Attributes {
  const found = config.resourceDetectors.map((name) => DETECTORS[name]?.(config) ?? {});
  return Object.assign({}, ...found) as Attributes; // of objects that each are
}

/** 64 hex digits, in the names of a process's control groups or, with version 2 of them, of what is mounted. */
export function containerId(groups: string, mounts: string): string | undefined {
  const group = /(?:[-/:])([\da-f]{64})(?:\.scope)?$/m.exec(groups)?.[1];
  return group ?? /\/([\da-f]{64})\/(?:hostname|resolv\.conf|hosts)\s/.exec(mounts)?.[1];
}

function firstLine(file: string): string | undefined {
  return text(file).split('\n')[0];
}

/** Empty where the system has no such file. */
function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function defined(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== undefined && value !== ''),
  );
}
