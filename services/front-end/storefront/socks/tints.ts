/** The grounds of our own drawings, by file name: what is around a picture continues it. */
const grounds: Record<string, string> = {
  holy_1: '#d5dff7',
  holy_2: '#dfe8fb',
  colourful_socks: '#fff0c9',
  puma_1: '#ffcdb8',
  puma_2: '#d9e8f5',
  weave1: '#cbe6e0',
  weave2: '#f6dfc8',
  cross_1: '#f8d8d6',
  cross_2: '#d4e2f4',
  WAT: '#ffe0bd',
  WAT2: '#cfeaf0',
  catsocks: '#d7ebcf',
  catsocks2: '#f9e3cf',
  bit_of_leg_1: '#d3e6f8',
  bit_of_leg_2: '#fbe9c6',
  youtube_1: '#e6dbf8',
  youtube_2: '#d5f0ec',
  classic: '#f2e4cf',
  classic2: '#dfe9d2',
};

/** A pale colour in both themes; dark ink reads well on it. */
export function tintOf(picture: string | undefined): string {
  const name = /([^/]+)\.\w+$/.exec(picture ?? '')?.[1] ?? '';
  return grounds[name] ?? '#ece8f4';
}
