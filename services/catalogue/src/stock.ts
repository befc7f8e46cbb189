/** One sock of the initial stock. All but the descriptions comes from the original. */
interface StockedSock {
  readonly id: string;
  readonly name: string;
  /** US dollars. */
  readonly price: number;
  readonly count: number;
  readonly tags: readonly string[];
  readonly images: readonly [string, string];
  /** At most 200 characters. */
  readonly description: string;
}

/** In the order of their ids, from 1. */
export const TAGS = [
  'brown',
  'geek',
  'formal',
  'blue',
  'skin',
  'red',
  'action',
  'sport',
  'black',
  'magic',
  'green',
];

export const STOCK: readonly StockedSock[] = [
  {
    id: '03fef6ac-1896-4ce8-bd69-b798f85c6e0b',
    name: 'Holy',
    price: 99.99,
    count: 1,
    tags: ['magic', 'action'],
    images: ['holy_1.jpeg', 'holy_2.jpeg'],
    description:
      'Blessed with holes in all the right places. Said to keep ankles dry on any lake you care to cross. One pair in this world: the first to believe takes it home.',
  },
  {
    id: '3395a43e-2d88-40de-b95f-e00e1502085b',
    name: 'Colourful',
    price: 18,
    count: 438,
    tags: ['brown', 'blue'],
    images: ['colourful_socks.jpg', 'colourful_socks.jpg'],
    description:
      'Every colour the dye master had left on Friday afternoon, knitted into one cheerful pair. They match nothing, so they go with everything.',
  },
  {
    id: '510a0d7e-8e83-4193-b483-e27e09ddc34d',
    name: 'SuperSport XL',
    price: 15,
    count: 820,
    tags: ['sport', 'black', 'formal'],
    images: ['puma_1.jpeg', 'puma_2.jpeg'],
    description:
      'For engineers who run: to the bus, to the stand-up, after the bug that only shows on Fridays. Padded heel, grippy toe, no excuses.',
  },
  {
    id: '6d62d909-f957-430e-8689-b5129c0bb75e',
    name: 'Weave special',
    price: 17.15,
    count: 33,
    tags: ['geek', 'black'],
    images: ['weave1.jpg', 'weave2.jpg'],
    description:
      'A limited run from a loom that went multi-threaded and never deadlocked. Snug, slightly smug, and gone once the thirty-third pair walks out.',
  },
  {
    id: '808a2de1-1aaa-4c25-a9b9-6612e8f29a38',
    name: 'Crossed',
    price: 17.32,
    count: 738,
    tags: ['blue', 'red', 'action', 'formal'],
    images: ['cross_1.jpeg', 'cross_2.jpeg'],
    description:
      'Cross your legs, lift an eyebrow, say nothing. A grown-up sock with a quiet pattern and a bright streak that only shows when you sit.',
  },
  {
    id: '819e1fbf-8b7e-4f6d-811f-693534916a8b',
    name: 'Figueroa',
    price: 14,
    count: 808,
    tags: ['formal', 'green', 'blue'],
    images: ['WAT.jpg', 'WAT2.jpg'],
    description:
      'Palm green, pool blue, and a crease you could set a watch by. Wear them to a wedding by the sea, then wade in.',
  },
  {
    id: '837ab141-399e-4c1f-9abc-bace40296bac',
    name: 'Cat socks',
    price: 15,
    count: 175,
    tags: ['brown', 'green', 'formal'],
    images: ['catsocks.jpg', 'catsocks2.jpg'],
    description:
      'Soft paws for people. They land on their feet nine times out of ten, ignore you at dinner, and purr faintly on carpet.',
  },
  {
    id: 'a0a4f044-b040-410d-8ead-4de0446aec7e',
    name: 'Nerd leg',
    price: 7.99,
    count: 115,
    tags: ['blue', 'skin'],
    images: ['bit_of_leg_1.jpeg', 'bit_of_leg_2.jpeg'],
    description:
      'Just long enough for a flash of calf between hem and shoe: muscle earned by years of swivel chairs. Handle with calculated charm.',
  },
  {
    id: 'd3588630-ad8e-49df-bbd7-3167f7efb246',
    name: 'YouTube.sock',
    price: 10.99,
    count: 801,
    tags: ['geek', 'formal'],
    images: ['youtube_1.jpeg', 'youtube_2.jpeg'],
    description:
      'Press play and stroll on. No one paid us to say so, but these are the best feet on your screen today. Skip nothing.',
  },
  {
    id: 'zzz4f044-b040-410d-8ead-4de0446aec7e',
    name: 'Classic',
    price: 12,
    count: 127,
    tags: ['brown', 'green'],
    images: ['classic.jpg', 'classic2.jpg'],
    description:
      'No story, no gimmick. A plain, honest sock that does its job from Monday to Sunday and never asks for thanks.',
  },
];
