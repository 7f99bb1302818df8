import { odata } from '@azure/data-tables';
import type { HubRecord, HubRecordStore } from '../detection/hub-record.ts';
import type { PictureStore } from '../detection/picture-store.ts';
import type { LogRecordStore } from '../diagnosis/log-record.ts';
import type { HeartbeatStore } from '../hubs/heartbeat.ts';
import type { Incident } from '../incidents/incident.ts';
import type { IncidentStore, SilenceStore, Versioned } from '../incidents/store.ts';
import type { ChannelStore } from '../notify/channel.ts';
import type { Post, PostStore } from '../notify/post.ts';
import { isChannel, isHeartbeat, isHubRecord, isIncident, isLogScopeRecord, isPost, isSilence } from './shapes.ts';
import type { StorageAccess } from './storage-account.ts';
import { key, openTable, type Row, type StoredRow, type Table } from './tables.ts';

/** Live incidents: one partition per group, one row per fingerprint. History: one partition per day of resolution. */
export function tableIncidents(access: StorageAccess): IncidentStore {
  const live = openTable(access, 'hubwatchIncidents');
  const history = openTable(access, 'hubwatchHistory');
  const liveRow = (incident: Incident): Row => ({
    partitionKey: key(incident.group),
    rowKey: key(incident.fingerprint),
    value: incident,
    index: { id: incident.id },
  });
  const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return {
    listLive: async (group) =>
      (await live.list(group === undefined ? undefined : odata`PartitionKey eq ${key(group)}`)).flatMap((row) =>
        versioned(row),
      ),
    find: async (id) => {
      const [found] = (await live.list(odata`id eq ${id}`)).flatMap((row) => versioned(row));
      if (found) return { ...found, archived: false };
      const [old] = (await history.list(odata`RowKey eq ${key(id)}`)).flatMap((row) => versioned(row));
      return old ? { ...old, archived: true } : undefined;
    },
    insert: async (incident) => ((await add(live, liveRow(incident), isIncident)) === 'exists' ? 'exists' : 'inserted'),
    save: async (incident, version) =>
      (await live.replace(liveRow(incident), version)) === 'stale' ? 'stale' : 'saved',
    archive: async ({ value, version }) => {
      const { partitionKey, rowKey } = liveRow(value);
      if ((await live.get(partitionKey, rowKey))?.version !== version) return 'stale';
      // History first: a crash in between leaves the incident in both, never in neither.
      const resolvedAt = value.status === 'resolved' ? value.resolvedAt : value.updatedAt;
      const old: Row = { partitionKey: dayOf(resolvedAt), rowKey: key(value.id), value };
      await history.put(old);
      if ((await live.remove(partitionKey, rowKey, version)) === 'removed') return 'archived';
      // It changed in just this moment: history must not say that it is over while it is live.
      const there = (await live.get(partitionKey, rowKey))?.value;
      if (isIncident(there) && there.id === value.id) await history.remove(old.partitionKey, old.rowKey);
      return 'stale';
    },
    listArchived: async (from, to, limit) => {
      const rows = await history.list(odata`PartitionKey ge ${dayOf(from)} and PartitionKey le ${dayOf(to)}`);
      const resolvedAt = (incident: Incident): number => (incident.status === 'resolved' ? incident.resolvedAt : 0);
      return rows
        .flatMap((row) => versioned(row))
        .map(({ value }) => value)
        .filter((incident) => resolvedAt(incident) >= from && resolvedAt(incident) < to)
        .toSorted((a, b) => resolvedAt(b) - resolvedAt(a))
        .slice(0, limit);
    },
  };
}

function versioned({ value, version }: StoredRow): Versioned<Incident>[] {
  return isIncident(value) ? [{ value, version }] : [];
}

/** Adds a row. A damaged one in its place is written over: nobody could read, change or remove it, ever. */
async function add(
  table: Table,
  row: Row,
  isSound: (value: unknown) => boolean,
): Promise<{ readonly version: string } | 'exists'> {
  const added = await table.insert(row);
  if (added !== 'exists') return added;
  const there = await table.get(row.partitionKey, row.rowKey);
  if (!there || isSound(there.value)) return 'exists';
  const replaced = await table.replace(row, there.version);
  return replaced === 'stale' ? 'exists' : replaced;
}

