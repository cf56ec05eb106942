import { chatContract } from './contract.testing.ts';
import { memoryStage } from './testing.ts';

chatContract('the memory platform', memoryStage);
