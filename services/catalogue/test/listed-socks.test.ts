import { describe, expect, it } from '@jest/globals';
import { FORMAL, NAMES_BY_ID, onEachDatabase, type SockJson } from './catalogue-suite.ts';

onEachDatabase('catalogue_list', (context) => {
  const { service, names } = context;

  describe('GET /catalogue', () => {
    it('answers 200 with ten complete socks in the order of their ids', async () => {
      const response = await service.fetch('/catalogue');
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      const socks = (await response.json()) as SockJson[];
      expect(socks.map(({ name }) => name)).toEqual(NAMES_BY_ID);
      expect(socks[4]).toEqual({
        id: '808a2de1-1aaa-4c25-a9b9-6612e8f29a38',
        name: 'Crossed',
        description: expect.stringMatching(/^.{1,200}$/),
        imageUrl: ['/catalogue/images/cross_1.jpeg', '/catalogue/images/cross_2.jpeg'],
        price: 17.32,
        count: 738,
        tag: ['formal', 'blue', 'red', 'action'],
      });
    });

    it("answers 200 with the fields in the original's order and prices without rounding errors", async () => {
      const text = await (await service.fetch('/catalogue?size=100')).text();
      expect(text).toMatch(
        /^\[\{"id":"[^"]+","name":"Holy","description":"[^"]+","imageUrl":\["[^"]+","[^"]+"\],"price":99\.99,"count":1,"tag":\["action","magic"\]\},/,
      );
      expect([...text.matchAll(/"price":([^,]+),/g)].map(([, price]) => price)).toEqual([
        '99.99',
        '18',
        '15',
        '17.15',
        '17.32',
        '14',
        '15',
        '7.99',
        '10.99',
        '12',
      ]);
    });

    // The original's own table of pages, on the five formal socks.
    it.each([
      [0, 1, []],
      [1, 0, []],
      [1, 9, FORMAL],
      [2, 3, FORMAL.slice(3)],
      [2, 4, FORMAL.slice(4)],
      [2, 5, []],
      [2, 6, []],
      [3, 3, []],
      [4, 2, []],
      [3, 2, FORMAL.slice(4)],
      [4, 1, FORMAL.slice(3, 4)],
    ])(
      'answers 200 to page %d of size %d with its part of five socks',
      async (page, size, part) => {
        expect(await names(`/catalogue?tags=formal&page=${page}&size=${size}`)).toEqual(part);
      },
    );

    it.each([
      ['page=abc', []],
      ['size=abc', []],
      ['page=1.5', []],
      ['page=', NAMES_BY_ID],
      ['size=', NAMES_BY_ID],
      ['size=99999999999999999999', NAMES_BY_ID],
      ['page=99999999999999999999&size=99999999999999999999', []],
      ['page=2&page=1&size=9', ['Classic']],
    ])('answers 200 to %s', async (query, expected) => {
      expect(await names(`/catalogue?${query}`)).toEqual(expected);
    });

    it.each(['page=-1', 'size=-1', 'page=-1&size=0'])('answers 400 to %s', async (query) => {
      const response = await service.fetch(`/catalogue?${query}`);
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      const field = query.slice(0, 4);
      expect(await response.json()).toEqual({
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        detail: `${field}: must be 0 or more`,
        message: `${field}: must be 0 or more`,
        instance: '/catalogue',
        trace_id: response.headers.get('x-trace-id'),
        errors: [{ field, message: 'must be 0 or more' }],
        error: `${field}: must be 0 or more`,
        status_code: 400,
        status_text: 'Bad Request',
      });
    });

    it.each([
      ['tags=blue', ['Colourful', 'Crossed', 'Figueroa', 'Nerd leg']],
      ['tags=magic,skin', ['Holy', 'Nerd leg']],
      ['tags=magic,nosuch', ['Holy']],
      ['tags=BLUE&size=1', ['Colourful']],
      ['tags=large', []],
      ['tags=', NAMES_BY_ID],
      ["tags=x')%20OR%201=1--", []],
    ])('answers 200 to %s with the socks that have any of the tags', async (query, expected) => {
      expect(await names(`/catalogue?${query}`)).toEqual(expected);
    });

    it.each([
      ['q=holy', ['Holy']],
      ['q=FRIDAY', ['Colourful', 'SuperSport XL']],
      ['q=sock', ['Crossed', 'Cat socks', 'YouTube.sock', 'Classic']],
      ['q=friday%20colour', ['Colourful']],
      ['q=%20colour++friday%20', ['Colourful']],
      ['q=formal+quiet', ['Crossed']], // a tag and a word of the description
      ['q=quiet+quiet', ['Crossed']],
      ['q=blue&tags=formal', ['Crossed', 'Figueroa']],
      ['q=friday&tags=blue,magic', ['Colourful']],
      ['q=blue&sort=-name&size=3', ['Nerd leg', 'Figueroa', 'Crossed']],
      ['q=blue&page=2&size=3', ['Nerd leg']],
      ['q=nosuch', []],
      ['q=', NAMES_BY_ID],
      ['q=%20%20', NAMES_BY_ID],
      ['q=holy&q=crossed', ['Holy']],
      ['q=%25', []],
      ['q=h_ly', []],
      ['q=!', []],
      ["q='+OR+1=1--", []],
      ['q=%5C', []],
      ['q=%F0%9F%A7%A6', []], // 🧦
      ['q=' + 'x'.repeat(100), []],
    ])(
      'answers 200 to %s with the socks that contain all words anywhere',
      async (query, expected) => {
        expect(await names(`/catalogue?${query}`)).toEqual(expected);
      },
    );

    it('answers 200 to a search for wildcard characters, and for letters beyond ASCII in upper or lower case', async () => {
      await context.database.execute(
        `INSERT INTO sock VALUES ('ccc', 'Ökosocke', '100% wool_blend, 5!', 5.25, 3, '/a', '/b')`,
      );
      try {
        for (const word of ['100%25', 'wool_', '5!', 'öko', 'ÖKOSOCKE']) {
          expect(await names(`/catalogue?q=${word}`)).toEqual(['Ökosocke']);
          expect(await service.json(`/catalogue/size?q=${word}`)).toMatchObject({ size: 1 });
        }
      } finally {
        await context.database.execute(`DELETE FROM sock WHERE sock_id = 'ccc'`);
      }
    });

    it.each(['/catalogue', '/catalogue/size'])('%s answers 400 to a longer text', async (path) => {
      const response = await service.fetch(`${path}?q=${'x'.repeat(101)}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        detail: 'q: must have at most 100 characters',
      });
    });

    it('answers 200 with all tags of a filtered sock', async () => {
      const [sock] = (await service.json('/catalogue?tags=red')) as SockJson[];
      expect(sock?.tag).toEqual(['formal', 'blue', 'red', 'action']);
    });

    const byPrice = [
      ...['Nerd leg', 'YouTube.sock', 'Classic', 'Figueroa', 'SuperSport XL', 'Cat socks'],
      ...['Weave special', 'Crossed', 'Colourful', 'Holy'],
    ];
    it.each([
      ['sort=id', NAMES_BY_ID],
      ['sort=-id', NAMES_BY_ID.toReversed()],
      ['sort=price', byPrice],
      ['sort=PRICE&page=2&size=4', byPrice.slice(4, 8)],
      [
        'sort=price,desc',
        [
          ...['Holy', 'Colourful', 'Crossed', 'Weave special', 'SuperSport XL', 'Cat socks'],
          ...['Figueroa', 'Classic', 'YouTube.sock', 'Nerd leg'],
        ],
      ],
      ['order=price,asc', byPrice],
      ['sort=name', NAMES_BY_ID.toSorted()],
      ['sort=-name&tags=formal', FORMAL.toSorted().reverse()],
      ['sort=count&size=3', ['Holy', 'Weave special', 'Nerd leg']],
      ['order=-count&size=3', ['SuperSport XL', 'Figueroa', 'YouTube.sock']],
      ['sort=tag&size=4', ['Holy', 'Crossed', 'SuperSport XL', 'Weave special']],
      ['sort=tag,desc&size=3', ['YouTube.sock', 'Cat socks', 'Classic']],
      ['sort=nonsense', NAMES_BY_ID],
      ['sort=price;drop', NAMES_BY_ID],
    ])('answers 200 sorted by %s', async (query, expected) => {
      expect(await names(`/catalogue?${query}`)).toEqual(expected);
    });

    it.each([
      ['sort=price', 'Twin,SuperSport XL,Cat socks'],
      ['sort=-price', 'Twin,SuperSport XL,Cat socks'],
      ['sort=tag&tags=formal', 'Twin,SuperSport XL'],
    ])(
      'answers 200 with equal socks in the order of their ids when sorted by %s',
      async (query, twins) => {
        await context.database.execute(
          `INSERT INTO sock VALUES ('000', 'Twin', 'As dear as two others.', 15, 1, '/a', '/b')`,
        );
        await context.database.execute(`INSERT INTO sock_tag SELECT '000', tag_id FROM sock_tag
        WHERE sock_id = (SELECT sock_id FROM sock WHERE name = 'SuperSport XL')`);
        try {
          expect((await names(`/catalogue?size=100&${query}`)).join()).toContain(twins);
        } finally {
          await context.database.execute(`DELETE FROM sock_tag WHERE sock_id = '000'`);
          await context.database.execute(`DELETE FROM sock WHERE sock_id = '000'`);
        }
      },
    );

    it('answers 200 with an empty list of tags for a sock without tags', async () => {
      await context.database.execute(
        `INSERT INTO sock VALUES ('aaa', 'Plain', 'No tag.', 5.25, 3, '/a', '/b')`,
      );
      try {
        const plain = (await service.json('/catalogue?page=9&size=1')) as SockJson[];
        expect(plain).toEqual([await service.json('/catalogue/aaa')]);
        expect(await names('/catalogue?sort=tag&size=2')).toEqual(['Plain', 'Holy']);
        expect(await service.json('/catalogue/aaa')).toEqual({
          id: 'aaa',
          name: 'Plain',
          description: 'No tag.',
          imageUrl: ['/a', '/b'],
          price: 5.25,
          count: 3,
          tag: [],
        });
        expect(await service.json('/catalogue/size')).toEqual({ size: 11, err: null });
      } finally {
        await context.database.execute(`DELETE FROM sock WHERE sock_id = 'aaa'`);
      }
    });
  });

  describe('GET /catalogue/size', () => {
    it.each([
      ['', 10],
      ['?tags=', 10],
      ['?tags=blue,formal', 7],
      ['?tags=brown', 3],
      ['?tags=geek', 2],
      ['?tags=nosuch', 0],
      ['?tags=brown&page=2&size=1', 3],
      ['?q=', 10],
      ['?q=BLUE', 4],
      ['?q=blue&tags=formal', 2],
      ['?q=nosuch', 0],
    ])('answers 200 to %s with the count %d of socks, not of rows', async (query, size) => {
      const response = await service.fetch(`/catalogue/size${query}`);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(`{"size":${size},"err":null}`);
    });
  });
});
