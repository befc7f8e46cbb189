// Runs in the network of a pod: asks for a URL so many times, each time on a connection of its own, and prints how many answers had 200.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';

const [url = '', count = '0'] = process.argv.slice(2);
let answered = 0;
for (let nth = 0; nth < Number(count); nth++) {
  const request = get(url, { agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  if (response.statusCode === 200) answered++;
}
console.log(answered);
