import { describe, expect, it } from 'vitest';
import { incidentCard, incidentMessage, reducedIncidentMessage } from '../../src/cards/incident-card.ts';
import { findEntry, findFamily } from '../../src/catalog/catalog.ts';
import type { Candidate } from '../../src/diagnosis/diagnosis.ts';
import { wordsOf } from '../../src/cards/words/languages.ts';
import { acknowledge } from '../../src/incidents/act.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { lintCard, readCard } from '../fixtures/card-lint.ts';
import { evaluation, firing, hub, HOUR, megan, MINUTE, now, resolvedAt } from '../fixtures/incidents.ts';

const english = { language: 'en', silence: undefined, now } as const;
const quota = firing({
  signal: 'quota',
  metric: 'dailyMessageQuotaUsed',
  reason: 'quota-warning-level',
  severity: 'warning',
  numbers: { value: 328_000, ratio: 0.82, limit: 400_000 },
  picture: {
    grainMs: MINUTE,
    from: now - 30 * MINUTE,
    values: Array.from({ length: 26 }, (_, i) => 300_000 + i * 1_000),
    limit: 400_000,
  },
});
const drop = firing({
  signal: 'connected-devices',
  metric: 'connectedDeviceCount',
  reason: 'below-usual',
  severity: 'error',
  numbers: { value: 312, expected: 520, ratio: 0.6 },
  picture: {
    grainMs: MINUTE,
    from: now - 30 * MINUTE,
    values: Array.from({ length: 26 }, () => 400),
    expected: Array.from({ length: 26 }, () => 520),
  },
});
const silent = firing({ signal: 'no-data', reason: 'no-data', severity: 'warning', numbers: {} });
const every: readonly Incident[] = [
  firing(),
  quota,
  drop,
  silent,
  acknowledge(firing(), megan, now).incident,
  resolvedAt(firing(), now + HOUR),
];
const silence = { id: 's', fingerprint: firing().fingerprint, from: now, until: now + HOUR, by: megan };

