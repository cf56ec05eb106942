import { chatContract } from '../chat/contract.testing.ts';
import { discordStage } from './testing.ts';

chatContract('discord', (chat) => discordStage(chat));
