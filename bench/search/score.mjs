import { readFileSync } from "node:fs";
import path from "node:path";

// Questions about the published files of ../../../shared/corpus, which is no part of the project: they name requests alone.
// The weights of the search were chosen by those for tuning and of agents, and not by those that are held out.

export const questions = JSON.parse(readFileSync(path.join(import.meta.dirname, "questions.json"), "utf8"));

export function scoreOf(asked, find) {
  const score = { first: 0, three: 0, ten: 0 };
  for (const { question, answers } of asked) {
    const place = find(question).findIndex(request => answers.includes(request));
    if (place === 0) score.first++;
    if (place >= 0 && place < 3) score.three++;
    if (place >= 0 && place < 10) score.ten++;
  }
  return score;
}
