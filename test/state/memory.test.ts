import {
  memoryChannels,
  memoryHeartbeat,
  memoryHubRecords,
  memoryIncidents,
  memoryLogRecords,
  memoryPictures,
  memoryPosts,
  memorySilences,
} from '../../src/state/memory.ts';
import { describeChannelStore } from '../contracts/channel-store.ts';
import { describeHeartbeatStore } from '../contracts/heartbeat-store.ts';
import { describeHubRecordStore } from '../contracts/hub-record-store.ts';
import { describeIncidentStore } from '../contracts/incident-store.ts';
import { describeLogRecordStore } from '../contracts/log-record-store.ts';
import { describePictureStore } from '../contracts/picture-store.ts';
import { describePostStore } from '../contracts/post-store.ts';
import { describeSilenceStore } from '../contracts/silence-store.ts';

describeIncidentStore('memory', memoryIncidents);
describeSilenceStore('memory', memorySilences);
describeChannelStore('memory', memoryChannels);
describePostStore('memory', memoryPosts);
describeHubRecordStore('memory', memoryHubRecords);
describePictureStore('memory', memoryPictures);
describeHeartbeatStore('memory', memoryHeartbeat);
describeLogRecordStore('memory', memoryLogRecords);
