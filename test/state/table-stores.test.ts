import {
  tableChannels,
  tableHeartbeat,
  tableHubRecords,
  tableIncidents,
  tableLogRecords,
  tablePictures,
  tablePosts,
  tableSilences,
} from '../../src/state/table-stores.ts';
import type { StorageAccess } from '../../src/state/storage-account.ts';
import { describeChannelStore } from '../contracts/channel-store.ts';
import { describeHeartbeatStore } from '../contracts/heartbeat-store.ts';
import { describeHubRecordStore } from '../contracts/hub-record-store.ts';
import { describeIncidentStore } from '../contracts/incident-store.ts';
import { describeLogRecordStore } from '../contracts/log-record-store.ts';
import { describePictureStore } from '../contracts/picture-store.ts';
import { describePostStore } from '../contracts/post-store.ts';
import { describeSilenceStore } from '../contracts/silence-store.ts';
import { testStorage } from '../fixtures/storage.ts';

const storage = testStorage();
const empty =
  <T>(open: (access: StorageAccess) => T) =>
  async (): Promise<T> => {
    await storage.clear();
    return open(storage.access());
  };

describeIncidentStore('tables', empty(tableIncidents));
describeSilenceStore('tables', empty(tableSilences));
describeChannelStore('tables', empty(tableChannels));
describePostStore('tables', empty(tablePosts));
describeHubRecordStore('tables', empty(tableHubRecords));
describeHeartbeatStore('tables', empty(tableHeartbeat));
describeLogRecordStore('tables', empty(tableLogRecords));
describePictureStore('tables', empty(tablePictures));
