import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadScenario } from '../../src/simulator/load-scenario.ts';
import { startLocalStack, type LocalStack } from '../../src/simulator/local-stack.ts';
import { stage } from '../../src/simulator/playground.ts';

// The whole product with the real Agents Playground as the Teams client, without a browser: the bot is installed, an
// alert arrives, two people acknowledge at once, and the one card changes for everybody.

describe('in the Agents Playground', () => {
  const events: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  const of = (event: string) => events.filter((each) => each.event === event).map(({ fields }) => fields);
  let stack: LocalStack;

  beforeAll(async () => {
    stack = await startLocalStack({
      scenario: loadScenario('throttling'),
      speed: 0,
      env: {},
      log: (event, fields) => events.push({ event, fields }),
    });
  });
  afterAll(async () => {
    await stack.close();
  });

  async function call(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(`${stack.playground.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${String(response.status)}: ${text.slice(0, 500)}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  it('one alert is one message, two acknowledgements are one winner and one edit', async () => {
    await call(`/_debug/conversation/${encodeURIComponent(stage.channelId)}/installation`, {});
    await vi.waitFor(() => {
      expect(of('channel.added')).toMatchObject([{ kind: 'channel', subscribed: true }]);
    }, 20_000);

    while (of('delivery.sent').length === 0 && stack.now() < loadScenario('throttling').startsAt + 15 * 60_000)
      await stack.tick();
    expect(of('delivery.sent')).toMatchObject([{ action: 'post', channel: stage.channelId }]);
    const [incident] = await stack.incidents();
    expect(incident).toMatchObject({ status: 'firing', signal: 'throttling' });

    const posted = of('delivery.sent')[0]?.['activity'];
    const press = (person: { readonly id: string }) =>
      call('/_conversation/v1/invoke', {
        name: 'adaptiveCard/action',
        from: { id: person.id },
        conversation: { id: `${stage.channelId};messageid=${String(posted)}` },
        replyToId: posted,
        value: {
          action: { type: 'Action.Execute', verb: 'acknowledge', data: { incident: incident?.id } },
          trigger: 'manual',
        },
      });
    const [megan, adele] = stage.others;
    const answers = await Promise.all([press(megan), press(adele)]);
    await stack.settle();

    const [after] = await stack.incidents();
    const winner = after?.status === 'acknowledged' ? after.acknowledgedBy.name : 'nobody';
    expect([megan.name, adele.name]).toContain(winner);
    for (const answer of answers) expect(JSON.stringify(answer)).toContain(`Acknowledged by ${winner}`);
    expect(of('delivery.sent').map(({ action, revision }) => [action, revision])).toStrictEqual([
      ['post', incident?.revision],
      ['edit', (incident?.revision ?? 0) + 1],
    ]);
  });
});
