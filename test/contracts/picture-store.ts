import { describe, expect, it } from 'vitest';
import type { PictureStore } from '../../src/detection/picture-store.ts';

/** What every store of pictures must do. `make` gives an empty one. */
export function describePictureStore(name: string, make: () => PictureStore | Promise<PictureStore>): void {
  describe(`pictures in ${name}`, () => {
    const big = Array.from({ length: 21_000 }, (_, i) => String.fromCharCode(33 + (i % 90))).join('');

    it('gives the texts that were asked for, as they were written', async () => {
      const store = await make();
      await store.write(
        's:westeurope',
        'Plant-A',
        new Map([
          ['quota', big],
          ['~metric-rules', '{"é":"火"}'],
        ]),
      );
      expect(await store.read('s:westeurope', 'plant-a', ['quota', '~metric-rules', 'telemetry'])).toEqual(
        new Map([
          ['quota', big],
          ['~metric-rules', '{"é":"火"}'],
        ]),
      );
      expect(await store.read('s:westeurope', 'plant-a', [])).toEqual(new Map());
    });

    it('keeps hubs and groups apart', async () => {
      const store = await make();
      await store.write('s:westeurope', 'a', new Map([['quota', '1']]));
      expect(await store.read('s:westeurope', 'b', ['quota'])).toEqual(new Map());
      expect(await store.read('s:northeurope', 'a', ['quota'])).toEqual(new Map());
    });

    it('replaces one text and leaves the others', async () => {
      const store = await make();
      await store.write(
        'g',
        'a',
        new Map([
          ['quota', '1'],
          ['telemetry', '2'],
        ]),
      );
      await store.write('g', 'a', new Map([['quota', '3']]));
      expect(await store.read('g', 'a', ['quota', 'telemetry'])).toEqual(
        new Map([
          ['quota', '3'],
          ['telemetry', '2'],
        ]),
      );
    });

    it('forgets a hub, whether it is known or not', async () => {
      const store = await make();
      await store.write(
        'g',
        'a',
        new Map([
          ['quota', '1'],
          ['telemetry', '2'],
        ]),
      );
      await store.write('g', 'b', new Map([['quota', '4']]));
      await store.remove('g', 'A');
      await store.remove('g', 'never-seen');
      expect(await store.read('g', 'a', ['quota', 'telemetry'])).toEqual(new Map());
      expect(await store.read('g', 'b', ['quota'])).toEqual(new Map([['quota', '4']]));
    });
  });
}
