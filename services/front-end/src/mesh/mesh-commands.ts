import { z } from 'zod';

const service = z.string().regex(/^[a-z][a-z-]{0,30}$/);
const version = z.string().regex(/^[\w.-]{1,40}$/);
const share = z.number().min(0).max(100);
const off = z.strictObject({ service, off: z.literal(true) });

/**
 * The commands that a page may give, with their bodies as the launcher takes them. Not variables and folders of a new version: they could
 * make the launcher run any program.
 */
const BODIES = {
  scale: z.strictObject({
    service,
    instances: z.int().min(1).max(20),
    version: version.optional(),
  }),
  resize: z.strictObject({
    service,
    memoryMiB: z.int().positive().nullable().optional(),
    cpu: z.number().positive().nullable().optional(),
    version: version.optional(),
  }),
  deploy: z.strictObject({ service, version }),
  upgrade: z.strictObject({ service, version }),
  canary: z.union([
    z.strictObject({ service, version, share }),
    z.strictObject({
      service,
      version,
      auto: z.literal(true),
      maxErrorRate: z.number().min(0).max(1),
      maxP95Ms: z.number().positive(),
      steps: z.array(share).min(1).max(20),
      requests: z.int().positive().optional(),
    }),
  ]),
  promote: z.strictObject({ service, version }),
  rollback: z.strictObject({ service }),
  ab: z.union([
    z.strictObject({ service, version, cookie: z.string().max(100) }),
    z.strictObject({ service, version, header: z.string().max(100) }),
    off,
  ]),
  limit: z.strictObject({ service, perSecond: z.number().positive().nullable() }),
  breaker: z.union([
    z.strictObject({
      service,
      errors: z.int().positive().optional(),
      holdSeconds: z.number().positive().optional(),
      requests: z.int().positive().optional(),
    }),
    off,
  ]),
};

export const Command = z.object({
  command: z.enum(Object.keys(BODIES) as [keyof typeof BODIES, ...(keyof typeof BODIES)[]]), // of the object above
});
export const CommandBody = z.record(z.string(), z.unknown());

/** Checks the body of a command. */
export function commandBody(
  command: z.infer<typeof Command>['command'],
  body: unknown,
): z.ZodSafeParseResult<unknown> {
  return BODIES[command].safeParse(body);
}

const text = z.string();
const Instance = z.object({ name: text, state: text });
const Version = z.object({
  version: text,
  share: z.number().optional().meta({ description: 'Percent of the requests.' }),
  instances: z.array(Instance),
});
/** What a page needs to know: neither processes nor ports. */
export const MeshState = z
  .object({
    services: z.array(
      z.object({
        name: text,
        versions: z.array(Version),
        variant: z
          .object({ version: text, cookie: text.optional(), header: text.optional() })
          .optional(),
        limit: z.object({ perSecond: z.number() }).optional(),
        breaker: z
          .object({
            errors: z.number().optional(),
            holdSeconds: z.number().optional(),
            requests: z.number().optional(),
          })
          .optional(),
        running: z.object({ command: text, says: text.optional() }).optional(),
        canary: z.object({ version: text, state: text, why: text.optional() }).optional(),
      }),
    ),
    events: z.array(z.object({ at: text, service: text.optional(), says: text })),
  })
  .meta({ id: 'Mesh' });
