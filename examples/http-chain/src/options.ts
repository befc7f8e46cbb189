import { command, InvalidArgumentError, text, whole } from '@sockshop/cli';

const port = whole(0, 65_535);
const delay = whole(0, 60_000);

export const HTTP_CHAIN = command('npm run example:http-chain --')
  .description(
    `Starts three services that call each other, makes a request, prints its log lines and its trace, and ends. ZIPKIN names where the spans go;
without it a trace store is started.`,
  )
  .option('--ports <LIST>', 'of the three services; 0: a free one', three(port), [8881, 8882, 8883])
  .option('--delays <LIST>', 'of the three services, in ms', three(delay), [40, 60, 80])
  .option('--user <TEXT>', 'who the request is for', text, 'Ann')
  .option('--keep', 'runs until Ctrl-C, for requests of your own');

export type HttpChainOptions = ReturnType<typeof HTTP_CHAIN.opts>;

function three(one: (text: string) => number): (text: string) => number[] {
  return (list) => {
    const numbers = list.split(',').map((word) => one(word));
    if (numbers.length !== 3) throw new InvalidArgumentError('Give three numbers.');
    return numbers;
  };
}
