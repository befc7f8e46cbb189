import { SERVICE_NAMES } from '@sockshop/parts';
import { z } from 'zod';

/** Instances of one version at most. */
export const MOST_INSTANCES = 20;
/** With less, Node does not start a service. */
export const LEAST_MEMORY_MIB = 64;

/** No word of it can be an option of the engine's client. */
export const IMAGE = /^\w[\w.:/@-]{0,254}$/;

const service = z.enum(SERVICE_NAMES);
/** A name of a version, which is part of the names of its instances. */
export const VERSION = /^[A-Za-z0-9][\w.-]{0,30}$/;
/** A cookie or a header, as the router can compare it. */
export const PAIR = /^[\w-]+=[\w.~-]+$/;
const version = z.string().regex(VERSION, 'letters, digits, dots and hyphens, 31 at most');
const instances = z.int().min(1).max(MOST_INSTANCES);
const percent = z.number().min(0).max(100).multipleOf(0.01);
const pair = z.string().regex(PAIR, 'NAME=VALUE, the value of letters, digits, . _ ~ and -');
const variables = z.record(
  z.string().regex(/^[A-Za-z_][\w.]*$/, 'a name of a variable'),
  z.string().regex(/^[^\0]*$/, 'a text without a zero byte'),
);
const dir = z.string().startsWith('/', 'an absolute path');
const image = z.string().regex(IMAGE, 'the name of an image');
const off = z.literal(true);

const code = { set: variables.optional(), dir: dir.optional(), image: image.optional() };
const oneBuild = [
  ({ dir, image }: { dir?: unknown; image?: unknown }) => dir === undefined || image === undefined,
  { error: 'give dir or image, not both' },
] as const;

/** The bodies of `POST /mesh/COMMAND`, by command. */
export const REQUESTS = {
  scale: z.strictObject({ service, instances, version: version.optional() }),
  resize: z
    .strictObject({
      service,
      version: version.optional(),
      memoryMiB: z.int().min(LEAST_MEMORY_MIB).max(1_048_576).nullable().optional(),
      cpu: z.number().min(0.05).max(256).nullable().optional(),
    })
    .refine(({ memoryMiB, cpu }) => memoryMiB !== undefined || cpu !== undefined, {
      error: 'give memoryMiB, cpu or both',
    }),
  deploy: z
    .strictObject({ service, version, instances: instances.default(1), ...code })
    .refine(...oneBuild),
  canary: z.union([
    z.strictObject({ service, version, share: percent }),
    z.strictObject({
      service,
      version,
      auto: z.literal(true),
      maxErrorRate: z.number().min(0).max(1).default(0.01),
      maxP95Ms: z.number().positive().optional(),
      steps: z
        .array(percent.min(0.01))
        .min(1)
        .max(20)
        .refine((steps) => steps.every((step, at) => at === 0 || step > (steps[at - 1] ?? 0)), {
          error: 'each step must be above the one before',
        })
        .default([10, 25, 50, 100]),
      requests: z.int().min(10).max(1_000_000).default(200),
    }),
  ]),
  promote: z.strictObject({ service, version }),
  rollback: z.strictObject({ service }),
  ab: z.union([
    z.strictObject({ service, version, cookie: pair }),
    z.strictObject({ service, version, header: pair }),
    z.strictObject({ service, off }),
  ]),
  limit: z.strictObject({ service, perSecond: z.int().min(1).max(1_000_000).nullable() }),
  breaker: z.union([
    z
      .strictObject({
        service,
        errors: z.int().min(1).max(10_000).optional(),
        holdSeconds: z.int().min(1).max(3600).optional(),
        requests: z.int().min(1).max(100_000).optional(),
      })
      .refine(({ errors, requests }) => errors !== undefined || requests !== undefined, {
        error: 'give errors, requests or both',
      }),
    z.strictObject({ service, off }),
  ]),
  upgrade: z.strictObject({ service, version, ...code }).refine(...oneBuild),
} as const;

export type CommandName = keyof typeof REQUESTS;
export type Request<C extends CommandName> = z.output<(typeof REQUESTS)[C]>;
/** As a client sends it: what has a default may be missing. */
export type RequestBody<C extends CommandName> = z.input<(typeof REQUESTS)[C]>;

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(REQUESTS, name);
}
