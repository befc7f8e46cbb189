import { runProgram } from './run-program.ts';

/** kubectl of one cluster. */
export class Kubectl {
  constructor(readonly kubeconfig: string) {}

  /** Runs it to its end and returns what it printed. @throws ProgramFailedError with what it said */
  run(args: readonly string[], input?: string): Promise<string> {
    return runProgram('kubectl', ['--kubeconfig', this.kubeconfig, ...args], {
      ...(input !== undefined && { input }),
    });
  }

  /** @param yaml one or more objects */
  apply(yaml: string): Promise<string> {
    return this.run(['apply', '-f', '-'], yaml);
  }

  applyObjects(items: readonly object[]): Promise<string> {
    return this.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  }

  /** What the API server answers, of the form that the caller knows it to have. */
  async get<T>(args: readonly string[]): Promise<T> {
    return JSON.parse(await this.run(['get', '-o', 'json', ...args])) as T;
  }

  /** Waits for a condition of kubectl wait. */
  async wait(condition: string, args: readonly string[], seconds: number): Promise<void> {
    await this.run(['wait', `--for=${condition}`, `--timeout=${seconds}s`, ...args]);
  }

  async ready(): Promise<boolean> {
    return (await this.run(['get', '--raw', '/readyz'])) === 'ok';
  }
}