export function tableSilences(access: StorageAccess): SilenceStore {
  const table = openTable(access, 'hubwatchSilences');
  return {
    list: async (endedAfter) =>
      (await table.list())
        .map(({ value }) => value)
        .filter(isSilence)
        .filter((silence) => silence.until > endedAfter),
    put: (silence) => table.put({ partitionKey: 'silence', rowKey: key(silence.id), value: silence }),
    remove: async (id) => {
      await table.remove('silence', key(id));
    },
  };
}

export function tableChannels(access: StorageAccess): ChannelStore {
  const table = openTable(access, 'hubwatchChannels');
  return {
    list: async () => (await table.list()).map(({ value }) => value).filter(isChannel),
    get: async (id) => {
      const value = (await table.get('channel', key(id)))?.value;
      return isChannel(value) ? value : undefined;
    },
    put: (channel) => table.put({ partitionKey: 'channel', rowKey: key(channel.id), value: channel }),
    remove: async (id) => {
      await table.remove('channel', key(id));
    },
  };
}

export function tablePosts(access: StorageAccess): PostStore {
  const table = openTable(access, 'hubwatchPosts');
  const values = (rows: readonly StoredRow[]): Post[] => rows.map(({ value }) => value).filter(isPost);
  return {
    get: async (incidentId, channelId) => {
      const row = await table.get(key(incidentId), key(channelId));
      return row && isPost(row.value) ? { post: row.value, version: row.version } : undefined;
    },
    list: async (incidentId) => values(await table.list(odata`PartitionKey eq ${key(incidentId)}`)),
    listAll: async () => values(await table.list()),
    save: async (post, version) => {
      const row: Row = { partitionKey: key(post.incidentId), rowKey: key(post.channelId), value: post };
      const saved = version === undefined ? await add(table, row, isPost) : await table.replace(row, version);
      return saved === 'exists' || saved === 'stale' ? 'stale' : saved;
    },
    remove: async (incidentId, channelId) => {
      await table.remove(key(incidentId), key(channelId));
    },
  };
}

export function tableHubRecords(access: StorageAccess): HubRecordStore {
  const table = openTable(access, 'hubwatchHubs');
  const values = (rows: readonly StoredRow[]): HubRecord[] => rows.map(({ value }) => value).filter(isHubRecord);
  return {
    listGroup: async (group) => values(await table.list(odata`PartitionKey eq ${key(group)}`)),
    listAll: async () => values(await table.list()),
    save: (group, records) =>
      table.putAll(
        records.map((record) => ({
          partitionKey: key(group),
          rowKey: key(record.hub.name.toLowerCase()),
          value: record,
        })),
      ),
    remove: async (group, hubNames) => {
      for (const name of hubNames) await table.remove(key(group), key(name.toLowerCase()));
    },
  };
}

/** One partition per hub, one row per text. */
export function tablePictures(access: StorageAccess): PictureStore {
  const table = openTable(access, 'hubwatchPictures');
  const partition = (group: string, hub: string): string => key(`${group}/${hub.toLowerCase()}`);
  return {
    read: async (group, hub, names) => {
      const rows = await Promise.all(names.map((name) => table.get(partition(group, hub), key(name))));
      return new Map(
        names.flatMap((name, i): [string, string][] => {
          const value = rows[i]?.value;
          return typeof value === 'string' ? [[name, value]] : [];
        }),
      );
    },
    write: (group, hub, texts) =>
      table.putAll(
        [...texts].map(([name, value]) => ({ partitionKey: partition(group, hub), rowKey: key(name), value })),
      ),
    remove: async (group, hub) => {
      const rows = await table.list(odata`PartitionKey eq ${partition(group, hub)}`);
      for (const { partitionKey, rowKey } of rows) await table.remove(partitionKey, rowKey);
    },
  };
}

export function tableHeartbeat(access: StorageAccess): HeartbeatStore {
  const table = openTable(access, 'hubwatchHeartbeat');
  return {
    read: async () => {
      const value = (await table.get('heartbeat', 'last'))?.value;
      return isHeartbeat(value) ? value : undefined;
    },
    write: (heartbeat) => table.put({ partitionKey: 'heartbeat', rowKey: 'last', value: heartbeat }),
  };
}

export function tableLogRecords(access: StorageAccess): LogRecordStore {
  const table = openTable(access, 'hubwatchLogs');
  return {
    read: async (scope) => {
      const value = (await table.get('scope', key(scope)))?.value;
      return isLogScopeRecord(value) ? value : undefined;
    },
    write: (scope, record) => table.put({ partitionKey: 'scope', rowKey: key(scope), value: record }),
  };
}
