import { join } from 'node:path';

/** The package's own folder: this file is run from `src` and from `dist`. */
const packageDir = join(import.meta.dirname, '..');

/** The Go module of the MongoDB stand-in. */
export const mongoStandInSources = join(packageDir, 'mongo-stand-in');

/** The Go module of the OpenTelemetry Collector. */
export const collectorSources = join(packageDir, 'collector');

/** What was downloaded or built once, kept between runs. */
export const cacheDir = join(packageDir, '../../.sockshop/bin');
