import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { join } from 'node:path';

export interface Name {
  readonly name: string;
}

export interface Words {
  readonly words: string;
}

export type Method = MethodDefinition<Name, Words>;

const PROTO = loadSync(join(import.meta.dirname, '../greeting.proto'));

export const HELLO = methodOf('chain.HelloService', 'Hello');
export const GREET = methodOf('chain.GreetingService', 'Greet');

/** Its fully qualified name, as the conventions for RPC want it: `chain.GreetingService/Greet`. */
export function nameOf(method: Method): string {
  return method.path.slice(1);
}

function methodOf(service: string, name: string): Method {
  const method = (PROTO[service] as ServiceDefinition | undefined)?.[name]; // the file has services and messages
  if (!method) throw new Error(`greeting.proto has no ${service}/${name}`);
  return method as Method; // both methods take a name and return words
}
