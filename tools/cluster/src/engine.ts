import { CommandError } from '@sockshop/cli';
import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';

/** Debian's client, where it is there: another `docker` may come earlier on the PATH, which needs an engine of its own version. */
const DEBIAN_CLIENT = '/usr/bin/docker';

/** The Docker engine that holds the images. `DOCKER_HOST` names it. */
export class Engine {
  private constructor(readonly client: string) {}

  /** @returns undefined where none answers */
  static async find(): Promise<Engine | undefined> {
    for (const client of [DEBIAN_CLIENT, 'docker']) {
      const answers = await runProgram(client, ['version', '--format', '{{.Server.Version}}']).then(
        (version) => /^\d/.test(version.trim()),
        () => false,
      );
      if (answers) return new Engine(client);
    }
    return undefined;
  }

  /** Those of the images that it does not have. */
  async missing(images: readonly string[]): Promise<string[]> {
    const known = await runProgram(this.client, [
      ...['image', 'list', '--format', '{{.Repository}}:{{.Tag}}'],
    ]);
    const names = new Set(known.split('\n'));
    return images.filter((image) => !names.has(image));
  }

  /** Makes an image of a program that needs no other file, unless the engine has it. */
  async importProgram(image: string, program: string): Promise<void> {
    if ((await this.missing([image])).length === 0) return;
    const folder = await mkdtemp(join(tmpdir(), 'sock-shop-image-'));
    try {
      await copyFile(program, join(folder, 'program'));
      await chmod(join(folder, 'program'), 0o755);
      const archive = join(folder, 'image.tar');
      await runProgram('tar', ['-C', folder, '-cf', archive, 'program']);
      const entry = ['--change', 'ENTRYPOINT ["/program"]'];
      await runProgram(this.client, ['image', 'import', ...entry, archive, image]);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async idOf(image: string): Promise<string> {
    try {
      return (
        await runProgram(this.client, ['image', 'inspect', '--format', '{{.Id}}', image])
      ).trim();
    } catch (error) {
      throw new CommandError(`The engine has no image ${image}.`, { cause: error });
    }
  }
}
