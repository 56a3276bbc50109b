/** Whether a choice answers a question; the others ('/skip_question') only steer the chat. */
export const isAnswer = (id) => id.startsWith('/answer');
