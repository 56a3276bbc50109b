"""What is said in every measurement: the same buttons and the same typed messages on both sides.

All invented. None is a training example, so nothing can be known by heart.
"""

from __future__ import annotations

from typing import Final

BUTTONS: Final = (
    "/start_self",
    '/answer{"safe_to_talk":"yes"}',
    '/answer{"feels_safe":"no"}',
    '/answer{"made_to_do":"yes"}',
    '/answer{"hours":"over_12"}',
    '/answer{"is_paid":"some"}',
    '/answer{"bank_access":"no"}',
    '/answer{"someone_to_call":"nobody"}',
    '/answer{"situation":"told"}',
    "/keep_summary",
)
"""One conversation of clicks: the seven questions, what was understood, and the help."""

TYPED: Final = (
    (
        "hello, is anybody reading this",
        "my cousin works in a car wash and sleeps in a caravan behind it",
        "They took my passport the day I arrived and say I still owe for the flight.",
        "who can see what i write here",
        "we pick from five in the morning until it is dark and get twenty pounds",
        "what happens if I call the police",
        "I am not allowed out alone. The door is locked at night.",
        "is there something near Leeds",
    ),
    (
        "buenas, necesito hablar con alguien",
        "limpio casas todos los días y la señora guarda mi sueldo",
        "Me dijeron que si me voy van a buscar a mi familia.",
        "cuánto cuesta llamar a ese número",
        "mi vecina no sale nunca y parece tener miedo del hombre que la trae",
        "no tengo papeles, me van a deportar",
        "Trabajo catorce horas. No me dejan descansar.",
        "no sé",
    ),
    (
        "مرحبا هل من أحد هنا",
        "أعمل في مطعم ولا يعطونني أجري منذ ثلاثة أشهر",
        "أخذ صاحب العمل جواز سفري وهاتفي.",
        "هل تعرفون اسمي",
        "ننام عشرة في غرفة واحدة والباب مقفل",
        "ماذا يحدث إذا اتصلت بكم",
        "يقول إن علي دينا كبيرا. لا أعرف كم بقي منه.",
        "شكرا",
    ),
)
"""Three conversations, in English, Spanish and Arabic: four to fifteen words a message."""
