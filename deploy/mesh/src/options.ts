import { Argument, command, Option, path, whole } from '@sockshop/cli';
import { SERVICE_NAMES } from '@sockshop/parts';
import { DEFAULT_DIR } from '@sockshop/supervisor';
import { post, state } from './control-client.ts';
import * as read from './readers.ts';
import { MOST_INSTANCES } from './requests.ts';
import { statusText } from './status-text.ts';

const shop = () =>
  new Option('--shop <DIR>', "the shop's folder, the --dir of npm run start:distributed")
    .argParser(path)
    .default(DEFAULT_DIR, '.sockshop');
const service = () => new Argument('<service>', 'such as orders').choices(SERVICE_NAMES);
const version = () => new Argument('<version>', 'such as v2').argParser(read.versionName);
const set = () =>
  new Option('--set <VAR=value>', 'a variable of its processes; may be repeated').argParser(
    read.variable,
  );
const build = () =>
  new Option(
    '--dir <DIR>',
    "a folder with another build of the service: its dist/main.js, or main.js (default: the shop's own build)",
  ).argParser(path);
const image = () =>
  new Option(
    '--image <NAME>',
    'an image of the service, such as sock-shop/orders:1.0.0: each instance is a container of it',
  )
    .argParser(read.imageName)
    .conflicts('dir');

/** What `npm run mesh` takes. */
export const MESH = command('npm run mesh --').description(
  `Changes the running distributed shop: versions, instances, and how the router divides the requests among them.
No request fails by it. A command that is refused changes nothing.`,
);

MESH.command('status')
  .description('shows every version and instance of every service')
  .addOption(shop())
  .action(async ({ shop }) => {
    console.log(statusText(await state(shop)));
  });

MESH.command('scale')
  .description('starts or drains instances until there are so many')
  .addArgument(service())
  .argument('<instances>', `from 1 to ${MOST_INSTANCES}`, whole(1, MOST_INSTANCES))
  .option(
    '--version <VERSION>',
    'of it (default: the one with most of the requests)',
    read.versionName,
  )
  .addOption(shop())
  .action((service, instances, { shop, version }) =>
    post(shop, 'scale', { service, instances, ...(version !== undefined && { version }) }),
  );

MESH.command('resize')
  .description('gives each instance so much memory and processor time, one after the other')
  .addArgument(service())
  .option('--memory <MiB>', 'memory of an instance; off: no limit', read.mebibytes)
  .option('--cpu <N>', 'processors of an instance, such as 0.5; off: no limit', read.processors)
  .option(
    '--version <VERSION>',
    'of it (default: the one with most of the requests)',
    read.versionName,
  )
  .addOption(shop())
  .action((service, { shop, memory, cpu, version }, it) => {
    if (memory === undefined && cpu === undefined) it.error('error: give --memory, --cpu or both');
    return post(shop, 'resize', {
      service,
      ...(version !== undefined && { version }),
      ...(memory !== undefined && { memoryMiB: memory }),
      ...(cpu !== undefined && { cpu }),
    });
  });

MESH.command('deploy')
  .description('starts a second version beside the first, without requests at first')
  .addArgument(service())
  .requiredOption('--version <VERSION>', 'its name, such as v2', read.versionName)
  .option('--instances <N>', 'how many', whole(1, MOST_INSTANCES), 1)
  .addOption(set())
  .addOption(build())
  .addOption(image())
  .addOption(shop())
  .action((service, { shop, ...given }) => post(shop, 'deploy', { service, ...given }));

