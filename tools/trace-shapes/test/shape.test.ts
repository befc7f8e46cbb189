import { describe, expect, it } from '@jest/globals';
import { parseShape, shapeOf, type ShapeSpan, textOf } from '../src/shape.ts';

const span = (id: string, parentId: string | undefined, more: Partial<ShapeSpan>): ShapeSpan => ({
  id,
  parentId,
  service: 'carts',
  kind: 'SERVER',
  name: 'GET /carts',
  attributes: {},
  ...more,
});

describe('the shape of a trace', () => {
  it('has a line for each span, siblings in alphabetical order, names in small letters', () => {
    const spans = [
      span('c', 'a', { kind: 'CLIENT', name: 'GET /b' }),
      span('b', 'a', { kind: 'CLIENT', name: 'GET /a' }),
      span('a', undefined, {}),
    ];
    expect(textOf(shapeOf(spans))).toBe(
      'carts SERVER get /carts\n  carts CLIENT get /a\n  carts CLIENT get /b\n',
    );
  });

  it('shows a refusal by its status, and a failure without one by its type', () => {
    const attributes = { 'http.response.status_code': '406' };
    const failed = { error: true, attributes: { 'error.type': 'timeout' } };
    const spans = [
      span('a', undefined, { attributes }),
      span('b', 'a', { kind: 'CLIENT', name: 'GET /a', ...failed }),
    ];
    expect(textOf(shapeOf(spans))).toBe(
      'carts SERVER get /carts [406]\n  carts CLIENT get /a [timeout]\n',
    );
  });

  it('says once what a store does, and once what was tried again in vain', () => {
    const store = { kind: 'CLIENT', attributes: { 'db.system.name': 'mongodb' } };
    const refused = { kind: 'CLIENT', error: true, attributes: { 'error.type': 'unreachable' } };
    const spans = [
      span('a', undefined, {}),
      span('b', 'a', { ...store, name: 'find cart' }),
      span('c', 'a', { ...store, name: 'update cart' }),
      span('d', 'a', { ...refused, name: 'GET /a' }),
      span('e', 'a', { ...refused, name: 'GET /a' }),
      span('f', 'a', { kind: 'CLIENT', name: 'GET /b' }),
      span('g', 'a', { kind: 'CLIENT', name: 'GET /b' }),
    ];
    expect(
      textOf(shapeOf(spans))
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      'carts SERVER get /carts',
      'carts CLIENT get /a [unreachable]',
      'carts CLIENT get /b',
      'carts CLIENT get /b',
      'carts STORE',
      '',
    ]);
  });

  it('makes a root of a span whose parent is missing', () => {
    const spans = [span('a', undefined, {}), span('b', 'lost', { name: 'GET /lost' })];
    expect(shapeOf(spans)).toHaveLength(2);
  });

  it('is read as it was written', () => {
    const text = 'a SERVER x\n  a CLIENT y\n    b SERVER y [503]\n  a STORE\nc SERVER z\n';
    expect(textOf(parseShape(text))).toBe(text);
  });

  it('is refused where a line is indented too far', () => {
    expect(() => parseShape('a SERVER x\n    a CLIENT y\n')).toThrow('line 2 is indented too far');
  });
});
