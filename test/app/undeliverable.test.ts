import { describe, expect, it } from 'vitest';
import { playbackChannel } from '../../src/simulator/playback.ts';
import { playScenario } from '../../src/simulator/play-scenario.ts';
import { parseScenario } from '../../src/simulator/scenario.ts';
import { MINUTE } from '../../src/time/time.ts';
import { readCard } from '../fixtures/card-lint.ts';

const scenario = parseScenario(
  'undeliverable',
  'title: A quiet hub\nabout: Nothing happens.\nlength: 1h\nhubs: [{ name: plant-berlin }]\n',
);
const other = { ...playbackChannel, id: '19:other@thread.tacv2' };

describe('conversations that cards do not reach', () => {
  it('are told of in the others, once, until it is over', async () => {
    const play = await playScenario(scenario, { channels: [playbackChannel, other] });
    const { channels, posts } = play.deps.stores;
    try {
      await play.playTo(2 * MINUTE);
      expect(play.sent).toEqual([]);
      await channels.put({ ...other, goneAt: scenario.startsAt, goneWhy: 'teams.gone' });
      await play.playTo(6 * MINUTE);
      expect(play.sent.map(({ action, channelId }) => [action, channelId])).toEqual([['post', playbackChannel.id]]);
      const card = readCard(play.sent[0]?.message.card);
      expect(card).toContain('Conversations in Teams');
      expect(card).toContain('Cards do not reach 1 conversation that should receive alerts');

      // The bot is added again.
      await channels.put(other);
      await play.playTo(10 * MINUTE);
      expect((await play.incidents()).map(({ signal, status }) => [signal, status])).toEqual([
        ['visibility', 'resolved'],
      ]);
    } finally {
      await play.close();
    }
    expect(await posts.listAll()).not.toEqual([]);
  });

  it('are told of when sending has failed for a quarter of an hour', async () => {
    const play = await playScenario(scenario, { channels: [playbackChannel, other] });
    try {
      const failing = {
        incidentId: 'X',
        channelId: other.id,
        revision: 0,
        attempts: 9,
        failingSince: scenario.startsAt,
      };
      await play.deps.stores.posts.save(failing, undefined);
      await play.playTo(14 * MINUTE);
      expect(await play.incidents()).toEqual([]);
      await play.playTo(16 * MINUTE);
      expect(await play.incidents()).toMatchObject([{ signal: 'visibility', evaluation: { reason: 'undeliverable' } }]);
    } finally {
      await play.close();
    }
  });
});
