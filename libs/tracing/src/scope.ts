/** The release of the semantic conventions that the span and attribute names follow. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.44.0';
/** Version of the shop: of its services and of this package. */
export const VERSION = '1.0.0';
/** The instrumentation scope of every span. */
export const SCOPE = { name: '@sockshop/tracing', version: VERSION, schemaUrl: SCHEMA_URL };
