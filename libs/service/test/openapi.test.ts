import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Documented, noting } from '@sockshop/testing';
import type { ServiceDefinition } from '../src/service.ts';
import { type Shelf, startShelf } from './sock-shelf.ts';

interface Document {
  info: unknown;
  tags: { name: string }[];
  paths: Record<string, Record<string, Record<string, unknown>>>;
  components: { schemas: Record<string, { required: string[] }> };
}

describe('GET /openapi.json', () => {
  const routes = new Set<string>();
  let shelf: Shelf;
  let documented: Documented;
  let document: Document;

  beforeAll(async () => {
    const definition: Partial<ServiceDefinition> = {
      api: { title: 'A shelf', description: 'Of socks.', tags: { socks: 'On it.' } },
      problem: ({ status, title }) => ({ status_code: status, error: title }),
    };
    shelf = await startShelf({ definition: noting(definition, routes) });
    documented = await Documented.at(shelf.service.url);
    document = documented.document as unknown as Document;
  });
  afterAll(() => shelf.service.close());

  const send = (path: string, init?: RequestInit): Promise<Response> =>
    documented.fetch(shelf.service.url + path, init);
  const add = (body: unknown): Promise<Response> => {
    const headers = { 'content-type': 'application/json' };
    return send('/socks', { method: 'POST', headers, body: JSON.stringify(body) });
  };

  it('is valid OpenAPI 3.1, with the routes of the router and no other', async () => {
    expect(await documented.faults()).toEqual([]);
    expect(documented.routes()).toEqual([...routes].sort());
    expect(document.info).toMatchObject({ title: 'A shelf', description: 'Of socks.' });
    expect(document.tags.map(({ name }) => name)).toEqual([
      'socks',
      'health',
      'metrics',
      'documentation',
    ]);
  });

  it('takes parameters, bodies and their refusals from the code', () => {
    expect(document.paths['/socks']!['get']!['parameters']).toEqual([
      {
        name: 'size',
        in: 'query',
        required: false,
        schema: { default: 5, type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
      },
    ]);
    expect(document.paths['/socks/{id}']!['get']!['parameters']).toEqual([
      {
        name: 'id',
        in: 'path',
        required: true,
        schema: { type: 'string', minLength: 1, maxLength: 100 },
      },
    ]);
    expect(document.paths['/socks']!['post']!['requestBody']).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: {
              name: { type: 'string' },
              price: { type: 'number', exclusiveMinimum: 0 },
            },
            required: ['name', 'price'],
          },
        },
      },
    });
    expect(Object.keys(document.paths['/socks']!['post']!['responses'] as object)).toEqual([
      '201',
      '400',
      '403',
      '413',
      '415',
    ]);
  });

  it('describes refusals with what the service adds to them', () => {
    expect(document.components.schemas['Problem']!.required).toEqual(
      expect.arrayContaining(['status', 'detail', 'message', 'status_code', 'error']),
    );
  });

  it('is not traced', async () => {
    shelf.spans.reset();
    const response = await send('/openapi.json');
    expect(response.headers.get('x-trace-id')).toBeNull();
    expect(shelf.spans.getFinishedSpans()).toEqual([]);
  });

  it('is compared with every answer: an undocumented one fails', async () => {
    expect((await add({ name: 'Holy' })).status).toBe(400);
    await expect(add({ name: 'Holy', price: 1 })).rejects.toThrow(
      /^POST \/socks 201: has a body: /,
    );
    await expect(send('/socks/fail/shop')).rejects.toThrow(
      'GET /socks/fail/{how} 406: no such answer',
    );
    await expect(send('/health')).resolves.toMatchObject({ status: 200 });
    expect((await send('/nosuch')).status).toBe(404);
  });
});
