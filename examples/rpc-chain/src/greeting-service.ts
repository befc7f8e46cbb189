import { Instances } from './instances.ts';
import { GREET, HELLO, type Name, type Words } from './methods.ts';
import { runService } from './run-service.ts';

class GreetingService {
  constructor(private readonly hello: Instances) {}

  async greet(request: Name): Promise<Words> {
    const { words } = await this.hello.call(HELLO, request);
    return { words: `greeting, ${words}` };
  }
}

await runService('greeting-service', 20881, async (tracing, registry) => {
  const service = new GreetingService(await Instances.of(tracing, registry, 'hello-service'));
  return {
    method: GREET,
    handler: 'GreetingService.greet',
    answer: (request) => service.greet(request),
  };
});
