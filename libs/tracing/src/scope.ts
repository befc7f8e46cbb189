/** The release of the semantic conventions that names of spans, attributes and metrics follow: that of the package of conventions. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0';
/** Version of this package, and of the shop, which is released with it. */
export const VERSION = '1.0.0';
/** The instrumentation scope of every span. */
export const SCOPE = { name: '@sockshop/tracing', version: VERSION, schemaUrl: SCHEMA_URL };
