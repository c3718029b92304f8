// What decides an answer, as one digest: two questions with the same key are the same question.


