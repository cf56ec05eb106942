/** The inbox: everything that waits for a person, as data. What a question is, what an answer means, what follows. Pure. */
export { answersForTool, questionsFromTool } from './tool.ts';
export { parseQuestionFile } from './question-file.ts';
export { parseAnswerFile, renderAnswerFile } from './answer-file.ts';
export { parseAnswer, type ParsedAnswer } from './parse-answer.ts';
export { answeredBy, answerText, letterOf, ownWordsAmong } from './words.ts';
export { kindNames, renderHomeQuestion, renderItem } from './render.ts';
export {
  newApprovalItem,
  newBudgetItem,
  newCanaryItem,
  newCliItem,
  newFailedCheckItem,
  newForecastItem,
  newLessonItem,
  newLoginItem,
  newPlanningItem,
  newQuestionItem,
  newRunawayItem,
  newSettingItem,
  newUsageLimitItem,
  newViolationItem,
  type ItemOpened,
} from './items.ts';
export {
  approvalDecision,
  budgetScope,
  budgetDecision,
  canaryDecision,
  failedCheckDecision,
  lessonDecision,
  loginDecision,
  runawayDecision,
  settingDecision,
  usageLimitDecision,
} from './decisions.ts';
export { newDoubtItem } from './doubt-item.ts';
export { dueDefaults, dueSkips, holdsNothingUp, nextItemId, nextSilence, openItems, placeOfItem } from './list.ts';
export { planReminders, quietMs } from './remind.ts';
export { newChannelItem, type ChannelTrouble } from './channel-item.ts';
export { feedbackDecision, newFeedbackItem } from './feedback-item.ts';
export { newMissedItem, newPlanItem, scheduleDecision } from './schedule-items.ts';
