import { HELLO, type Name, type Words } from './methods.ts';
import { runService } from './run-service.ts';

class HelloService {
  hello({ name }: Name): Promise<Words> {
    return Promise.resolve({ words: `hello, ${name}` });
  }
}

const service = new HelloService();
await runService('hello-service', 20880, () =>
  Promise.resolve({
    method: HELLO,
    handler: 'HelloService.hello',
    answer: (request) => service.hello(request),
  }),
);
