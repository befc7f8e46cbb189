/** The release of the semantic conventions that the span and attribute names follow. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.44.0';
