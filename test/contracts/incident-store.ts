import { describe, expect, it } from 'vitest';
import type { IncidentStore } from '../../src/incidents/store.ts';
import { DAY, MINUTE } from '../../src/time/time.ts';
import { aHub, anIncident, now, resolved } from '../fixtures/domain.ts';

/** What every incident store must do. `make` gives an empty one. */
export function describeIncidentStore(name: string, make: () => IncidentStore | Promise<IncidentStore>): void {
  describe(`incident store: ${name}`, () => {
    it('finds an inserted incident by id and in its group, as it was stored', async () => {
      const store = await make();
      const incident = anIncident();
      expect(await store.insert(incident)).toBe('inserted');
      expect(await store.find(incident.id)).toMatchObject({ value: incident, archived: false });
      expect((await store.listLive(incident.group)).map(({ value }) => value)).toEqual([incident]);
      expect((await store.listLive()).map(({ value }) => value)).toEqual([incident]);
    });

    it('lists one group without the others', async () => {
      const store = await make();
      const here = anIncident(aHub('hub-a', { region: 'westeurope' }));
      const there = anIncident(aHub('hub-b', { region: 'northeurope' }));
      await store.insert(here);
      await store.insert(there);
      expect((await store.listLive(there.group)).map(({ value }) => value.id)).toEqual([there.id]);
      expect(await store.listLive('no-such-group')).toEqual([]);
      expect(await store.listLive()).toHaveLength(2);
    });

    it('knows no incident that was never stored', async () => {
      const store = await make();
      expect(await store.find('ZZZZZZZ')).toBeUndefined();
      expect(await store.find('')).toBeUndefined();
      expect(await store.find("x' or RowKey ne '")).toBeUndefined();
    });

    it('lets only one incident of a fingerprint live', async () => {
      const store = await make();
      const first = anIncident();
      await store.insert(first);
      expect(await store.insert(anIncident(aHub(), { openedAt: now }))).toBe('exists');
      expect((await store.listLive()).map(({ value }) => value.id)).toEqual([first.id]);
    });

    it('lets one of ten insertions at once win', async () => {
      const store = await make();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) => store.insert(anIncident(aHub(), { openedAt: now + i }))),
      );
      expect(outcomes.filter((outcome) => outcome === 'inserted')).toHaveLength(1);
      expect(await store.listLive()).toHaveLength(1);
    });

    it('lets one of ten saves over the same version win, and keeps what the winner wrote', async () => {
      const store = await make();
      const incident = anIncident();
      await store.insert(incident);
      const version = (await store.find(incident.id))?.version ?? '';
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) => store.save({ ...incident, revision: 100 + i }, version)),
      );
      expect(outcomes.filter((outcome) => outcome === 'saved')).toHaveLength(1);
      expect((await store.find(incident.id))?.value.revision).toBe(100 + outcomes.indexOf('saved'));
    });

    it('gives a new version with every save, even of the same value', async () => {
      const store = await make();
      const incident = anIncident();
      await store.insert(incident);
      const first = (await store.find(incident.id))?.version ?? '';
      expect(await store.save(incident, first)).toBe('saved');
      expect(await store.save(incident, first)).toBe('stale');
    });

    it('does not save an incident that is not there', async () => {
      const store = await make();
      const incident = anIncident();
      await store.insert(incident);
      const found = await store.find(incident.id);
      if (!found) throw new Error('not stored');
      await store.archive(found);
      expect(await store.save(incident, found.version)).toBe('stale');
      expect(await store.listLive()).toEqual([]);
    });

    it('finds an archived incident in history, and makes room for a new one of its fingerprint', async () => {
      const store = await make();
      const incident = anIncident();
      await store.insert(incident);
      const over = resolved(incident);
      const stored = await store.find(incident.id);
      await store.save(over, stored?.version ?? '');
      const current = await store.find(incident.id);
      if (!current) throw new Error('not stored');
      expect(await store.archive(current)).toBe('archived');
      expect(await store.find(incident.id)).toMatchObject({ value: over, archived: true });
      expect(await store.listLive()).toEqual([]);
      expect(await store.insert(anIncident(aHub(), { openedAt: now + MINUTE }))).toBe('inserted');
    });

    it('leaves no trace in history of an incident that changed before it could be archived', async () => {
      const store = await make();
      const incident = anIncident();
      await store.insert(incident);
      const stored = await store.find(incident.id);
      if (!stored) throw new Error('not stored');
      await store.save({ ...incident, revision: 2 }, stored.version);
      expect(await store.archive({ ...stored, value: resolved(incident) })).toBe('stale');
      expect(await store.listArchived(0, now + DAY, 10)).toEqual([]);
      expect(await store.find(incident.id)).toMatchObject({ value: { revision: 2 }, archived: false });
    });

    it('archives once, however many try at the same time', async () => {
      const store = await make();
      const incident = anIncident();
      await store.insert(incident);
      const stored = await store.find(incident.id);
      if (!stored) throw new Error('not stored');
      const over = { ...stored, value: resolved(incident) };
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => store.archive(over)));
      expect(outcomes.filter((outcome) => outcome === 'archived')).toHaveLength(1);
      expect(await store.listArchived(0, now + DAY, 10)).toEqual([over.value]);
    });

    it('lists history by the time of resolution: [from, to), newest first, at most so many', async () => {
      const store = await make();
      const ends = [now - 3 * DAY, now - DAY, now - MINUTE, now];
      for (const [i, end] of ends.entries()) {
        const incident = anIncident(aHub(`hub-${String(i)}`), { openedAt: end - MINUTE });
        await store.insert(incident);
        const stored = await store.find(incident.id);
        if (stored) await store.archive({ ...stored, value: resolved(incident, end) });
      }
      const endsOf = async (from: number, to: number, limit: number): Promise<number[]> =>
        (await store.listArchived(from, to, limit)).map((incident) =>
          incident.status === 'resolved' ? incident.resolvedAt : 0,
        );
      expect(await endsOf(now - 3 * DAY, now, 10)).toEqual([now - MINUTE, now - DAY, now - 3 * DAY]);
      expect(await endsOf(now - 3 * DAY + 1, now + 1, 2)).toEqual([now, now - MINUTE]);
      expect(await endsOf(now, now, 10)).toEqual([]);
    });

    it('keeps what people and Azure wrote, character by character', async () => {
      const store = await make();
      const hub = aHub('hub-ü', { resourceGroup: `rg (a)_b-c.d%2F'é`, sku: '"S1"', region: 'we' });
      const name = `O'Malley "Zoë" 火 \u{1F525} \\ / # ? % \u0001 \u2028`;
      const incident = anIncident(hub, { events: [{ at: now, kind: 'acknowledged', by: { id: '29:ü/x', name } }] });
      expect(await store.insert(incident)).toBe('inserted');
      const found = await store.find(incident.id);
      expect(found?.value).toEqual(incident);
      expect(await store.save({ ...incident, revision: 2 }, found?.version ?? '')).toBe('saved');
      expect((await store.listLive(incident.group)).map(({ value }) => value.revision)).toEqual([2]);
    });
  });
}
