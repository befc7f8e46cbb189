import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
} from '@opentelemetry/semantic-conventions';

/** The attributes that the spans of every database have. Values of a query never become attributes. */
export function dbAttributes(
  system: string,
  namespace: string,
  operation: string,
  collection?: string,
) {
  return {
    [ATTR_DB_SYSTEM_NAME]: system,
    [ATTR_DB_NAMESPACE]: namespace,
    [ATTR_DB_OPERATION_NAME]: operation,
    ...(collection !== undefined && { [ATTR_DB_COLLECTION_NAME]: collection }),
  };
}
