import type { HubRecord, HubRecordStore } from '../detection/hub-record.ts';
import type { PictureStore } from '../detection/picture-store.ts';
import type { LogRecordStore, LogScopeRecord } from '../diagnosis/log-record.ts';
import type { Heartbeat, HeartbeatStore } from '../hubs/heartbeat.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Silence } from '../incidents/silence.ts';
import type { IncidentStore, SilenceStore, Versioned } from '../incidents/store.ts';
import type { Channel, ChannelStore } from '../notify/channel.ts';
import type { Post, PostStore } from '../notify/post.ts';

// Stores for one process: playbacks, backtests and the tests of everything that does not care where state lives. They
// pass the same contract suites as the tables.

export function memoryIncidents(): IncidentStore {
  const live = new Map<string, Versioned<Incident>>();
  const history: Incident[] = [];
  let counter = 0;
  const versioned = (value: Incident): Versioned<Incident> => ({
    value: structuredClone(value),
    version: String(++counter),
  });
  return {
    listLive: (group) =>
      Promise.resolve([...live.values()].filter(({ value }) => group === undefined || value.group === group)),
    find: (id) => {
      const found = [...live.values()].find(({ value }) => value.id === id);
      if (found) return Promise.resolve({ ...found, archived: false });
      const old = history.find((incident) => incident.id === id);
      return Promise.resolve(old ? { value: old, version: '', archived: true } : undefined);
    },
    insert: (incident) => {
      if (live.has(incident.fingerprint)) return Promise.resolve('exists');
      live.set(incident.fingerprint, versioned(incident));
      return Promise.resolve('inserted');
    },
    save: (incident, version) => {
      if (live.get(incident.fingerprint)?.version !== version) return Promise.resolve('stale');
      live.set(incident.fingerprint, versioned(incident));
      return Promise.resolve('saved');
    },
    archive: ({ value, version }) => {
      if (live.get(value.fingerprint)?.version !== version) return Promise.resolve('stale');
      live.delete(value.fingerprint);
      history.push(value);
      return Promise.resolve('archived');
    },
    listArchived: (from, to, limit) => {
      const resolvedAt = (incident: Incident): number => (incident.status === 'resolved' ? incident.resolvedAt : 0);
      const inside = history.filter((incident) => resolvedAt(incident) >= from && resolvedAt(incident) < to);
      return Promise.resolve(inside.toSorted((a, b) => resolvedAt(b) - resolvedAt(a)).slice(0, limit));
    },
  };
}

export function memorySilences(): SilenceStore {
  const silences = new Map<string, Silence>();
  return {
    list: (endedAfter) => Promise.resolve([...silences.values()].filter((silence) => silence.until > endedAfter)),
    put: (silence) => {
      silences.set(silence.id, silence);
      return Promise.resolve();
    },
    remove: (id) => {
      silences.delete(id);
      return Promise.resolve();
    },
  };
}

export function memoryChannels(): ChannelStore {
  const channels = new Map<string, Channel>();
  return {
    list: () => Promise.resolve([...channels.values()]),
    get: (id) => Promise.resolve(channels.get(id)),
    put: (channel) => {
      channels.set(channel.id, channel);
      return Promise.resolve();
    },
    remove: (id) => {
      channels.delete(id);
      return Promise.resolve();
    },
  };
}

export function memoryPosts(): PostStore {
  const posts = new Map<string, { readonly post: Post; readonly version: string }>();
  let counter = 0;
  const keyOf = (incidentId: string, channelId: string): string => JSON.stringify([incidentId, channelId]);
  return {
    get: (incidentId, channelId) => Promise.resolve(posts.get(keyOf(incidentId, channelId))),
    list: (incidentId) =>
      Promise.resolve([...posts.values()].map(({ post }) => post).filter((post) => post.incidentId === incidentId)),
    listAll: () => Promise.resolve([...posts.values()].map(({ post }) => post)),
    save: (post, version) => {
      const key = keyOf(post.incidentId, post.channelId);
      if (posts.get(key)?.version !== version) return Promise.resolve('stale');
      const next = String(++counter);
      posts.set(key, { post, version: next });
      return Promise.resolve({ version: next });
    },
    remove: (incidentId, channelId) => {
      posts.delete(keyOf(incidentId, channelId));
      return Promise.resolve();
    },
  };
}

export function memoryHubRecords(): HubRecordStore {
  const groups = new Map<string, Map<string, HubRecord>>();
  return {
    listGroup: (group) => Promise.resolve([...(groups.get(group)?.values() ?? [])]),
    listAll: () => Promise.resolve([...groups.values()].flatMap((records) => [...records.values()])),
    save: (group, records) => {
      const known = groups.get(group) ?? new Map<string, HubRecord>();
      for (const record of records) known.set(record.hub.name.toLowerCase(), record);
      groups.set(group, known);
      return Promise.resolve();
    },
    remove: (group, hubNames) => {
      for (const name of hubNames) groups.get(group)?.delete(name.toLowerCase());
      return Promise.resolve();
    },
  };
}

export function memoryPictures(): PictureStore {
  const hubs = new Map<string, Map<string, string>>();
  const keyOf = (group: string, hub: string): string => `${group}/${hub.toLowerCase()}`;
  return {
    read: (group, hub, names) => {
      const texts = hubs.get(keyOf(group, hub));
      return Promise.resolve(
        new Map(
          names.flatMap((name): [string, string][] => {
            const text = texts?.get(name);
            return text === undefined ? [] : [[name, text]];
          }),
        ),
      );
    },
    write: (group, hub, texts) => {
      hubs.set(keyOf(group, hub), new Map([...(hubs.get(keyOf(group, hub)) ?? []), ...texts]));
      return Promise.resolve();
    },
    remove: (group, hub) => {
      hubs.delete(keyOf(group, hub));
      return Promise.resolve();
    },
  };
}

export function memoryHeartbeat(): HeartbeatStore {
  let last: Heartbeat | undefined;
  return {
    read: () => Promise.resolve(last),
    write: (heartbeat) => {
      last = heartbeat;
      return Promise.resolve();
    },
  };
}

export function memoryLogRecords(): LogRecordStore {
  const records = new Map<string, LogScopeRecord>();
  return {
    read: (scope) => Promise.resolve(records.get(scope)),
    write: (scope, record) => {
      records.set(scope, record);
      return Promise.resolve();
    },
  };
}
