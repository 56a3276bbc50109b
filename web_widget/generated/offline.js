/* Written by build.py from strings.json, locales/ and data/services/. Do not edit. */
export const NAMES = {
 "ar": "العربية",
 "en": "English",
 "es": "Español",
 "fa": "فارسی",
 "fr": "Français",
 "hi": "हिन्दी",
 "pl": "Polski",
 "pt": "Português",
 "ro": "Română",
 "so": "Soomaali",
 "sq": "Shqip",
 "th": "ไทย",
 "ti": "ትግርኛ",
 "tl": "Filipino",
 "vi": "Tiếng Việt",
 "zh_Hans": "中文 (简体)"
};
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
export const ENGLISH = {
 "title": "Waymark",
 "launcher": "Chat",
 "close": "Close",
 "language": "Language",
 "numbers": "Phone numbers",
 "messages": "Messages",
 "exit": "Leave now",
 "exit_note": "“Leave now” clears this chat and opens a weather page. It can’t clear your browser history.",
 "exit_note_how": "You can delete this page in your browser’s History.",
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
 "choose_many": "Choose all that are right.",
 "choose_one_first": "Choose one or more first.",
 "send_choices": "Send my choices",
 "opens_new_tab": "opens in a new tab",
 "start_failed": "The chat can’t start right now.",
 "send_failed": "That did not send. Your words are still here.",
 "choice_failed": "That did not send. You can try again.",
 "retry": "Try again",
 "start_again": "Start again",
 "cleared": "This chat was cleared because it was not used for 30 minutes.",
 "idle_warning": "If you do nothing, this chat will be cleared in 5 minutes.",
 "idle_stay": "Keep it open",
 "listen": "Listen",
 "listen_stop": "Stop the voice",
 "offline_emergency": "In danger now? Call {phone}",
 "offline_helpline": "Free helpline: {phone}",
 "print_summary": "Print summary"
};
/* The words of KEYS in each language, in that order. */
export const KEYS = [
 "launcher",
 "exit",
 "message_label",
 "start_failed",
 "retry",
 "offline_emergency",
 "offline_helpline"
];
export const WORDS = {
 "ar": [
  "محادثة",
  "الخروج الآن",
  "يمكنك الكتابة هنا",
  "لا يمكن بدء المحادثة الآن.",
  "محاولة أخرى",
  "هل هناك خطر الآن؟ الرجاء الاتصال بالرقم {phone}",
  "خط مساعدة مجاني: {phone}"
 ],
 "es": [
  "Chat",
  "Salir ya",
  "Escribe aquí",
  "El chat no puede empezar ahora.",
  "Probar otra vez",
  "¿En peligro ahora? Llama al {phone}",
  "Línea de ayuda gratuita: {phone}"
 ],
 "fa": [
  "گفتگو",
  "خروج فوری",
  "اینجا بنویسید",
  "گفتگو همین حالا نمی‌تواند شروع شود.",
  "دوباره امتحان کنید",
  "همین حالا در خطر هستید؟ به {phone} زنگ بزنید",
  "خط کمک رایگان: {phone}"
 ],
 "fr": [
  "Conversation",
  "Quitter maintenant",
  "Écrivez ici",
  "La conversation ne peut pas commencer pour le moment.",
  "Essayer encore",
  "En danger maintenant ? Appelez le {phone}",
  "Ligne d’aide gratuite : {phone}"
 ],
 "hi": [
  "चैट",
  "अभी निकलें",
  "यहाँ लिखें",
  "चैट अभी शुरू नहीं हो पा रही है।",
  "फिर कोशिश करें",
  "अभी खतरे में हैं? {phone} पर कॉल करें",
  "मुफ़्त हेल्पलाइन: {phone}"
 ],
 "pl": [
  "Czat",
  "Wyjdź teraz",
  "Napisz tutaj",
  "Czat nie może się teraz zacząć.",
  "Spróbuj jeszcze raz",
  "Niebezpieczeństwo teraz? Zadzwoń pod {phone}",
  "Bezpłatna linia pomocy: {phone}"
 ],
 "pt": [
  "Conversa",
  "Sair agora",
  "Escreva aqui",
  "A conversa não pode começar agora.",
  "Tentar de novo",
  "Em perigo agora? Ligue para {phone}",
  "Linha de ajuda grátis: {phone}"
 ],
 "ro": [
  "Chat",
  "Ieși acum",
  "Scrie aici",
  "Conversația nu poate începe acum.",
  "Încearcă din nou",
  "În pericol acum? Sună la {phone}",
  "Linie gratuită de ajutor: {phone}"
 ],
 "so": [
  "Wadahadal",
  "Hadda ka bax",
  "Halkan wax ku qor",
  "Wadahadalku hadda ma bilaabmi karo.",
  "Mar kale isku day",
  "Hadda khatar ma ku jirtaa? Wac {phone}",
  "Khadka caawimada ee bilaashka ah: {phone}"
 ],
 "sq": [
  "Bisedë",
  "Dil tani",
  "Shkruani këtu",
  "Biseda nuk mund të fillojë tani.",
  "Provo përsëri",
  "Në rrezik tani? Telefononi {phone}",
  "Linjë falas ndihme: {phone}"
 ],
 "th": [
  "แชต",
  "ออกทันที",
  "เขียนที่นี่ได้เลย",
  "ตอนนี้แชตยังเริ่มไม่ได้",
  "ลองอีกครั้ง",
  "อยู่ในอันตรายตอนนี้ไหม โทร {phone}",
  "สายช่วยเหลือโทรฟรี: {phone}"
 ],
 "ti": [
  "ዕላል",
  "ሕጂ ውጽኡ",
  "ኣብዚ ጽሓፉ",
  "እቲ ዕላል ሕጂ ክጅምር ኣይከኣለን።",
  "ደጊምኩም ፈትኑ",
  "ሕጂ ኣብ ሓደጋ ኣለኹም ዶ? ናብ {phone} ደውሉ",
  "ብናጻ መስመር ሓገዝ፦ {phone}"
 ],
 "tl": [
  "Chat",
  "Umalis ngayon",
  "Magsulat dito",
  "Hindi masimulan ang chat ngayon.",
  "Subukan ulit",
  "Nasa panganib ngayon? Tumawag sa {phone}",
  "Libreng helpline: {phone}"
 ],
 "vi": [
  "Trò chuyện",
  "Thoát ngay",
  "Viết ở đây",
  "Lúc này cuộc trò chuyện chưa mở được.",
  "Thử lại",
  "Đang gặp nguy hiểm? Gọi {phone}",
  "Đường dây trợ giúp miễn phí: {phone}"
 ],
 "zh_Hans": [
  "聊天",
  "马上离开",
  "在这里写",
  "聊天现在打不开。",
  "再试一次",
  "现在有危险？请打 {phone}",
  "免费热线：{phone}"
 ]
};
