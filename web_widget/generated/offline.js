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
 },
 {
  "code": "fa",
  "name": "فارسی",
  "dir": "rtl"
 },
 {
  "code": "fr",
  "name": "Français",
  "dir": "ltr"
 },
 {
  "code": "hi",
  "name": "हिन्दी",
  "dir": "ltr"
 },
 {
  "code": "pl",
  "name": "Polski",
  "dir": "ltr"
 },
 {
  "code": "pt",
  "name": "Português",
  "dir": "ltr"
 },
 {
  "code": "ro",
  "name": "Română",
  "dir": "ltr"
 },
 {
  "code": "so",
  "name": "Soomaali",
  "dir": "ltr"
 },
 {
  "code": "sq",
  "name": "Shqip",
  "dir": "ltr"
 },
 {
  "code": "th",
  "name": "ไทย",
  "dir": "ltr"
 },
 {
  "code": "ti",
  "name": "ትግርኛ",
  "dir": "ltr"
 },
 {
  "code": "tl",
  "name": "Filipino",
  "dir": "ltr"
 },
 {
  "code": "vi",
  "name": "Tiếng Việt",
  "dir": "ltr"
 },
 {
  "code": "zh_Hans",
  "name": "中文 (简体)",
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
  "exit": "الخروج الآن",
  "exit_loading": "جارٍ التحميل",
  "message_label": "يمكنك الكتابة هنا",
  "start_failed": "لا يمكن بدء المحادثة الآن. ما زال بإمكانك الاتصال بهذه الأرقام.",
  "open_page": "فتح المحادثة في صفحتها الخاصة",
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
  "open_page": "Open the chat on its own page",
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
  "print_summary": "Print summary",
  "summary_title": "Summary",
  "summary_note": "This was made on this device from what was chosen. Waymark does not keep it or send it.",
  "summary_empty": "Nothing has been chosen yet."
 },
 "es": {
  "close": "Cerrar",
  "language": "Idioma",
  "numbers": "Teléfonos",
  "exit": "Salir ya",
  "exit_loading": "Cargando",
  "message_label": "Escribe aquí",
  "start_failed": "El chat no puede empezar ahora. De todos modos puedes llamar a estos números.",
  "open_page": "Abrir el chat en su propia página",
  "retry": "Probar otra vez",
  "offline_emergency": "¿En peligro ahora? Llama al {phone}",
  "offline_helpline": "Línea de ayuda gratuita: {phone}"
 },
 "fa": {
  "launcher": "گفتگو",
  "close": "بستن",
  "language": "زبان",
  "numbers": "شماره‌های تلفن",
  "exit": "خروج فوری",
  "exit_loading": "در حال بارگذاری",
  "message_label": "اینجا بنویسید",
  "start_failed": "گفتگو همین حالا نمی‌تواند شروع شود. هنوز می‌توانید به این شماره‌ها زنگ بزنید.",
  "open_page": "باز کردن گفتگو در صفحه‌ی خودش",
  "retry": "دوباره امتحان کنید",
  "offline_emergency": "همین حالا در خطر هستید؟ به {phone} زنگ بزنید",
  "offline_helpline": "خط کمک رایگان: {phone}"
 },
 "fr": {
  "launcher": "Conversation",
  "close": "Fermer",
  "language": "Langue",
  "numbers": "Numéros de téléphone",
  "exit": "Quitter maintenant",
  "exit_loading": "Chargement",
  "message_label": "Écrivez ici",
  "start_failed": "La conversation ne peut pas commencer pour le moment. Vous pouvez quand même appeler ces numéros.",
  "open_page": "Ouvrir la conversation sur sa propre page",
  "retry": "Essayer encore",
  "offline_emergency": "En danger maintenant ? Appelez le {phone}",
  "offline_helpline": "Ligne d’aide gratuite : {phone}"
 },
 "hi": {
  "launcher": "चैट",
  "close": "बंद करें",
  "language": "भाषा",
  "numbers": "फ़ोन नंबर",
  "exit": "अभी निकलें",
  "exit_loading": "लोड हो रहा है",
  "message_label": "यहाँ लिखें",
  "start_failed": "चैट अभी शुरू नहीं हो पा रही है। इन नंबरों पर फिर भी कॉल किया जा सकता है।",
  "open_page": "चैट को उसके अपने पेज पर खोलें",
  "retry": "फिर कोशिश करें",
  "offline_emergency": "अभी खतरे में हैं? {phone} पर कॉल करें",
  "offline_helpline": "मुफ़्त हेल्पलाइन: {phone}"
 },
 "pl": {
  "launcher": "Czat",
  "close": "Zamknij",
  "language": "Język",
  "numbers": "Numery telefonów",
  "exit": "Wyjdź teraz",
  "exit_loading": "Wczytywanie",
  "message_label": "Napisz tutaj",
  "start_failed": "Czat nie może się teraz zacząć. Nadal możesz zadzwonić pod te numery.",
  "open_page": "Otwórz czat na jego własnej stronie",
  "retry": "Spróbuj jeszcze raz",
  "offline_emergency": "Niebezpieczeństwo teraz? Zadzwoń pod {phone}",
  "offline_helpline": "Bezpłatna linia pomocy: {phone}"
 },
 "pt": {
  "launcher": "Conversa",
  "close": "Fechar",
  "language": "Língua",
  "numbers": "Números de telefone",
  "exit": "Sair agora",
  "exit_loading": "Carregando",
  "message_label": "Escreva aqui",
  "start_failed": "A conversa não pode começar agora. Você ainda pode ligar para estes números.",
  "open_page": "Abrir a conversa em outra página",
  "retry": "Tentar de novo",
  "offline_emergency": "Em perigo agora? Ligue para {phone}",
  "offline_helpline": "Linha de ajuda grátis: {phone}"
 },
 "ro": {
  "close": "Închide",
  "language": "Limba",
  "numbers": "Numere de telefon",
  "exit": "Ieși acum",
  "exit_loading": "Se încarcă",
  "message_label": "Scrie aici",
  "start_failed": "Conversația nu poate începe acum. Poți totuși suna la aceste numere.",
  "open_page": "Deschide conversația pe pagina ei",
  "retry": "Încearcă din nou",
  "offline_emergency": "În pericol acum? Sună la {phone}",
  "offline_helpline": "Linie gratuită de ajutor: {phone}"
 },
 "so": {
  "launcher": "Wadahadal",
  "close": "Xir",
  "language": "Luqadda",
  "numbers": "Nambarrada telefoonka",
  "exit": "Hadda ka bax",
  "exit_loading": "Waa soo furmayaa",
  "message_label": "Halkan wax ku qor",
  "start_failed": "Wadahadalku hadda ma bilaabmi karo. Nambarradan weli waad wici kartaa.",
  "open_page": "Wadahadalka ka fur boggiisa gaarka ah",
  "retry": "Mar kale isku day",
  "offline_emergency": "Hadda khatar ma ku jirtaa? Wac {phone}",
  "offline_helpline": "Khadka caawimada ee bilaashka ah: {phone}"
 },
 "sq": {
  "launcher": "Bisedë",
  "close": "Mbyll",
  "language": "Gjuha",
  "numbers": "Numrat e telefonit",
  "exit": "Dil tani",
  "exit_loading": "Po ngarkohet",
  "message_label": "Shkruani këtu",
  "start_failed": "Biseda nuk mund të fillojë tani. Këta numra mund t'i telefononi gjithsesi.",
  "open_page": "Hape bisedën në faqen e saj",
  "retry": "Provo përsëri",
  "offline_emergency": "Në rrezik tani? Telefononi {phone}",
  "offline_helpline": "Linjë falas ndihme: {phone}"
 },
 "th": {
  "launcher": "แชต",
  "close": "ปิด",
  "language": "ภาษา",
  "numbers": "เบอร์โทร",
  "exit": "ออกทันที",
  "exit_loading": "กำลังโหลด",
  "message_label": "เขียนที่นี่ได้เลย",
  "start_failed": "ตอนนี้แชตยังเริ่มไม่ได้ คุณยังโทรเบอร์เหล่านี้ได้",
  "open_page": "เปิดแชตในหน้าของแชตเอง",
  "retry": "ลองอีกครั้ง",
  "offline_emergency": "อยู่ในอันตรายตอนนี้ไหม โทร {phone}",
  "offline_helpline": "สายช่วยเหลือโทรฟรี: {phone}"
 },
 "ti": {
  "launcher": "ዕላል",
  "close": "ዕጸዉ",
  "language": "ቋንቋ",
  "numbers": "ቁጽርታት ስልኪ",
  "exit": "ሕጂ ውጽኡ",
  "exit_loading": "ይኽፈት ኣሎ",
  "message_label": "ኣብዚ ጽሓፉ",
  "start_failed": "እቲ ዕላል ሕጂ ክጅምር ኣይከኣለን። ናብዞም ቁጽርታት ግን ክትድውሉ ትኽእሉ።",
  "open_page": "ነቲ ዕላል ኣብ ናቱ ገጽ ክፈቱ",
  "retry": "ደጊምኩም ፈትኑ",
  "offline_emergency": "ሕጂ ኣብ ሓደጋ ኣለኹም ዶ? ናብ {phone} ደውሉ",
  "offline_helpline": "ብናጻ መስመር ሓገዝ፦ {phone}"
 },
 "tl": {
  "close": "Isara",
  "language": "Wika",
  "numbers": "Mga numero ng telepono",
  "exit": "Umalis ngayon",
  "exit_loading": "Naglo-load",
  "message_label": "Magsulat dito",
  "start_failed": "Hindi masimulan ang chat ngayon. Puwede ka pa ring tumawag sa mga numerong ito.",
  "open_page": "Buksan ang chat sa sarili nitong page",
  "retry": "Subukan ulit",
  "offline_emergency": "Nasa panganib ngayon? Tumawag sa {phone}",
  "offline_helpline": "Libreng helpline: {phone}"
 },
 "vi": {
  "launcher": "Trò chuyện",
  "close": "Đóng",
  "language": "Ngôn ngữ",
  "numbers": "Số điện thoại",
  "exit": "Thoát ngay",
  "exit_loading": "Đang tải",
  "message_label": "Viết ở đây",
  "start_failed": "Lúc này cuộc trò chuyện chưa mở được. Bạn vẫn có thể gọi những số này.",
  "open_page": "Mở cuộc trò chuyện ở trang riêng",
  "retry": "Thử lại",
  "offline_emergency": "Đang gặp nguy hiểm? Gọi {phone}",
  "offline_helpline": "Đường dây trợ giúp miễn phí: {phone}"
 },
 "zh_Hans": {
  "launcher": "聊天",
  "close": "关闭",
  "language": "语言",
  "numbers": "电话号码",
  "exit": "马上离开",
  "exit_loading": "正在加载",
  "message_label": "在这里写",
  "start_failed": "聊天现在打不开。你还是可以打这些电话。",
  "open_page": "在单独的页面打开聊天",
  "retry": "再试一次",
  "offline_emergency": "现在有危险？请打 {phone}",
  "offline_helpline": "免费热线：{phone}"
 }
};
