import { join } from 'node:path';

/** The package's own folder: this file is run from `src` and from `dist`. */
const PACKAGE = join(import.meta.dirname, '..');

export const ROOT = join(PACKAGE, '../..');

/** Go modules, each a folder. */
export const PROGRAMS_DIR = join(PACKAGE, 'programs');

/** What a node has beside Kubernetes itself: DNS, volumes, metrics. */
export const ADD_ONS_DIR = join(PACKAGE, 'add-ons');

/** What was built once, kept between runs. */
export const CACHE_DIR = join(ROOT, '.sockshop/bin');

export const KUBERNETES_DIR = join(ROOT, 'deploy/kubernetes');

/** Asks for a URL, each time on a connection of its own; run in another network. */
export const CALLS_PROGRAM = join(import.meta.dirname, 'calls-program.js');
