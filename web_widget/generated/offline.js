/* Written by build.py from strings.json, locales/ and data/services/. Do not edit. */
export const LANGUAGES = [
 {
  "code": "ar",
  "name": "العربية",
  "dir": "rtl"
 },
 {
  "code": "en",
  "name": "English",
  "dir": "ltr"
 },
 {
  "code": "es",
  "name": "Español",
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
 "ar": {
  "launcher": "محادثة",
  "close": "إغلاق",
  "language": "اللغة",
  "numbers": "أرقام الهاتف",
  "messages": "الرسائل",
  "exit": "الخروج الآن",
  "exit_note": "زر «الخروج الآن» يمسح هذه المحادثة ويفتح صفحة عن الطقس. لا يستطيع مسح سجل المتصفح.",
  "exit_note_keys": "على لوحة المفاتيح، يمكنك أيضًا الضغط 3 مرات على Shift.",
  "exit_two_more": "Shift. بقيت ضغطتان للخروج.",
  "exit_one_more": "Shift. بقيت ضغطة واحدة للخروج.",
  "exit_cancelled": "لم يتم الخروج. الرجاء الضغط 3 مرات على Shift للخروج.",
  "exit_loading": "جارٍ التحميل",
  "from_waymark": "يقول Waymark:",
  "from_you": "كلامك:",
  "message_label": "يمكنك الكتابة هنا",
  "send": "إرسال",
  "writing": "Waymark يكتب",
  "start_failed": "لا يمكن بدء المحادثة الآن. ما زال بإمكانك الاتصال بهذه الأرقام.",
  "start_refused": "لا يمكن فتح المحادثة في هذه الصفحة. يمكنك فتحها في صفحتها الخاصة، أو الاتصال بهذه الأرقام.",
  "open_page": "فتح المحادثة في صفحتها الخاصة",
  "send_failed": "لم يتم الإرسال. كلماتك ما زالت هنا.",
  "choice_failed": "لم يتم الإرسال. يمكنك المحاولة مرة أخرى.",
  "retry": "محاولة أخرى",
  "offline_emergency": "هل هناك خطر الآن؟ الرجاء الاتصال بالرقم {phone}",
  "offline_helpline": "خط مساعدة مجاني: {phone}"
 },
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
  "start_refused": "The chat can’t open on this page. You can open it on its own page, or call these numbers.",
  "open_page": "Open the chat on its own page",
  "send_failed": "That did not send. Your words are still here.",
  "choice_failed": "That did not send. You can try again.",
  "retry": "Try again",
  "start_again": "Start again",
  "cleared": "This chat was cleared because it was not used for 30 minutes.",
  "offline_emergency": "In danger now? Call {phone}",
  "offline_helpline": "Free helpline: {phone}",
  "print_summary": "Print summary",
  "summary_title": "Summary",
  "summary_note": "This was made on this device from what was chosen. Waymark does not keep it or send it.",
  "summary_empty": "Nothing has been chosen yet."
 },
 "es": {
  "close": "Cerrar",
  "language": "Idioma",
  "numbers": "Teléfonos",
  "messages": "Mensajes",
  "exit": "Salir ya",
  "exit_note": "“Salir ya” borra este chat y abre una página del clima. No puede borrar el historial de tu navegador.",
  "exit_note_keys": "En un teclado también puedes presionar Shift 3 veces.",
  "exit_two_more": "Shift. Presiona 2 veces más para salir.",
  "exit_one_more": "Shift. Presiona 1 vez más para salir.",
  "exit_cancelled": "No has salido. Presiona Shift 3 veces para salir.",
  "exit_loading": "Cargando",
  "from_waymark": "Waymark dice:",
  "from_you": "Dijiste:",
  "message_label": "Escribe aquí",
  "send": "Enviar",
  "writing": "Waymark está escribiendo",
  "start_failed": "El chat no puede empezar ahora. Igual puedes llamar a estos números.",
  "start_refused": "El chat no se puede abrir en esta página. Puedes abrirlo en su propia página o llamar a estos números.",
  "open_page": "Abrir el chat en su propia página",
  "send_failed": "No se pudo enviar. Tus palabras siguen aquí.",
  "choice_failed": "No se pudo enviar. Puedes probar otra vez.",
  "retry": "Probar otra vez",
  "offline_emergency": "¿En peligro ahora? Llama al {phone}",
  "offline_helpline": "Línea de ayuda gratuita: {phone}"
 }
};
