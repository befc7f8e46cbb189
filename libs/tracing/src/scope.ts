/**
 * The release of the semantic conventions that names of spans, attributes and metrics follow. Release 1.45 renames `messaging.system`,
 * `service.peer.name` and others in development, which readers of 1.44 look for.
 */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.44.0';
/** Version of this package, and of the shop, which is released with it. */
export const VERSION = '1.0.0';
/** The instrumentation scope of every span. */
export const SCOPE = { name: '@sockshop/tracing', version: VERSION, schemaUrl: SCHEMA_URL };