MESH.command('canary')
  .description('gives a version a share of the requests, or, with --auto, more and more of them')
  .addArgument(service())
  .addArgument(version())
  .argument('[percent]', 'share of the requests', read.share)
  .option(
    '--auto',
    'goes through the steps while the version keeps the promise, then promotes it; else rolls back',
  )
  .option('--max-error-rate <PERCENT>', 'of the promise (default: 1%)', read.rate)
  .option('--max-p95 <DURATION>', 'of the promise, such as 300ms', read.duration)
  .option('--steps <LIST>', 'percentages (default: 10,25,50,100)', read.steps)
  .option('--requests <N>', 'measured before a step is judged (default: 200)', whole(10, 1_000_000))
  .addOption(shop())
  .action((service, version, percent, { shop, auto, ...given }, it) => {
    if (auto) {
      if (percent !== undefined) it.error('error: give a share or --auto, not both');
      const { maxErrorRate, maxP95, steps, requests } = given;
      return post(shop, 'canary', {
        service,
        version,
        auto,
        ...(maxErrorRate !== undefined && { maxErrorRate }),
        ...(maxP95 !== undefined && { maxP95Ms: maxP95 }),
        ...(steps !== undefined && { steps }),
        ...(requests !== undefined && { requests }),
      });
    }
    if (percent === undefined) return it.error('error: give a share such as 10, or --auto');
    const [needless] = Object.keys(given);
    if (needless !== undefined) it.error('error: the options of a promise need --auto');
    return post(shop, 'canary', { service, version, share: percent });
  });

MESH.command('promote')
  .description('gives a version all requests, then drains and removes the other one')
  .addArgument(service())
  .addArgument(version())
  .addOption(shop())
  .action((service, version, { shop }) => post(shop, 'promote', { service, version }));

MESH.command('rollback')
  .description('gives the first version all requests again, then drains and removes the other one')
  .addArgument(service())
  .addOption(shop())
  .action((service, { shop }) => post(shop, 'rollback', { service }));

MESH.command('ab')
  .description(
    'gives a version the requests with a cookie or a header, and the first one all others',
  )
  .addArgument(service())
  .addArgument(new Argument('[version]', 'such as v2').argParser(read.versionName))
  .option('--cookie <NAME=VALUE>', 'such as variant=b', read.pair)
  .option('--header <NAME=VALUE>', 'such as x-variant=b', read.pair)
  .option('--off', 'ends it')
  .addOption(shop())
  .action((service, version, { shop, cookie, header, off }, it) => {
    const given = [cookie, header, off].filter((each) => each !== undefined);
    if (given.length !== 1 || (version === undefined) !== (off === true))
      it.error('error: give a version with either --cookie or --header, or --off alone');
    if (version === undefined) return post(shop, 'ab', { service, off: true });
    return post(
      shop,
      'ab',
      cookie === undefined
        ? { service, version, header: header ?? '' }
        : { service, version, cookie },
    );
  });

MESH.command('limit')
  .description('bounds the requests of one client; more are answered with 429')
  .addArgument(service())
  .argument('<rate>', 'such as 100/s; off: no limit', read.perSecond)
  .addOption(shop())
  .action((service, perSecond, { shop }) => post(shop, 'limit', { service, perSecond }));

MESH.command('breaker')
  .description('refuses requests with 503 while the service fails')
  .addArgument(service())
  .option('--errors <N>', 'opens after so many in a row', whole(1, 10_000))
  .option('--hold <SECONDS>', 'stays open so long', whole(1, 3600))
  .option('--requests <N>', 'at the same time at most', whole(1, 100_000))
  .option('--off', 'takes it out')
  .addOption(shop())
  .action((service, { shop, errors, hold, requests, off }, it) => {
    const given = errors !== undefined || requests !== undefined;
    if (given === (off === true) || (off === true && hold !== undefined))
      it.error('error: give --errors, --requests or both, or --off alone');
    if (off === true) return post(shop, 'breaker', { service, off });
    return post(shop, 'breaker', {
      service,
      ...(errors !== undefined && { errors }),
      ...(hold !== undefined && { holdSeconds: hold }),
      ...(requests !== undefined && { requests }),
    });
  });

MESH.command('upgrade')
  .description('replaces each instance by one of another version, one after the other')
  .addArgument(service())
  .requiredOption('--version <VERSION>', 'its name, such as v3', read.versionName)
  .addOption(set())
  .addOption(build())
  .addOption(image())
  .addOption(shop())
  .action((service, { shop, ...given }) => post(shop, 'upgrade', { service, ...given }));
