/* Written by build.py from strings.json, locales/ and data/services/. Do not edit. */
export const LANGUAGES = [
 {
  "code": "en",
  "name": "English",
  "dir": "ltr"
 }
];
export const PHONES = [
 {
  "key": "offline_emergency",
  "phone": "999",
  "href": "tel:999"
 },
 {
  "key": "offline_helpline",
  "phone": "08000 121 700",
  "href": "tel:08000121700"
 }
];
export const STRINGS = {
 "en": {
  "title": "Waymark",
  "launcher": "Chat",
  "close": "Close",
  "language": "Language",
  "numbers": "Phone numbers",
  "messages": "Messages",
  "exit": "Leave now",
  "exit_note": "“Leave now” clears this chat and opens a weather page. It can’t clear your browser history.",
  "exit_note_keys": "On a keyboard you can also press Shift 3 times.",
  "exit_two_more": "Shift. Press 2 more times to leave.",
  "exit_one_more": "Shift. Press 1 more time to leave.",
  "exit_cancelled": "You have not left. Press Shift 3 times to leave.",
  "exit_loading": "Loading",
  "from_waymark": "Waymark says:",
  "from_you": "You said:",
  "urgent": "Important",
  "message_label": "Write here",
  "send": "Send",
  "writing": "Waymark is writing",
  "chosen": "You chose this",
  "choose_many": "Choose all that are right.",
  "choose_one_first": "Choose one or more first.",
  "send_choices": "Send my choices",
  "opens_new_tab": "opens in a new tab",
  "start_failed": "The chat can’t start right now. You can still call these numbers.",
  "send_failed": "That did not send. Your words are still here.",
  "choice_failed": "That did not send. You can try again.",
  "retry": "Try again",
  "offline_emergency": "In danger now? Call {phone}",
  "offline_helpline": "Free helpline: {phone}",
  "print_summary": "Print summary",
  "summary_title": "Summary",
  "summary_note": "This was made on this device from what was chosen. Waymark does not keep it or send it.",
  "summary_empty": "Nothing has been chosen yet."
 }
};
