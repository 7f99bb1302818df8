import {
  memoryChannels,
  memoryHeartbeat,
  memoryHubRecords,
  memoryIncidents,
  memoryPosts,
  memorySilences,
} from '../../src/state/memory.ts';
import { describeChannelStore } from '../contracts/channel-store.ts';
import { describeHeartbeatStore } from '../contracts/heartbeat-store.ts';
import { describeHubRecordStore } from '../contracts/hub-record-store.ts';
import { describeIncidentStore } from '../contracts/incident-store.ts';
import { describePostStore } from '../contracts/post-store.ts';
import { describeSilenceStore } from '../contracts/silence-store.ts';

describeIncidentStore('memory', memoryIncidents);
describeSilenceStore('memory', memorySilences);
describeChannelStore('memory', memoryChannels);
describePostStore('memory', memoryPosts);
describeHubRecordStore('memory', memoryHubRecords);
describeHeartbeatStore('memory', memoryHeartbeat);