describe('the card of an incident', () => {
  it('says which hub, how bad, what and since when, why, and what to do', () => {
    const text = readCard(incidentCard(firing(), english));
    expect(text).toContain('plant-berlin');
    expect(text).toContain('Error · Throttling');
    expect(text).toContain(
      'The hub refuses messages from devices: 45,650 refused so far, since 09:04 UTC (8\u00a0min).',
    );
    expect(text).toContain('429001 ThrottlingException · established');
    expect(text).toMatch(/Next steps\n1\.\n/);
    expect(text).toContain('[Acknowledge]\n[Snooze 1 h]\n[Explain]\n[Open in Azure]');
  });

  it.each([
    { incident: quota, sentence: "82% of today's message quota is used (328,000 of 400,000)" },
    { incident: drop, sentence: '312 devices are connected where 520 are usual at this hour (-40%)' },
    { incident: silent, sentence: 'Azure Monitor has no new points for this hub' },
  ])('words $sentence', ({ incident, sentence }) => {
    expect(readCard(incidentCard(incident, english))).toContain(sentence);
  });

  it('has a chart with the limit or the usual level, and the same in words', () => {
    const charts = [quota, drop].map((incident) =>
      incidentCard(incident, english).body.find((element) => element.type === 'Chart.Line'),
    );
    expect(charts.map((chart) => chart?.data?.map(({ legend }) => legend))).toStrictEqual([
      ['Measured', 'Limit'],
      ['Measured', 'Usual'],
    ]);
    expect(readCard(incidentCard(quota, english))).toContain(
      'Last 26\u00a0min: from 300,000 to 325,000, lowest 300,000, highest 325,000; limit 400,000.',
    );
  });

  it('says that the cause is not established when the candidates are only possible', () => {
    const guess: Incident = {
      ...drop,
      diagnosis: {
        candidates: [{ family: '404xxx', code: '404104', confidence: 'possible', reason: 'look-at-network' }],
        logs: { state: 'not-asked' },
        rows: [],
      },
    };
    expect(readCard(incidentCard(guess, english))).toContain('Cause not established');
  });

  it('tells what the error means, and guesses at no cause beyond its evidence', () => {
    const diagnosed = (candidate: Candidate): string =>
      readCard(incidentCard({ ...drop, diagnosis: { ...drop.diagnosis, candidates: [candidate] } }, english));
    const refused = diagnosed({
      family: '401xxx',
      code: '401003',
      confidence: 'established',
      reason: 'credentials-refused',
      figures: { devices: 40, count: 90 },
    });
    expect(refused).toContain(findEntry('401003')?.meaning.en);
    expect(refused).not.toContain('Planned token renewal');
    // Of what has not come yet, its meaning would be untrue.
    const ahead = diagnosed({ family: '429xxx', confidence: 'likely', reason: 'near-operation-rate' });
    expect(ahead).not.toContain(findFamily('429xxx')?.meaning.en);
  });

  it('shows who has it and who snoozed it, and offers only what still makes sense', () => {
    const taken = readCard(incidentCard(acknowledge(firing(), megan, now).incident, { ...english, silence }));
    expect(taken).toContain('Acknowledged by Megan Bowen at 09:12 UTC');
    expect(taken).toContain('Snoozed by Megan Bowen until 10:12 UTC');
    expect(taken).not.toContain('[Acknowledge]');
    const over = readCard(incidentCard(resolvedAt(firing(), now + HOUR), english));
    expect(over).toContain('Over since 10:12 UTC, after 1\u00a0h 8\u00a0min.');
    expect(over).not.toMatch(/\[Acknowledge\]|\[Snooze/);
  });

  it('speaks French where the channel does', () => {
    const text = readCard(incidentCard(firing(), { ...english, language: 'fr' }));
    expect(text).toContain('Erreur · Limitation de débit');
    expect(text).toContain('[Prendre en charge]');
    expect(text).not.toMatch(/Next steps|Acknowledge/);
  });

  it.each(
    every.flatMap((incident) =>
      (['en', 'fr'] as const).map((language) => ({
        language,
        status: incident.status,
        signal: incident.signal,
        incident,
      })),
    ),
  )('is one that Teams can show: $signal, $status, $language', ({ incident, language }) => {
    expect(lintCard(incidentCard(incident, { language, silence, now }))).toStrictEqual([]);
  });

  it('stays a few hundred bytes when Teams wants it smaller', () => {
    const reduced = reducedIncidentMessage(firing(), english);
    expect(lintCard(reduced.card)).toStrictEqual([]);
    expect(JSON.stringify(reduced).length).toBeLessThan(JSON.stringify(incidentMessage(firing(), english)).length / 2);
    expect(readCard(reduced.card)).toContain('The hub refuses messages');
  });
});

describe('text from outside', () => {
  const hostile =
    '**b** [x](http://evil) <at>everyone</at> {{DATE(2026-01-01)}} \u202e\u0000\n![](https://evil/p.png) `run` ' +
    'x'.repeat(10_000);

  const placed: readonly { readonly where: string; readonly incident: Incident }[] = [
    { where: 'the name of a person', incident: acknowledge(firing(), { id: 'x', name: hostile }, now).incident },
    {
      where: 'the name of a hub',
      incident: {
        ...firing(),
        subject: { kind: 'hub', hub: { ...hub, name: hostile, region: hostile, sku: hostile } },
      },
    },
    {
      where: 'a metric',
      incident: {
        ...firing(),
        evaluation: evaluation({ signal: hostile, metric: hostile, reason: hostile }),
      },
    },
  ];

  it.each(placed)('in $where is shown as it is, cut, and never as Markdown, tag or macro', ({ incident }) => {
    const card = incidentCard(incident, english);
    expect(lintCard(card)).toStrictEqual([]);
    const json = JSON.stringify(card);
    expect(/<at>|\{\{|\u202e|\\u0000|x{1000}/.test(json)).toBe(false);
    for (const block of JSON.stringify(card).matchAll(/"type":"TextBlock","text":"([^"]*)"/g))
      expect(block[1]).not.toMatch(/evil/);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])(
    'such as the rule name %s is a name, in both languages',
    (name) => {
      const incident = {
        ...firing(),
        evaluation: evaluation({ rule: name, signal: name, reason: name }),
        signal: name,
      };
      for (const language of ['en', 'fr'] as const) {
        const text = readCard(incidentCard(incident, { ...english, language }));
        expect(text).not.toMatch(/function|native code|\[object/);
        expect(wordsOf(language).signal(name)).toBe(`${name.slice(0, 1).toUpperCase()}${name.slice(1)}`);
      }
    },
  );

  it('tells of what is over how it was, and that it is over first', () => {
    const over = resolvedAt(drop, now + HOUR);
    const text = readCard(incidentCard(over, english));
    expect(text).toContain('Until then: 312 devices are connected where 520 are usual at this hour (-40%)');
    expect(text.indexOf('Over since')).toBeLessThan(text.indexOf('Until then'));
    expect(text).not.toContain('No points to show');
    expect(readCard(incidentCard(over, { ...english, language: 'fr' }))).toContain('Jusque-là : 312 appareils');
  });
});
